"""The protocol without a socket: however the bytes are cut, the same events and the same answers, on both kernels."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.rooms.raw_browser import on_wire
from transport import _websocket_py
from transport.fast_path import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, FastPath, Gathered, frame_head
from transport.protocol import Acknowledged, Control, Ended, FastFrame, Message, Outgoing, Protocol

LIMIT = 4000
STEPS = [1, 2, 3, 7, 60, 1000, 1 << 20]


@pytest.fixture(params=["python", "cython"])
def kernels(request: pytest.FixtureRequest) -> Any:
    if request.param == "python":
        return _websocket_py
    return pytest.importorskip("cy_frame", exc_type=ImportError)


def taken(*_frame: object) -> dict[str, bool]:
    return {"ok": True}


def acknowledged(*_answer: object) -> None:
    """Stands for whoever waits for an answer."""


class Talk:
    """A protocol with one fast path that awaits two answers, and what came out of it."""

    def __init__(self, kernels: Any, charge: Callable[[], bool] = lambda: True) -> None:
        self.paths = {("/s", "frame"): FastPath("/s", "frame", taken)}
        self.protocol = Protocol(kernels, LIMIT, self.paths, charge)
        self.numbers = [self.protocol.expect_acknowledgement("43/s,", acknowledged) for _ in range(2)]
        self.out = b""

    def say(self, stream: bytes, step: int = 1 << 20) -> list[object]:
        """Give it a stream in steps; return the events, paths and callables by their names."""
        told: list[object] = []
        while stream:
            space = self.protocol.space()
            size = min(step, len(space), len(stream))
            space[:size] = stream[:size]
            del space  # a reader may not move memory that somebody looks at
            self.protocol.filled(size)
            stream = stream[size:]
            for event in self._events():
                told.append(event)
                if isinstance(event, Ended):
                    return told
        return told

    def _events(self) -> Iterator[object]:
        while (event := self.protocol.next_event()) is not None:
            self.out += b"".join(self.protocol.data_to_send())
            if isinstance(event, FastFrame):
                assert event.path in self.paths.values()
                yield "frame", event.ack, event.first, event.second, event.data
            elif isinstance(event, Acknowledged):
                assert event.acknowledged is acknowledged
                yield "acknowledged", event.answer
            else:
                yield event
                if isinstance(event, Ended):
                    return


def half(ack: int, first: int, second: int) -> bytes:
    return b'451-/s,%d["frame",%d,%d,{"_placeholder":true,"num":0}]' % (ack, first, second)


def frame(ack: int, picture: bytes) -> bytes:
    return on_wire(TEXT, half(ack, ack + 1, ack + 2)) + on_wire(BINARY, picture)


def anything(random_: random.Random, numbers: list[int]) -> bytes:
    """Something that a browser may say, whole or nearly so."""
    data = random_.randbytes(random_.choice([0, 1, 125, 126, 300, 2000]))
    cut = random_.randrange(len(data) + 1)
    choices = [
        frame(random_.randrange(100), data),
        on_wire(TEXT, half(1, 2, 3)),
        on_wire(TEXT, half(1, 2, 3)) + on_wire(TEXT, b"3") + on_wire(PING, data[:20]) + on_wire(BINARY, data),
        on_wire(TEXT, '42/s,["note","é"]'.encode()),
        on_wire(TEXT, b"43/s,%d[1]" % random_.choice([*numbers, 7])),
        on_wire(BINARY, data[:cut], 0) + on_wire(PING, b"?") + on_wire(CONTINUATION, data[cut:]),
        on_wire(PONG, b""),
        on_wire(PING, data[:125]),
    ]
    ends = [
        on_wire(TEXT, b"\xff"),
        on_wire(CLOSE, random_.choice([b"", b"\x03\xe9", b"\x03\xe9bye", b"\x00", b"\x03\xed", b"\x03\xe9\xff"])),
        b"\x83\x80mask",
        on_wire(BINARY, bytes(LIMIT + 1)),
        on_wire(TEXT, b"43/s,%d[" % numbers[0]),
    ]
    return random_.choice(ends if random_.random() < 0.05 else choices)


@pytest.mark.parametrize("seed", range(60))
def test_however_the_bytes_are_cut_the_same_comes_out(kernels: Any, seed: int) -> None:
    random_ = random.Random(seed)
    numbers = Talk(kernels).numbers
    stream = b"".join(anything(random_, numbers) for _ in range(12))
    whole = Talk(_websocket_py)
    expected = whole.say(stream)
    assert expected
    for step in STEPS:
        talk = Talk(kernels)
        assert (talk.say(stream, step), talk.out) == (expected, whole.out)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_end_in_the_same_way_however_they_are_cut(kernels: Any, seed: int) -> None:
    random_ = random.Random(seed)
    numbers = Talk(kernels).numbers
    stream = bytearray(b"".join(anything(random_, numbers) for _ in range(6)))
    for _ in range(4):
        stream[random_.randrange(len(stream))] = random_.choice([0, 1, 0x82, 0x88, 0x89, 0xFE, 0xFF])
    whole = Talk(_websocket_py)
    expected = whole.say(bytes(stream))
    for step in STEPS:
        talk = Talk(kernels)
        assert (talk.say(bytes(stream), step), talk.out) == (expected, whole.out)


# ------------------------------------------------------------------------------------ single events


def closing(status: int, reason: bytes = b"") -> bytes:
    return frame_head(CLOSE, 2 + len(reason)) + status.to_bytes(2) + reason


def test_a_frame_is_one_event_and_every_other_message_goes_the_usual_way(kernels: Any) -> None:
    talk = Talk(kernels)
    stream = frame(5, b"jpeg") + on_wire(TEXT, b"42/s,[1]") + on_wire(BINARY, b"jpeg")
    assert talk.say(stream) == [("frame", 5, 6, 7, b"jpeg"), Message("42/s,[1]"), Message(b"jpeg")]
    assert talk.out == b""


def test_a_path_that_closes_between_the_halves_lets_both_go_the_usual_way(kernels: Any) -> None:
    talk = Talk(kernels)
    assert talk.say(on_wire(TEXT, half(1, 2, 3))) == []
    talk.paths.pop(("/s", "frame")).is_open = False
    assert talk.say(on_wire(BINARY, b"jpeg")) == [Message(half(1, 2, 3).decode()), Message(b"jpeg")]


def test_a_half_that_another_message_follows_is_no_frame(kernels: Any) -> None:
    talk = Talk(kernels)
    stream = on_wire(TEXT, half(1, 2, 3)) + on_wire(TEXT, b"2") + on_wire(TEXT, b"42/s,[1]") + on_wire(BINARY, b"x")
    assert talk.say(stream) == [Message("2"), Message(half(1, 2, 3).decode()), Message("42/s,[1]"), Message(b"x")]


def test_an_answer_counts_once(kernels: Any) -> None:
    talk = Talk(kernels)
    text = f"43/s,{talk.numbers[1]}[true]"
    assert talk.say(on_wire(TEXT, text.encode()) * 2) == [("acknowledged", [True]), Message(text)]


def test_pings_are_answered_and_both_kinds_are_charged(kernels: Any) -> None:
    left = iter([True, True, False])
    talk = Talk(kernels, lambda: next(left))
    stream = on_wire(PING, b"here?") + on_wire(PONG, b"") + on_wire(PING, b"once more") + on_wire(TEXT, b"42")
    assert talk.say(stream) == [Control(PING), Control(PONG), Ended(1006)]
    assert talk.out == frame_head(PONG, 5) + b"here?"
    assert not talk.protocol.is_closed


@pytest.mark.parametrize(
    ("payload", "status", "reason"),
    [
        (b"", 1000, b""),
        (b"\x03\xe9", 1001, b""),
        (b"\x0f\xa0going home", 4000, b""),
        (b"\x03", 1002, b""),
        (b"\x03\xed", 1002, b"no status of a closing frame"),
        (b"\x00\x00", 1002, b"no status of a closing frame"),
        (b"\x03\xe8\xff", 1002, b"the reason of a closing frame is UTF-8"),
    ],
)
def test_a_closing_frame_is_answered_and_the_end(kernels: Any, payload: bytes, status: int, reason: bytes) -> None:
    talk = Talk(kernels)
    assert talk.say(on_wire(CLOSE, payload) + on_wire(TEXT, b"42")) == [Ended(status)]
    assert talk.out == closing(status, reason)
    assert talk.protocol.next_event() == Ended(status)


def test_we_close_once_and_hear_nothing_more(kernels: Any) -> None:
    talk = Talk(kernels)
    talk.protocol.close()
    talk.protocol.close(1011, "again")
    assert talk.protocol.data_to_send() == [frame_head(CLOSE, 0), b""]
    assert talk.say(frame(1, b"late")) == [Ended(1000)]


def test_a_connection_that_is_over_keeps_nothing(kernels: Any) -> None:
    talk = Talk(kernels)
    talk.say(on_wire(TEXT, half(1, 2, 3)))
    talk.protocol.let_go()
    assert talk.protocol.next_event() == Ended(1006)
    assert talk.paths == {}


# ------------------------------------------------------------------------------------ what is said


def test_an_event_waits_for_its_attachments() -> None:
    outgoing = Outgoing()
    event, text = "452-/s,[{},{}]", frame_head(TEXT, 14) + b"452-/s,[{},{}]"
    assert outgoing.parts_of(event) == outgoing.parts_of(b"one") == []
    assert b"".join(outgoing.parts_of(b"two")) == text + b"\x82\x03one\x82\x03two"
    assert b"".join(outgoing.parts_of("2")) == b"\x81\x012"
    assert outgoing.parts_of(Gathered([b"a", b"b"])) == [b"a", b"b"]


@pytest.mark.parametrize("answer", [{"ok": True}, {"ok": False}, {"ok": True, "more": "é"}, {}])
@pytest.mark.parametrize(("namespace", "prefix"), [("/", b"43"), ("/s", b"43/s,")])
def test_an_acknowledgement_is_what_socket_io_writes(namespace: str, prefix: bytes, answer: dict[str, Any]) -> None:
    text = FastPath(namespace, "frame", taken).answer(17, answer)
    assert text.startswith(prefix + b"17[")
    assert json.loads(text.removeprefix(prefix + b"17")) == [answer]
