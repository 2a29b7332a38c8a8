"""How right the detectors are on labelled pictures and clips: `python -m evaluation`."""
