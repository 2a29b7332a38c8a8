"""What Engine.IO asks for a WebSocket in either async mode: the handshake, then one FastPathSocket until it is over."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any

from transport import handshake
from transport.fast_path_socket import FastPathSocket
from transport.wire import GONE, Wire


class WebSocketApp(ABC):
    """One WebSocket request; made by Engine.IO with its handler, a method of the connection that it belongs to."""

    def __init__(self, handler: Callable[[Any], object], server: Any, *, kernels: Any, logger: logging.Logger) -> None:
        self._handler = handler
        self._limit = int(server.max_http_buffer_size)
        self._kernels = kernels
        self._logger = logger

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one connection until it is over."""
        try:
            answer = handshake.answer_to(environ)
        except handshake.Refused as refused:
            start_response(refused.status, refused.headers)
            return [b""]
        sock = self._socket_of(environ)
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        sock.sendall(answer)
        self._serve(self._wire(sock))
        return self._after(environ)

    def _serve(self, wire: Wire) -> None:
        owner: Any = self._handler.__self__  # type: ignore[attr-defined]  # a method, as Engine.IO makes it
        made = owner.fast_path_socket = FastPathSocket(wire, owner, self._kernels, self._limit, self._logger)
        try:
            self._handler(made)
        except OSError as error:
            if error.errno not in GONE:
                raise
        finally:
            made.close()
            made.let_go()

    @abstractmethod
    def _socket_of(self, environ: dict[str, Any]) -> Any:
        """Return the socket that the request came by."""

    @abstractmethod
    def _wire(self, sock: Any) -> Wire:
        """Return how to read and write it from now on."""

    @abstractmethod
    def _after(self, environ: dict[str, Any]) -> Iterable[bytes]:
        """Return what tells the HTTP server that it has nothing to answer."""
