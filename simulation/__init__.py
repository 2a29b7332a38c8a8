"""Simulated students, phones and rooms, for the demonstration, capacity, benchmarks and tests."""
