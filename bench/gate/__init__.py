"""The gate before the heavy detectors, against others."""
