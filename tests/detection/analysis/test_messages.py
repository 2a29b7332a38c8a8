"""What crosses the process boundary survives it, however it is cut; what is not ours is refused."""

from __future__ import annotations

import json
import random

import pytest

from core.types import ObservationKind
from detection.analysis.messages import (
    Inbox,
    Look,
    Message,
    Ping,
    Pong,
    Ready,
    Recheck,
    Seen,
    Setup,
    encode,
)
from detection.processes.wire import LENGTHS, MessageError
from tests.detection.pictures import frame

EXAMPLES: list[Message] = [
    Setup(["face", "picture"], "cache", ["folder with spaces", "dossier-é"], "openvino"),
    Ready(7, {"face": None}, "cython", {"face": 0.0}),
    Ready(7, {"face": None, "picture": "off"}, "cython"),
    Look(1, frame(b"\xff\xd8\x00\xff\xd9", participant="Zoë 🙂", at=1.5)),
    Look(2, frame(b"")),
    Look(3, frame(b""), ["identity"], ["identity"], {"identity": {"embeddings": [[-0.123456789] * 128] * 3}}),
    Recheck(),
    Seen(1, {"faces": {"count": 1, "boxes": [[1, 2, 3, 4]]}}, 4.25, None, {"face": 1}),
    Seen(2, {}, 0.1, "not a JPEG"),
    Ping(3),
    Pong(3),
]


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_a_message_survives(message: Message) -> None:
    assert list(Inbox().feed(encode(message))) == [message]


def test_messages_may_arrive_in_any_pieces() -> None:
    stream = b"".join(encode(message) for message in EXAMPLES * 5)
    inbox, arrived, chance = Inbox(), list[Message](), random.Random(5)
    while stream:
        size = chance.randint(1, 60)
        arrived += inbox.feed(stream[:size])
        stream = stream[size:]
    assert arrived == EXAMPLES * 5


def test_findings_become_observations_of_the_frame_that_was_sent() -> None:
    sent = frame(participant="ben", at=9.0, room="7", channel="phone")
    (seen,) = Seen(1, {"faces": {"count": 2}}, 1.0).observations(sent)
    assert (seen.room, seen.participant, seen.channel, seen.at) == ("7", "ben", "phone", 9.0)
    assert seen.kind is ObservationKind.FACES and seen.values == {"count": 2}
    assert seen.sequence == sent.sequence


def wire(header: bytes, body: bytes = b"") -> bytes:
    return LENGTHS.pack(len(header), len(body)) + header + body


@pytest.mark.parametrize(
    "data",
    [
        wire(b"no json"),
        wire(b"[]"),
        wire(json.dumps({"is": "Shout"}).encode()),
        wire(json.dumps({"is": "Ping"}).encode()),
        wire(json.dumps({"is": "Ping", "number": 1, "more": 2}).encode()),
        wire(json.dumps({"is": "Look", "job": 1, "frame": "x"}).encode()),
        LENGTHS.pack(1 << 30, 0),
        LENGTHS.pack(2, 1 << 30),
    ],
)
def test_what_is_not_ours_is_refused(data: bytes) -> None:
    with pytest.raises(MessageError):
        list(Inbox().feed(data))


def test_a_body_beyond_the_limit_is_not_sent() -> None:
    with pytest.raises(MessageError):
        encode(Look(1, frame(b"x" * (1 << 21))))
