"""Messages between teachers and students: kept once, then sent."""
