"""The door to Slack: payloads come in here, replies and messages go out."""
