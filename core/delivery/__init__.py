"""What the web process and the process of jobs both know: notices, and how work goes on that was tried."""
