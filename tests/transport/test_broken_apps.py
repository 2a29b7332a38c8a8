"""A mistake of ours that no handler caught is told to the log; whoever caused it learns nothing of our files."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterable
from typing import Any

import eventlet
import pytest

from core.clock import SystemClock
from core.event_log import EventLog
from transport.connections import Connections
from transport.green import server as green
from transport.threads.server import threaded_server

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


def broken(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
    """An application with a mistake."""
    raise ZeroDivisionError("our secret")


def hung_up_on(_environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
    """An application whose client is gone."""
    raise BrokenPipeError("nobody reads")


def places() -> Connections:
    return Connections(50, 50, SystemClock(), EventLog(logging.getLogger("test")))


def hear_out(browser: socket.socket) -> str:
    """Ask for a page and read until the server hangs up."""
    browser.sendall(REQUEST)
    heard = b""
    while more := browser.recv(1000):
        heard += more
    return heard.decode()


def tells_nothing(answer: str) -> bool:
    return answer.startswith("HTTP/1.1 500") and not any(
        sign in answer for sign in ("Traceback", "ZeroDivision", "our secret", ".py")
    )


def answer_of(app: Any) -> str:
    """What eventlet's server answers for an application."""
    listener = eventlet.listen(("127.0.0.1", 0))
    server = eventlet.spawn(green.serve, app, listener, None, places())
    browser = eventlet.connect(listener.getsockname())
    try:
        with eventlet.Timeout(10):
            return hear_out(browser)
    finally:
        browser.close()
        server.kill()
        listener.close()


def test_eventlet_tells_the_log_of_a_mistake_and_strangers_nothing(caplog: pytest.LogCaptureFixture) -> None:
    answer = answer_of(broken)
    assert tells_nothing(answer), answer
    assert "our secret" in caplog.text


def test_a_client_that_hangs_up_is_not_worth_a_line(caplog: pytest.LogCaptureFixture) -> None:
    answer_of(hung_up_on)
    assert caplog.messages == []


def test_threads_tell_strangers_nothing_either() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threaded_server(broken, listener, None, places())
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            with socket.create_connection(listener.getsockname(), timeout=10) as browser:
                answer = hear_out(browser)
        finally:
            server.shutdown()
            serving.join()
    assert tells_nothing(answer), answer
