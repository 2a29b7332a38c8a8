"""What crosses the boundary to the sensing process: batches of readings as bytes, what they say as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.types import Observation, ObservationKind, Reading, ReadingKind
from detection.processes.wire import MessageError, pack

Fact = Sequence[Any]
"""An observation on its way: its kind, when (seconds), and its values; whose it is stands beside it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Sent by the server, first: where the models are."""

    cache: str
    folders: list[str]


@dataclass(frozen=True, slots=True)
class Ready:
    """Sent by the process after Setup: `senses` maps each to None (on) or why it is off."""

    pid: int
    senses: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Tell:
    """Sent by the server: a sensor is told something of a participant; {} takes it back."""

    participant: str
    sensor: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forget:
    """Sent by the server: a participant left."""

    participant: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Sent by the server: look at these batches, one after the other; `job` comes back with the answer."""

    job: int
    readings: list[Reading]


@dataclass(frozen=True, slots=True)
class Sensed:
    """Sent by the process for every Batch: what each batch says, in milliseconds for all of them.

    `failures` counts, since the start, the senses that failed; `notes` what else the health page shows of them.
    """

    job: int
    found: list[list[Fact]]
    ms: float
    failures: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """Sent by the process on its own: what took longer than the batch it began in, such as words."""

    reading: Reading
    found: list[Fact]


@dataclass(frozen=True, slots=True)
class Ping:
    """Sent by the server to an idle process: is anybody there?"""


@dataclass(frozen=True, slots=True)
class Pong:
    """Sent by the process in answer to a Ping."""

    notes: dict[str, Any] = field(default_factory=dict)


Message = Setup | Ready | Tell | Forget | Batch | Sensed | Later | Ping | Pong
KINDS: Mapping[str, type[Message]] = {
    kind.__name__: kind for kind in (Setup, Ready, Tell, Forget, Batch, Sensed, Later, Ping, Pong)
}


def facts_of(observations: Sequence[Observation]) -> list[Fact]:
    """Return observations as they travel."""
    return [[str(one.kind), one.at, one.values] for one in observations]


def observations_of(reading: Reading, facts: Sequence[Fact]) -> list[Observation]:
    """Return what was found about a batch as observations."""
    whose = reading.room, reading.participant
    return [Observation(*whose, ObservationKind(kind), at, values, reading.channel) for kind, at, values in facts]


def encode(message: Message) -> bytes:
    """Return the message's bytes on the wire."""
    fields = {name: getattr(message, name) for name in message.__dataclass_fields__}
    body = b""
    if isinstance(message, Batch):
        body = b"".join(reading.data for reading in message.readings)
        fields["readings"] = [_bare(reading) for reading in message.readings]
    elif isinstance(message, Later):
        fields["reading"] = _bare(replace(message.reading, data=b""))
    return pack({"is": type(message).__name__, **fields}, body)


def decode(header: Mapping[str, Any], body: bytes) -> Message:
    """Return the message that a header and body stand for; MessageError when there is none."""
    try:
        fields = dict(header)
        kind = KINDS[fields.pop("is")]
        if kind is Batch:
            fields["readings"] = _filled(fields["readings"], body)
        elif kind is Later:
            fields["reading"] = _filled([fields["reading"]], body)[0]
        return kind(**fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MessageError(f"unreadable message: {error}") from error


def _bare(reading: Reading) -> dict[str, Any]:
    return asdict(replace(reading, data=b"")) | {"data": len(reading.data)}


def _filled(bare: Sequence[dict[str, Any]], body: bytes) -> list[Reading]:
    found, start = [], 0
    for fields in bare:
        end = start + int(fields["data"])
        kind = ReadingKind(fields["kind"])
        found.append(Reading(**{**fields, "kind": kind, "data": body[start:end]}))
        start = end
    return found
