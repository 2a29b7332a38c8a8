"""Who looks and listens: our pipeline, and others on the same pictures and sound."""
