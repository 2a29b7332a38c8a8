"""What an analysis process does with one frame, and which detectors are due."""
