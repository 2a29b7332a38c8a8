"""The web pages of a room, one blueprint a file."""
