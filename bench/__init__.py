"""Benchmarks, simulated people, and the demonstration room."""
