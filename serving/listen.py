"""The listening socket and the server around it, one function for each async mode."""

import contextlib
import errno
import logging
import socket
import ssl
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import eventlet
import eventlet.hubs
import eventlet.wsgi
from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from settings import Settings
from transport.connections import Connections
from transport.timeouts import REQUEST_S, Timeouts, patient

BACKLOG = 512
TURN = 16
"""Connections accepted in a row before the others of this process have their turn."""
PAUSE_S = 0.05
LISTENER_GONE = {errno.EBADF, errno.EINVAL, errno.ENOTSOCK, errno.EOPNOTSUPP}
"""Errors of accept() that mean the listening socket; any other is that of one connection, or passes."""
WEBSOCKETS = "/socket.io/"
OUT_OF_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

logger = logging.getLogger(__name__)


def open_socket(settings: Settings) -> socket.socket:
    """Return a bound, listening socket that sends at once: Nagle costs 20 ms at the 95th percentile."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets inherit it
    listener.bind((settings.host, settings.port))
    listener.listen(BACKLOG)
    return listener


Certificate = tuple[Path, Path] | None


def serve_eventlet(app: Flask, listener: socket.socket, certificate: Certificate, connections: Connections) -> None:
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
        log_output=False,
        socket_timeout=REQUEST_S,  # for a client that does not read its answer
        debug=False,  # else tracebacks go to whoever caused them
    )


def serve_threading(app: Flask, listener: socket.socket, certificate: Certificate, connections: Connections) -> None:
    """Serve until stopped, one thread a connection."""
    threaded_server(app, listener, certificate, connections).serve_forever()


def threaded_server(
    app: Flask, listener: socket.socket, certificate: Certificate, connections: Connections
) -> ThreadedWSGIServer:
    """Return the server of the threading mode."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(certificate[0]), str(certificate[1]))
    host, port = listener.getsockname()[:2]
    server = _ThreadedServer(host, port, app, _QuietHandler, ssl_context=context, fd=listener.fileno())
    server.connections = connections
    if isinstance(server.socket, ssl.SSLSocket):
        # the first read shakes hands, in the connection's own thread: who connects and says nothing holds up nobody
        server.socket.do_handshake_on_connect = False  # type: ignore[attr-defined]  # typeshed lacks it
    return server


Serve = Callable[[Flask, socket.socket, Certificate, Connections], None]
SERVERS: dict[str, Serve] = {"eventlet": serve_eventlet, "threading": serve_threading}

Handler = Callable[[int, FrameType | None], None]


def eventlet_stopper() -> Handler:
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


def threading_stopper() -> Handler:
    """Return the signal handler that ends the server: signals come to the main thread, which serves."""
    return lambda _signal, _frame: sys.exit(0)


STOPPERS: dict[str, Callable[[], Handler]] = {"eventlet": eventlet_stopper, "threading": threading_stopper}


def after_failed_accept(error: OSError, connections: Connections, sleep: Callable[[float], object]) -> None:
    """Get over an error of accept(): raise it when nobody can be accepted any more, else wait where that helps."""
    if error.errno in LISTENER_GONE:
        raise error
    if error.errno in OUT_OF_FILES:
        connections.let_one_go()
        sleep(PAUSE_S)
    logger.debug("a connection was not accepted: %s", error)


# ------------------------------------------------------------------------------------ eventlet


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
    """What eventlet's server writes its own lines to: only trouble is told."""

    def write(self, text: str) -> None:
        if "Traceback" in text or "Error" in text:
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
        except (ssl.SSLError, ConnectionError, TimeoutError) as error:
            logger.debug("a connection broke off: %s", error)

    def parse_request(self) -> bool:
        """Read the head of a request; its body is read later."""
        is_one = bool(super().parse_request())
        self._timeouts.for_body()
        return is_one

    def _read_request_line(self) -> Any:
        self._timeouts.for_head()
        return super()._read_request_line()


# ------------------------------------------------------------------------------------ threading


class _ThreadedServer(ThreadedWSGIServer):
    connections: Connections

    def get_request(self) -> tuple[Any, Any]:
        """Return the next connection; of an OSError the serving loop makes nothing."""
        try:
            return super().get_request()
        except OSError as error:
            after_failed_accept(error, self.connections, time.sleep)
            raise

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Say whether there is a place for a connection."""
        return self.connections.enter(request, client_address[0])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start the connection's thread; where the system gives no more of them, somebody must go first."""
        try:
            super().process_request(request, client_address)
        except RuntimeError:
            self.connections.let_one_go()
            raise

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        self.connections.leave(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say little of what broke with one connection, such as a thread that could not be started."""
        logger.warning("a connection could not be served: %s", sys.exc_info()[1])


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _ThreadedServer

    def setup(self) -> None:
        """Read with timeouts."""
        super().setup()
        self._timeouts = Timeouts()
        self.rfile = patient(self.rfile, self.connection, self.server.connections, self._timeouts)

    def handle(self) -> None:
        """Serve the connection's request, or hang up on who takes for ever to say it or to hear the answer."""
        self.connection.settimeout(REQUEST_S)
        super().handle()

    def run_wsgi(self) -> None:
        """Answer one request; what follows the end of a WebSocket is none."""
        self._timeouts.for_body()
        if self.path.startswith(WEBSOCKETS):
            self.connection.settimeout(None)  # Engine.IO has its own idea of how long a client may be silent
        super().run_wsgi()
        self.close_connection = True

    def log_request(self, *_args: Any, **_more: Any) -> None:
        """Say nothing of ordinary requests: server.log is for people."""

    def log_error(self, format: str, *args: Any) -> None:
        """Say nothing of what is no request either: strangers must not fill server.log."""
        logger.debug(format, *args)
