"""Puts our WebSocket in the place of eventlet's, each part as far as it passes its test."""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from queue import Queue
from typing import Any

from engineio.async_drivers import eventlet as driver
from eventlet import wsgi
from eventlet.greenio import GreenSocket
from eventlet.websocket import RFC6455WebSocket

from transport.green.wire import GreenWire
from transport.websocket_app import WebSocketApp

STOCK = "eventlet"


class GreenWebSocket(WebSocketApp):
    """A WebSocket on eventlet's HTTP server."""

    def _socket_of(self, environ: dict[str, Any]) -> Any:
        return environ["eventlet.input"].get_socket()

    def _wire(self, sock: Any) -> GreenWire:
        return GreenWire(sock)

    def _after(self, environ: dict[str, Any]) -> Iterable[bytes]:
        wsgi.WSGI_LOCAL.already_handled = True
        return []


def use(kernels: Any, logger: logging.Logger) -> None:
    """Have Engine.IO make its WebSockets here."""
    driver._async["websocket"] = partial(GreenWebSocket, kernels=kernels, logger=logger)


def wire_and_queue(sock: Any) -> tuple[GreenWire, Any]:
    """Return what the self-test talks through."""
    return GreenWire(GreenSocket(sock)), Queue()


def mend_unmasking(unmask: Callable[..., bytes]) -> None:
    """Replace the one slow method of eventlet's own WebSocket, which serves where ours fails its test."""
    RFC6455WebSocket._apply_mask = staticmethod(partial(apply_mask, unmask))


def apply_mask(
    unmask: Callable[..., bytes], data: bytes, mask: Sequence[int], length: int | None = None, offset: int = 0
) -> bytes:
    """Do what eventlet's own method of this name does, with its arguments."""
    return unmask(data if length is None else data[:length], bytes(mask), offset)


def stock_problem() -> str | None:
    """Say what keeps us from mending eventlet's own WebSocket."""
    if not callable(getattr(RFC6455WebSocket, "_apply_mask", None)):
        return "this eventlet has no _apply_mask to replace"
    return None
