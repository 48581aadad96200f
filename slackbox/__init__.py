"""A Slack workspace in a box, for trying, developing and testing without Slack."""
