"""Alerts between detection and teachers: kept, sent, weighed, muted."""
