"""What was promised to be sent: written with the change it tells of, sent after it."""
