"""What people's own calendars are told of meetings, and what they answer."""
