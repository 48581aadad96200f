"""The project office inside a team's Slack."""
