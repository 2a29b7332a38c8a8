"""The phone on the arm: windows of motion, the model, its training and recordings."""
