"""What leaves the web process: jobs for other processes, and what people are told outside the page."""
