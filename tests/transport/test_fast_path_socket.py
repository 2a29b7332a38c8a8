"""The WebSocket as Engine.IO uses it, in both async modes: fast frames, order, budgets, and how it ends."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.rooms.raw_browser import on_wire
from tests.transport.modes import LINES, Line
from transport import _websocket_py
from transport.fast_path import BINARY, CLOSE, PING, PONG, TEXT, FastPath, fast_paths_of, frame_head
from transport.fast_path_socket import MOST_IN_A_ROW, FastPathSocket, GatheredPacket

LOGGER = logging.getLogger("tests.fast-path")
HALF = on_wire(TEXT, b'451-/s,7["frame",1,2,{"_placeholder":true,"num":0}]')
FRAME = HALF + on_wire(BINARY, b"jpeg")
ACKNOWLEDGED = b'43/s,7[{"ok":true}]'


class Side:
    """Our side of one connection, and what its fast path took."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.taken: list[tuple[int, int, bytes]] = []
        self.queued: list[Any] = []
        self.budget = 1000
        self.owner: Any = SimpleNamespace(upgraded=True, closing=False, queue=line.queue)
        self.owner.send, self.owner.charge = self.queued.append, self.charge
        fast_paths_of(self.owner)["/s", "frame"] = FastPath("/s", "frame", self.take)
        self.ws = FastPathSocket(line.wire, self.owner, _websocket_py, 100_000, LOGGER)

    def take(self, first: int, second: int, jpeg: bytes) -> Mapping[str, Any]:
        if jpeg == b"boom":
            raise RuntimeError("a mistake")
        self.taken.append((first, second, jpeg))
        return {"ok": True}

    def charge(self) -> bool:
        self.budget -= 1
        return self.budget >= 0

    def heard(self) -> bytes:
        """Everything that was written, once the connection is over."""
        heard = b""
        while more := self.line.browser.recv(1 << 16):
            heard += more
        return heard


@pytest.fixture(params=LINES.values(), ids=list(LINES))
def side(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Side]:
    with request.param(tmp_path) as line:
        line.wire.settimeout(20.0)
        yield Side(line)


def text(payload: bytes) -> bytes:
    return frame_head(TEXT, len(payload)) + payload


def test_a_frame_is_taken_and_acknowledged_and_the_next_message_comes_out(side: Side) -> None:
    side.line.browser.sendall(FRAME + on_wire(TEXT, b"3"))
    assert side.ws.wait() == "3"
    assert side.taken == [(1, 2, b"jpeg")]
    side.line.wire.shutdown()
    assert side.heard() == text(ACKNOWLEDGED)


def test_a_mistake_is_answered_logged_and_ends_nothing(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    side.line.browser.sendall(HALF + on_wire(BINARY, b"boom") + FRAME + on_wire(TEXT, b"3"))
    assert side.ws.wait() == "3"
    assert side.taken == [(1, 2, b"jpeg")]
    assert "a frame could not be taken" in caplog.text
    side.line.wire.shutdown()
    assert b'"server_error"' in side.heard()


def test_an_acknowledgement_does_not_overtake_what_waits(side: Side) -> None:
    side.line.queue.put("an event")
    side.line.browser.sendall(FRAME + on_wire(TEXT, b"3"))
    assert side.ws.wait() == "3"
    assert [packet.encode() for packet in side.queued] == [ACKNOWLEDGED.decode()]
    side.ws.send_gathered([b"parts"])
    assert isinstance(side.queued[-1], GatheredPacket)


def test_nothing_is_written_between_an_event_and_its_attachment(side: Side) -> None:
    side.ws.send('451-/s,["chat",{}]')
    side.ws.send_gathered([b"tick"])
    assert isinstance(side.queued[0], GatheredPacket)
    side.ws.send(b"attachment")
    side.ws.send(side.queued[0].encode())
    side.line.wire.shutdown()
    assert side.heard() == text(b'451-/s,["chat",{}]') + b"\x82\x0aattachment" + b"tick"


def test_pings_are_answered_while_they_are_in_the_budget(side: Side) -> None:
    side.budget = 2
    side.line.browser.sendall(on_wire(PING, b"a") + on_wire(PONG, b"") + on_wire(PING, b"b") + on_wire(TEXT, b"3"))
    assert side.ws.wait() is None
    side.line.wire.shutdown()
    assert side.heard() == frame_head(PONG, 1) + b"a"


def test_an_answer_reaches_who_waits_for_it_and_his_mistake_ends_nothing(
    side: Side, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[object] = []

    def mistaken(*_answer: object) -> None:
        raise RuntimeError("a mistake")

    first, second = (side.ws.expect_acknowledgement("43/s,", each) for each in (told.append, mistaken))
    answers = [on_wire(TEXT, b"43/s,%d[5]" % number) for number in (first, second)]
    side.line.browser.sendall(b"".join(answers) + on_wire(TEXT, b"3"))
    assert side.ws.wait() == "3"
    assert told == [5]
    assert "could not be taken" in caplog.text


@pytest.mark.parametrize(
    ("said", "status"),
    [(on_wire(CLOSE, b"\x03\xe9"), 1001), (b"\x83\x80mask", 1002), (on_wire(TEXT, b"\xff"), 1007)],
    ids=["closed", "broken", "utf-8"],
)
def test_an_end_is_answered_with_its_status(side: Side, said: bytes, status: int) -> None:
    side.line.browser.sendall(said)
    assert side.ws.wait() is None
    assert side.ws.wait() is None
    assert side.heard()[2:4] == status.to_bytes(2)


def test_a_silence_ends_in_an_error_that_the_browser_is_told_of(side: Side) -> None:
    side.line.wire.settimeout(0.05)
    with pytest.raises(TimeoutError):
        side.ws.wait()
    assert side.heard()[2:4] == (1011).to_bytes(2)


def test_a_connection_that_is_over_leaves_nothing_behind(side: Side) -> None:
    side.owner.fast_path_socket = side.ws
    side.ws.close()
    side.ws.let_go()
    assert not hasattr(side.owner, "fast_path_socket")
    assert fast_paths_of(side.owner) == {}
    side.ws.send_gathered([b"late"])  # it goes to the queue, which knows that it is closed
    assert isinstance(side.queued[0], GatheredPacket)


def test_only_who_sends_much_at_once_waits_for_the_others(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []
    monkeypatch.setattr(side.line.wire, "take_turns", lambda: turns.append(len(side.taken)))
    for _ in range(2 * MOST_IN_A_ROW):
        side.line.browser.sendall(HALF + on_wire(BINARY, b"jpeg") + on_wire(TEXT, b"3"))
        assert side.ws.wait() == "3"
    assert turns == []
    side.line.browser.sendall(FRAME * 2 * MOST_IN_A_ROW + on_wire(TEXT, b"3"))
    assert side.ws.wait() == "3"
    assert len(turns) == 2
