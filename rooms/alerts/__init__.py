"""Alerts between detection and teachers: kept, sent, weighed, put together into incidents."""
