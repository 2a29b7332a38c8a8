"""The HTTP server of the threading mode."""

import logging
import socket
import ssl
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from transport.accept_errors import Certificate, after_failed_accept
from transport.connections import Connections
from transport.timeouts import REQUEST_S, Timeouts, patient

WEBSOCKETS = "/socket.io/"

Handler = Callable[[int, FrameType | None], None]
logger = logging.getLogger(__name__)


def serve(app: Any, listener: socket.socket, certificate: Certificate, connections: Connections) -> None:
    """Serve until stopped, one thread a connection."""
    threaded_server(app, listener, certificate, connections).serve_forever()


def threaded_server(
    app: Any, listener: socket.socket, certificate: Certificate, connections: Connections
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


def stopper() -> Handler:
    """Return the signal handler that ends the server: signals come to the main thread, which serves."""
    return lambda _signal, _frame: sys.exit(0)


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
