"""The listening socket and the server around it, one function for each async mode."""

import contextlib
import logging
import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import eventlet
import eventlet.hubs
import eventlet.wsgi
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from settings import Settings

MOST_CONNECTIONS = 4096
BACKLOG = 512
REQUEST_S = 30.0
"""Until the head of a request is here: connections that say nothing must not take every place."""

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


def serve_eventlet(app: Flask, listener: socket.socket, certificate: Certificate) -> None:
    """Serve until stopped, one greenlet a connection."""
    if certificate:
        listener = eventlet.wrap_ssl(
            listener, certfile=str(certificate[0]), keyfile=str(certificate[1]), server_side=True
        )
    pool = _Connections(MOST_CONNECTIONS)
    # debug would send tracebacks to whoever caused them
    eventlet.wsgi.server(
        listener, app, custom_pool=pool, protocol=_Protocol, log=_Quiet(), log_output=False, debug=False
    )


def serve_threading(app: Flask, listener: socket.socket, certificate: Certificate) -> None:
    """Serve until stopped, one thread a connection."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(certificate[0]), str(certificate[1]))
    host, port = listener.getsockname()[:2]
    server = make_server(
        host, port, app, threaded=True, ssl_context=context, fd=listener.fileno(), request_handler=_QuietHandler
    )
    if isinstance(server.socket, ssl.SSLSocket):
        # the first read shakes hands, in the connection's own thread: who connects and says nothing holds up nobody
        server.socket.do_handshake_on_connect = False  # type: ignore[attr-defined]  # typeshed lacks it
    server.serve_forever()


Serve = Callable[[Flask, socket.socket, Certificate], None]
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


class _Connections(eventlet.GreenPool):
    """The greenlets of all connections; a server that ends does not wait until the last student has gone home."""

    def waitall(self) -> None:
        """Wait for nobody."""


class _Quiet:
    """What eventlet's server writes its own lines to: only trouble is told."""

    def write(self, text: str) -> None:
        if "Traceback" in text or "Error" in text:
            logger.error("%s", text.rstrip())


class _Protocol(eventlet.wsgi.HttpProtocol):
    """HTTP over connections that may break at any moment."""

    def handle(self) -> None:
        """Serve the connection's requests; a browser that does not trust our certificate hangs up, and that is all."""
        try:
            super().handle()
        except (ssl.SSLError, ConnectionError) as error:
            logger.debug("a connection broke off: %s", error)

    def parse_request(self) -> bool:
        """Read the headers of a request, or hang up on who takes for ever to say them."""
        with eventlet.Timeout(REQUEST_S, ConnectionAbortedError("the headers did not come")):
            return bool(super().parse_request())

    def _read_request_line(self) -> Any:
        with eventlet.Timeout(REQUEST_S, ConnectionAbortedError("no request came")):
            return super()._read_request_line()


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Serve the connection's request, or hang up on who says nothing for long."""
        self.connection.settimeout(REQUEST_S)
        super().handle()

    def run_wsgi(self) -> None:
        """Answer one request; what follows the end of a WebSocket is none."""
        self.connection.settimeout(None)
        super().run_wsgi()
        self.close_connection = True

    def log_request(self, *_args: Any, **_more: Any) -> None:
        """Say nothing of ordinary requests: server.log is for people."""

    def log_error(self, format: str, *args: Any) -> None:
        """Say nothing of what is no request either: strangers must not fill server.log."""
        logger.debug(format, *args)
