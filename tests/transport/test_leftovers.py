"""What served a connection is gone with its end, not when Python next looks for circles: each would keep kilobytes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from engineio.socket import Socket

from tests.transport.test_broken_apps import answer_of
from tests.transport.test_packet_guard import Hall


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without Python's collector of circles."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_a_request_that_is_over_leaves_no_circle() -> None:
    read: list[weakref.ref[Any]] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        read.append(weakref.ref(environ["eventlet.input"]))
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    assert answer_of(app).endswith("ok")
    assert read[0]() is None


@pytest.mark.usefixtures("uncollected")
def test_a_websocket_that_is_over_leaves_no_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall()
    connection = hall.connection()
    monkeypatch.setattr(Socket, "_websocket_handler", lambda _connection, ws: ws.wait())
    made = weakref.ref(connection)
    connection._websocket_handler(type("Silent", (), {"wait": lambda _ws: None, "send": None, "close": None})())
    hall.guard.end("e1", "over")
    hall.server.eio.sockets.clear()
    del connection
    assert made() is None
