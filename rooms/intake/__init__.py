"""What participants send, frames and readings: checked, paced, handed over, and shown as levels."""
