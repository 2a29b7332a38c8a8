"""Connections that never finish a request give their place back, and no failed accept() ends a server."""

from __future__ import annotations

import errno
import logging
import socket
import threading

import eventlet
import pytest
from flask import Flask, request

from core.clock import SystemClock
from core.event_log import EventLog
from transport import accept_errors, timeouts
from transport.connections import Connections
from transport.green import server as green
from transport.threads.server import threaded_server

SLOW = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 50\r\n\r\n"
UNFINISHED = [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ", SLOW, SLOW + b"x" * 49]


def places() -> Connections:
    return Connections(50, 50, SystemClock(), EventLog(logging.getLogger("test")))


def reading() -> Flask:
    """An application that wants to know what it is told."""
    app = Flask("reading")
    app.add_url_rule("/", view_func=lambda: str(len(request.get_data())), methods=["GET", "POST"])
    return app


def hear_out(browser: socket.socket) -> bytes:
    """Read until the server hangs up."""
    heard = b""
    while more := browser.recv(1000):
        heard += more
    return heard


@pytest.mark.parametrize("said", UNFINISHED)
def test_who_does_not_finish_a_request_is_hung_up_on(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "REQUEST_S", 0.2)
    listener, connections = eventlet.listen(("127.0.0.1", 0)), places()
    server = eventlet.spawn(green.serve, reading(), listener, None, connections)
    browser = eventlet.connect(listener.getsockname())
    try:
        browser.sendall(said)
        with eventlet.Timeout(10):
            answer = hear_out(browser)
        assert answer[:12] == (b"HTTP/1.1 400" if said.startswith(SLOW) else b"")
        assert connections.figures().open == 0
    finally:
        browser.close()
        server.kill()
        listener.close()


@pytest.mark.parametrize("said", UNFINISHED)
def test_nor_does_he_keep_a_thread(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "REQUEST_S", 0.2)
    connections = places()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threaded_server(reading(), listener, None, connections)
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            with socket.create_connection(listener.getsockname(), timeout=10) as browser:
                browser.sendall(said)
                answer = hear_out(browser)
        finally:
            server.shutdown()
            serving.join()
    assert answer[:12] == (b"HTTP/1.1 400" if said.startswith(SLOW) else b"")


class Broken:
    """A listening socket whose accept() fails in these ways before it works."""

    def __init__(self, *numbers: int) -> None:
        self.errors = [OSError(number, "as the system would") for number in numbers]

    def accept(self) -> tuple[str, str]:
        if self.errors:
            raise self.errors.pop(0)
        return "connection", "address"


@pytest.mark.parametrize(
    "number",
    [errno.ECONNRESET, errno.ECONNABORTED, errno.ENOTCONN, errno.EPIPE, errno.ESHUTDOWN, errno.EPROTO, errno.EPERM],
)
def test_a_connection_that_is_gone_before_it_is_accepted_ends_nothing(number: int) -> None:
    assert green._Listener(Broken(number), places()).accept() == ("connection", "address")


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_when_files_run_out_somebody_who_says_nothing_makes_room(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept_errors, "PAUSE_S", 0)
    connections = places()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connections.enter(ours, "10.0.0.1")
        assert green._Listener(Broken(number), connections).accept() == ("connection", "address")
        theirs.settimeout(10)
        assert theirs.recv(1) == b""


@pytest.mark.parametrize("number", [errno.EBADF, errno.EINVAL])
def test_a_listening_socket_that_is_closed_is_the_end(number: int) -> None:
    with pytest.raises(OSError, match="as the system would"):
        green._Listener(Broken(number), places()).accept()
