"""WebSockets and HTTP on eventlet, one greenlet a connection; the only place that imports eventlet's parts."""
