"""The reader of WebSocket frames and lane events, on both implementations; the Python twin is the specification."""

import os
import random
from typing import Any

import pytest
from websocket import ABNF

from tests.rooms.raw_browser import on_wire
from transport import _websocket_py

LIMIT = 100_000
PREFIX, HEAD, TAIL = b"451-/student,", b'["frame",', b',{"_placeholder":true,"num":0}]'
Message = tuple[int, bytes]


@pytest.fixture(params=["python", "cython"])
def kernels(request: pytest.FixtureRequest) -> Any:
    if request.param == "python":
        return _websocket_py
    return pytest.importorskip("cy_frame", exc_type=ImportError)


def feed(reader: Any, stream: bytes, step: int) -> list[Message]:
    """Give a reader a stream in steps and return the messages."""
    found = []
    while stream:
        space = reader.space()
        assert len(space) > 0
        count = min(step, len(space), len(stream))
        space[:count] = stream[:count]
        reader.filled(count)
        stream = stream[count:]
        while (message := reader.next_message()) is not None:
            found.append(message)
    return found


MESSAGES: list[Message] = [(1, b"hello"), (2, b""), (2, b"x" * 125), (2, b"y" * 126), (9, b"ping"), (2, b"z" * 70_000)]


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 1000, 8191, 65536, 1 << 20])
def test_messages_come_out_however_they_are_cut(kernels: Any, step: int) -> None:
    stream = b"".join(on_wire(*message) for message in MESSAGES)
    assert feed(kernels.FrameReader(LIMIT), stream, step) == MESSAGES


def test_fragments_become_one_message_around_control_frames(kernels: Any) -> None:
    stream = (
        on_wire(2, b"one ", 0) + on_wire(10, b"pong") + on_wire(0, b"", 0) + on_wire(0, b"two") + on_wire(1, b"next")
    )
    assert feed(kernels.FrameReader(LIMIT), stream, 3) == [(10, b"pong"), (2, b"one two"), (1, b"next")]


def test_a_reader_serves_a_long_conversation(kernels: Any) -> None:
    reader, random_ = kernels.FrameReader(LIMIT), random.Random(3)
    for _ in range(300):
        sent = [(2, os.urandom(random_.choice([0, 7, 200, 9000, 66_000]))) for _ in range(random_.randrange(1, 4))]
        stream = b"".join(on_wire(*message) for message in sent)
        assert feed(reader, stream, random_.choice([100, 3000, 100_000])) == sent


@pytest.mark.parametrize(
    ("stream", "status"),
    [
        (on_wire(2, b"x" * (LIMIT + 1))[:20], 1009),
        (on_wire(2, b"x" * 60_000, 0) + on_wire(0, b"x" * 60_000, 0)[:20], 1009),
        (b"\x82\xff" + b"\xff" * 8 + b"mask", 1009),
        (b"\x82\x05", 1002),
        (b"\xc2\x80", 1002),
        (b"\xa2\x80", 1002),
        (b"\x83\x80", 1002),
        (b"\x8b\x80", 1002),
        (b"\x80\x80", 1002),
        (on_wire(1, b"x", 0) + b"\x81\x80", 1002),
        (b"\x09\x80", 1002),
        (b"\x89\xfe", 1002),
    ],
    # masks are random, names of tests must not be: parallel runs compare them
    ids=range(12),
)
def test_broken_streams_are_refused_as_soon_as_they_can_be_known(kernels: Any, stream: bytes, status: int) -> None:
    with pytest.raises(ValueError) as told:
        feed(kernels.FrameReader(LIMIT), stream, len(stream))
    assert told.value.args[0] == status


def test_room_grows_with_the_bytes_that_came_not_with_what_is_claimed(kernels: Any) -> None:
    reader, stream = kernels.FrameReader(1 << 20), on_wire(2, bytes(300_000))
    feed(reader, stream[:15], 15)
    assert len(reader.space()) <= 8192
    assert feed(reader, stream[15:], 4000) == [(2, bytes(300_000))]


def test_room_for_a_large_message_is_given_back_and_usual_ones_come_in_one_read(kernels: Any) -> None:
    reader = kernels.FrameReader(1 << 20)
    assert len(feed(reader, on_wire(2, bytes(900_000)), 1 << 20)) == 1
    assert len(reader.space()) <= 65536
    picture = on_wire(2, bytes(50_000))
    assert len(feed(reader, picture * 3, 1 << 20)) == 3
    assert len(reader.space()) > len(picture)


@pytest.mark.parametrize("count", [-1, 1 << 30])
def test_filled_refuses_what_did_not_fit(kernels: Any, count: int) -> None:
    with pytest.raises(ValueError, match="room"):
        kernels.FrameReader(LIMIT).filled(count)


def test_damaged_streams_say_the_same_on_both() -> None:
    compiled = pytest.importorskip("cy_frame", exc_type=ImportError)
    random_ = random.Random(4)
    stream = b"".join(on_wire(*m) for m in [(1, b"abc"), (2, b"d" * 130), (9, b"e"), (2, b"f" * 10)])
    for _ in range(2000):
        damaged = bytearray(stream)
        for _ in range(3):
            damaged[random_.randrange(len(damaged))] = random_.choice([0, 1, 2, 0x80, 0x81, 0x82, 0x89, 0xFE, 0xFF])
        assert said(compiled, bytes(damaged)) == said(_websocket_py, bytes(damaged))


def said(kernels: Any, stream: bytes) -> object:
    found: list[object] = []
    reader = kernels.FrameReader(LIMIT)
    reader.space()[: len(stream)] = stream
    reader.filled(len(stream))
    try:
        while (message := reader.next_message()) is not None:
            found.append(message)
    except ValueError as error:
        found.append(error.args)
    return found


# --------------------------------------------------------------------------------------------- lane events


@pytest.mark.parametrize("numbers", [(0, 0, 0), (7, 12, 1_790_000_000_000), (10**15 - 1,) * 3])
def test_an_event_gives_its_numbers(kernels: Any, numbers: tuple[int, int, int]) -> None:
    payload = PREFIX + b"%d" % numbers[0] + HEAD + b"%d,%d" % numbers[1:] + TAIL
    assert kernels.parse_lane_event(payload, PREFIX, HEAD) == numbers


GOOD = PREFIX + b"7" + HEAD + b"1,2" + TAIL
OTHER = [
    b"",
    GOOD[:-1],
    GOOD + b" ",
    GOOD.replace(b"451-", b"452-"),
    GOOD.replace(b"/student", b"/teacher"),
    GOOD.replace(b"frame", b"frames"),
    GOOD.replace(b",7[", b",["),
    GOOD.replace(b",7[", b",07["),
    GOOD.replace(b"1,2", b"01,2"),
    GOOD.replace(b"1,2", b"1,02"),
    GOOD.replace(b"1,2", b"-1,2"),
    GOOD.replace(b"1,2", b"1.0,2"),
    GOOD.replace(b"1,2", b"1, 2"),
    GOOD.replace(b"1,2", b"1,2,3"),
    GOOD.replace(b"1,2", b"1"),
    GOOD.replace(b"1,2", b",2"),
    GOOD.replace(b"1,2", b"1e3,2"),
    GOOD.replace(b"1,2", b"1,%d" % 10**15),
    GOOD.replace(b"1,2", b"%d,2" % 10**40),
    GOOD.replace(b'"num":0', b'"num":1'),
]


@pytest.mark.parametrize("payload", OTHER)
def test_any_other_message_is_not_taken_for_one(kernels: Any, payload: bytes) -> None:
    assert kernels.parse_lane_event(payload, PREFIX, HEAD) is None


@pytest.mark.parametrize("mask", [b"\0\0\0\0", b"\x12\x9a\xfe\x07"])
@pytest.mark.parametrize("offset", [0, 1, 2, 3, 9])
def test_unmask_of_the_twin(mask: bytes, offset: int) -> None:
    for size in (0, 1, 5, 4096):
        payload = os.urandom(size)
        expected = bytes(byte ^ mask[(offset + i) % 4] for i, byte in enumerate(payload))
        assert _websocket_py.unmask(payload, mask, offset) == expected
    with pytest.raises(ValueError, match="4 bytes"):
        _websocket_py.unmask(b"", mask[:3])


def test_fragments_use_the_opcode_of_the_first(kernels: Any) -> None:
    stream = on_wire(ABNF.OPCODE_TEXT, b"a", 0) + on_wire(ABNF.OPCODE_CONT, b"b")
    assert feed(kernels.FrameReader(LIMIT), stream, 1) == [(1, b"ab")]
