"""The HTTP server of the eventlet mode."""

import contextlib
import logging
import socket
import ssl
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import eventlet
import eventlet.hubs
import eventlet.wsgi

from transport.accept_errors import Certificate, after_failed_accept
from transport.connections import Connections
from transport.timeouts import REQUEST_S, Timeouts, patient

TURN = 16
"""Connections accepted in a row before the others of this process have their turn."""
BROKEN_OFF = (ssl.SSLError, ConnectionError, TimeoutError)
"""How a connection ends that its client, or the network, has given up."""

Handler = Callable[[int, FrameType | None], None]
logger = logging.getLogger(__name__)


def serve(app: Any, listener: Any, certificate: Certificate, connections: Connections) -> None:
    """Serve until stopped, one greenlet a connection."""
    if certificate:
        listener = eventlet.wrap_ssl(
            listener, certfile=str(certificate[0]), keyfile=str(certificate[1]), server_side=True
        )
    eventlet.wsgi.server(
        _Listener(listener, connections),
        app,
        custom_pool=_Pool(connections),
        protocol=partial(_Protocol, connections),
        log=_Quiet(),
        log_format="",  # of ordinary requests; without any output eventlet tells of no mistake either
        socket_timeout=REQUEST_S,  # for a client that does not read its answer
        debug=False,  # else tracebacks go to whoever caused them
    )


def stopper() -> Handler:
    """Return the signal handler that ends the server of this greenlet, whichever greenlet the signal meets."""
    # An exit raised where the signal happens to come would be lost in a connection's greenlet, because libraries
    # catch everything around their handlers, and would leave waiting greenlets behind in the hub's own.
    server, (reader, writer) = eventlet.getcurrent(), socket.socketpair()

    def end_server() -> None:
        reader.recv(1)
        eventlet.hubs.get_hub().schedule_call_global(0, server.throw, SystemExit)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # A second signal finds the reader gone: the end is on its way.
        with contextlib.suppress(OSError):
            writer.sendall(b"!")

    eventlet.spawn(end_server)
    return stop


class _Listener:
    """The listening socket as eventlet's server sees it, which takes an error of one connection for the end of all."""

    def __init__(self, listener: Any, connections: Connections) -> None:
        self._listener, self._connections = listener, connections
        self._accepted = 0

    def accept(self) -> tuple[Any, Any]:
        """Return the next connection, whatever became of others."""
        while True:
            self._accepted += 1
            if not self._accepted % TURN:
                eventlet.sleep(0)
            try:
                accepted: tuple[Any, Any] = self._listener.accept()
            except OSError as error:
                after_failed_accept(error, self._connections, eventlet.sleep)
            else:
                return accepted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._listener, name)


class _Pool(eventlet.GreenPool):
    """The greenlets of all connections; a server that ends does not wait until the last student has gone home."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections.most + connections.most // 2)  # who was let go is still on the way out
        self._connections = connections

    def spawn(self, serve: Callable[[Any], object], connection: list[Any]) -> Any:
        """Serve a connection of eventlet's server: [address, socket, state]."""
        # Where there is no place its greenlet has nothing to do, and the server hangs up when it is over.
        is_in = self._connections.enter(connection[1], connection[0][0])
        return super().spawn(self._serve if is_in else _refuse, serve, connection)

    def _serve(self, serve: Callable[[Any], object], connection: list[Any]) -> None:
        try:
            serve(connection)
        finally:
            self._connections.leave(connection[1])

    def waitall(self) -> None:
        """Wait for nobody."""


def _refuse(_serve: Callable[[Any], object], _connection: list[Any]) -> None:
    """Do nothing for a connection that has no place."""


class _Quiet:
    """What eventlet's server writes its own lines to: only a mistake of ours is told, no client that hung up."""

    def write(self, text: str) -> None:
        if text.startswith("Traceback") and not isinstance(sys.exc_info()[1], BROKEN_OFF):
            logger.error("%s", text.rstrip())


class _Protocol(eventlet.wsgi.HttpProtocol):
    """HTTP over connections that may break at any moment, or be slow on purpose."""

    def __init__(self, connections: Connections, conn_state: list[Any], server: Any) -> None:
        self._connections, self._timeouts = connections, Timeouts()
        try:
            super().__init__(conn_state, server)
        finally:
            self.__dict__.clear()  # the environment refers back to this: broken here, all of it goes at once

    rfile: Any

    def setup(self) -> None:
        """Read with timeouts."""
        super().setup()
        self.rfile = patient(self.rfile, self.connection, self._connections, self._timeouts)

    def handle(self) -> None:
        """Serve the connection's requests; a browser that does not trust our certificate hangs up, and that is all."""
        try:
            super().handle()
        except BROKEN_OFF as error:
            logger.debug("a connection broke off: %s", error)

    def parse_request(self) -> bool:
        """Read the head of a request; its body is read later."""
        is_one = bool(super().parse_request())
        self._timeouts.for_body()
        return is_one

    def _read_request_line(self) -> Any:
        self._timeouts.for_head()
        return super()._read_request_line()
