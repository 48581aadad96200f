"""How fast the bot is, measured against bare servers that do as little as can be done."""
