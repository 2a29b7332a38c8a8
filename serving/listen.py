"""The listening socket, and which server serves on it."""

import socket
from importlib import import_module
from typing import Any

from settings import Settings

BACKLOG = 512
SERVERS = {"eventlet": "transport.green.server", "threading": "transport.threads.server"}
"""By async mode; one is imported, so that a server on threads needs no eventlet."""


def open_socket(settings: Settings) -> socket.socket:
    """Return a bound, listening socket that sends at once: Nagle costs 20 ms at the 95th percentile."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets inherit it
    listener.bind((settings.host, settings.port))
    listener.listen(BACKLOG)
    return listener


def server_of(async_mode: str) -> Any:
    """Return the module that serves in this mode: its `serve` until stopped, its `stopper` for the signals."""
    return import_module(SERVERS[async_mode])
