"""What a connection costs in memory: nothing once it is over, and no more than the bytes that came while it is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import websocket

from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.test_hostile_packets import raw

pytestmark = pytest.mark.both_modes

UNCOLLECTED = (
    "import gc, runpy, sys; gc.disable(); sys.argv[0] = 'app.py'; runpy.run_path('app.py', run_name='__main__')"
)
"""The server without Python's collector of circles: what is not freed at once stays, and can be measured."""
TIMES, KIB = 300, 1024


@pytest.fixture
def uncollected(mode: str, tmp_path: Path) -> Iterator[LiveServer]:
    live = LiveServer(tmp_path, mode, EXAM_DETECTION="off")
    live.program = ("-c", UNCOLLECTED)
    try:
        yield live.start()
    finally:
        live.stop()


def memory(server: LiveServer) -> int:
    return int(server.process.memory_info().rss)


def come_and_go(server: LiveServer, ticket: str, times: int) -> None:
    """Join with a ticket, send a picture's event and hang up, again and again."""
    for _ in range(times):
        browser = raw(server)
        browser.send(f"40/student,{json.dumps({'ticket': ticket})}")
        while str(browser.recv())[:2] not in {"40", "44"}:
            pass  # events may come before the answer
        browser.send('451-/student,1["frame",1,1,{"_placeholder":true,"num":0}]')
        browser.send_binary(bytes(15_000))
        browser.close()


@pytest.mark.parametrize("is_let_in", [True, False])
def test_a_connection_that_is_over_leaves_nothing_behind(
    uncollected: LiveServer, begin: Begin, is_let_in: bool
) -> None:
    ticket = begin(uncollected).students[0].auth["ticket"] if is_let_in else "none"
    come_and_go(uncollected, ticket, 60)
    before = memory(uncollected)
    come_and_go(uncollected, ticket, TIMES)
    # a timer of Engine.IO's lets go of the last ones a few seconds later
    wait_until(lambda: memory(uncollected) - before < 30 * KIB * TIMES, "the memory is given back", 12)


def test_who_claims_a_large_message_gets_no_memory_for_it(server: LiveServer) -> None:
    claim = b"\x82\xff" + (300_000).to_bytes(8, "big") + b"mask"
    browsers: list[websocket.WebSocket] = [raw(server) for _ in range(100)]
    before = memory(server)
    for browser in browsers:
        assert browser.sock is not None
        browser.sock.sendall(claim + b"x")
    for _ in range(5):
        raw(server).shutdown()  # whoever comes last is answered when the others have been read
    assert memory(server) - before < 100 * 50 * KIB
    for browser in browsers:
        browser.shutdown()
