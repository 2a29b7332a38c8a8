"""Connections that never finish a request give their place back."""

from __future__ import annotations

import eventlet
import pytest
from flask import Flask

from serving import listen


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: "])
def test_who_does_not_finish_a_request_is_hung_up_on(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "REQUEST_S", 0.2)
    listener = eventlet.listen(("127.0.0.1", 0))
    server = eventlet.spawn(listen.serve_eventlet, Flask("slow"), listener, None)
    browser = eventlet.connect(listener.getsockname())
    try:
        browser.sendall(said)
        with eventlet.Timeout(10):
            assert browser.recv(100) == b""
    finally:
        browser.close()
        server.kill()
        listener.close()
