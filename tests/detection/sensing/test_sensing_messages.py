"""What crosses to the sensing process survives it, however it is cut; what is not ours is refused."""

from __future__ import annotations

import json
import random

import pytest

from core.types import Observation, ObservationKind, Reading, ReadingKind
from detection.processes.wire import LENGTHS, Cutter, MessageError
from detection.sensing.messages import (
    Batch,
    Forget,
    Later,
    Message,
    Ping,
    Pong,
    Ready,
    Sensed,
    Setup,
    Tell,
    decode,
    encode,
    facts_of,
    observations_of,
)
from tests.detection.sounds import reading

MOTION = Reading("room", "Zoë 🙂", "arm", ReadingKind.MOTION, 2.5, bytes(range(256)), {"level": -3.5}, judged=False)
EXAMPLES: list[Message] = [
    Setup("cache", ["folder with spaces", "dossier-é"]),
    Ready(7, {"sound": None, "arm": "off"}),
    Tell("ana", "sound", {"phrases": ["dis siri"]}),
    Forget("ana"),
    Batch(1, [reading(b"\x00\xff" * 400), MOTION, reading(b"")]),
    Batch(2, []),
    Sensed(1, [[["sound", 1.5, {"level": -20.0}]], []], 4.25, {"arm": 1}, {"sound": {"microphones": 2}}),
    Later(reading(b""), [["words", 1.5, {"text": "hé"}]]),
    Ping(),
    Pong({"sound": {}}),
]


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_a_message_survives(message: Message) -> None:
    assert list(Cutter(decode).feed(encode(message))) == [message]


def test_messages_may_arrive_in_any_pieces() -> None:
    stream = b"".join(encode(message) for message in EXAMPLES * 5)
    cutter, arrived, chance = Cutter(decode), list[Message](), random.Random(5)
    while stream:
        size = chance.randint(1, 60)
        arrived += cutter.feed(stream[:size])
        stream = stream[size:]
    assert arrived == EXAMPLES * 5


def test_facts_become_observations_of_the_batch_they_were_found_in() -> None:
    seen = Observation("room", "Zoë 🙂", ObservationKind.ARM, 3.0, {"family": "calm"}, "arm")
    assert observations_of(MOTION, json.loads(json.dumps(facts_of([seen])))) == [seen]


def test_what_comes_later_carries_no_sound_back() -> None:
    (came,) = Cutter(decode).feed(encode(Later(reading(bytes(640)), [])))
    assert isinstance(came, Later) and came.reading.data == b""


def wire(header: bytes, body: bytes = b"") -> bytes:
    return LENGTHS.pack(len(header), len(body)) + header + body


@pytest.mark.parametrize(
    "data",
    [
        wire(b"no json"),
        wire(b"[]"),
        wire(json.dumps({"is": "Shout"}).encode()),
        wire(json.dumps({"is": "Forget"}).encode()),
        wire(json.dumps({"is": "Batch", "job": 1, "readings": [{"kind": "smell", "data": 1}]}).encode()),
        LENGTHS.pack(1 << 30, 0),
        LENGTHS.pack(2, 1 << 30),
    ],
)
def test_what_is_not_ours_is_refused(data: bytes) -> None:
    with pytest.raises(MessageError):
        list(Cutter(decode).feed(data))


def test_a_body_beyond_the_limit_is_not_sent() -> None:
    with pytest.raises(MessageError):
        encode(Batch(1, [reading(bytes(1 << 21))]))
