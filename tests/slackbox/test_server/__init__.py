"""The server of the workspace in a box, used as apps and people use it."""
