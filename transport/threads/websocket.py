"""Puts our WebSocket in the place of simple_websocket, in the mode where each connection has a thread."""

import contextlib
import logging
import ssl
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from socket import SHUT_RD, SocketType
from typing import Any

from engineio.async_drivers import threading as driver

from transport.threads.wire import ThreadWire, TlsThreadWire, WriterQueue
from transport.websocket_app import WebSocketApp

STOCK = "simple_websocket"


class Handled:
    """What a request is answered with that became a WebSocket: werkzeug takes the error for a browser that left."""

    def __iter__(self) -> Iterator[bytes]:
        raise ConnectionError("a WebSocket was served here")


class ThreadWebSocket(WebSocketApp):
    """A WebSocket on werkzeug's HTTP server."""

    def _socket_of(self, environ: dict[str, Any]) -> Any:
        return environ["werkzeug.socket"]

    def _wire(self, sock: Any) -> ThreadWire:
        return TlsThreadWire(sock) if isinstance(sock, ssl.SSLSocket) else ThreadWire(sock)

    def _after(self, environ: dict[str, Any]) -> Iterable[bytes]:
        # werkzeug reads what is left before it hangs up, however long a browser goes on
        with contextlib.suppress(OSError):
            SocketType.shutdown(environ["werkzeug.socket"], SHUT_RD)
        return Handled()


def use(kernels: Any, logger: logging.Logger) -> None:
    """Have Engine.IO make its WebSockets here, and queues whose writers can be overtaken by nobody."""
    driver._async["websocket"] = partial(ThreadWebSocket, kernels=kernels, logger=logger)
    driver._async["queue"] = WriterQueue


def wire_and_queue(sock: Any) -> tuple[ThreadWire, Any]:
    """Return what the self-test talks through."""
    return ThreadWire(sock), WriterQueue()


def mend_unmasking(unmask: Callable[..., bytes]) -> None:
    """Do nothing: simple_websocket unmasks by other means."""


def stock_problem() -> str | None:
    """Say what keeps us from mending simple_websocket; nothing is to be mended."""
    return None
