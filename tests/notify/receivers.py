"""Servers that take what is sent to them: a mail server, and one that stands for webhooks and push services."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope


@dataclass
class Receiver:
    """What an HTTP server was sent, and what it answers."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    """The next ones; after them 204."""
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Path, headers and body of each request."""

    def url(self, path: str = "/hook") -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def http_receiver(*answers: int, port: int = 0) -> Iterator[Receiver]:
    """Run an HTTP server."""
    receiver = Receiver(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.taken.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """A port at which nobody listens now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Mailbox:
    """What a mail server took; `refuse` is its answer to a recipient, where it is not to take it."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refuse = ""
        self.logged_in: list[str] = []

    def content(self, number: int = 0) -> bytes:
        """What one mail holds."""
        content = self.taken[number].content
        assert isinstance(content, bytes)
        return content

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 taken"

    def allow(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        """Let in whoever has the password `right`."""
        self.logged_in.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def mail_receiver(with_log_in: bool = False, port: int = 0) -> Iterator[tuple[Mailbox, int]]:
    """Run a mail server; gives what it takes and its port."""
    mailbox = Mailbox()
    options: dict[str, Any] = {"authenticator": mailbox.allow, "auth_require_tls": False} if with_log_in else {}
    port = port or free_port()  # the controller knocks at the port that it was told
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()
