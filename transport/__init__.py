"""The WebSocket servers: the only place that knows private parts of eventlet and engineio."""
