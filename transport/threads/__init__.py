"""WebSockets and HTTP on threads, one thread a connection and one that writes to it."""
