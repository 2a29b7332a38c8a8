"""What crosses the boundary to an analysis process: one dataclass per message, JPEG bytes beside it, never pixels.

On the wire: two 32-bit big-endian lengths, then that many bytes of JSON header and of body.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.types import Frame, Observation, ObservationKind
from detection.facts import about

LENGTHS = struct.Struct(">II")
MAX_HEADER, MAX_BODY = 1 << 18, 1 << 20  # bytes


class MessageError(ValueError):
    """The other side sent what no version of ours sends; the connection cannot be trusted any more."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Sent by the server, first: which detectors to load and where the models are."""

    detectors: list[str]
    cache: str
    folders: list[str]


@dataclass(frozen=True, slots=True)
class Ready:
    """Sent by the worker after Setup and Recheck: it takes frames now.

    `detectors` maps each name to None (on) or why it is off, `every` those that are on to their seconds between looks,
    `reduced` those that are on, but work less well than they could, to the reason.
    """

    pid: int
    detectors: dict[str, str | None]
    kernels: str
    every: dict[str, float] = field(default_factory=dict)
    reduced: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """Sent by the server: analyse this frame; `job` comes back with the answer."""

    job: int
    frame: Frame
    due: list[str] | None = None
    """The detectors whose turn it is; None for all."""
    fresh: list[str] = field(default_factory=list)
    """Those of them that must not reuse an earlier result."""
    context: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each of them is told of the participant."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """Sent by the server about once a minute: try the detectors again that had no model; a Ready comes back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Sent by the worker for every Look: what was found, in how many milliseconds.

    `error` is set when the frame could not be decoded; `failures` counts detectors that failed since the start.
    """

    job: int
    found: dict[str, Mapping[str, Any]]
    ms: float
    error: str | None = None
    failures: dict[str, int] = field(default_factory=dict)

    def observations(self, frame: Frame) -> list[Observation]:
        """Return the findings as observations about the frame that was sent."""
        return [about(frame, ObservationKind(kind), values) for kind, values in self.found.items()]


@dataclass(frozen=True, slots=True)
class Ping:
    """Sent by the server to an idle worker: is anybody there?"""

    number: int


@dataclass(frozen=True, slots=True)
class Pong:
    """Sent by the worker in answer to a Ping, between frames."""

    number: int


Message = Setup | Recheck | Ready | Look | Seen | Ping | Pong
_as_json = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps would make an encoder for each message
KINDS: Mapping[str, type[Message]] = {kind.__name__: kind for kind in (Setup, Recheck, Ready, Look, Seen, Ping, Pong)}


def encode(message: Message) -> bytes:
    """Return the message's bytes on the wire."""
    return b"".join(encoded(message))


def encoded(message: Message) -> tuple[bytes, bytes]:
    """Return the message's bytes on the wire in two parts, the second being the JPEG as it is, for a Look alone."""
    fields = {name: getattr(message, name) for name in message.__dataclass_fields__}
    body = b""
    if isinstance(message, Look):
        frame = message.frame
        body = frame.jpeg
        fields["frame"] = {name: getattr(frame, name) for name in frame.__dataclass_fields__} | {"jpeg": None}
    header = _as_json({"is": type(message).__name__, **fields}).encode()
    if len(header) > MAX_HEADER or len(body) > MAX_BODY:
        raise MessageError(f"message too large: {len(header)} + {len(body)} bytes")
    return LENGTHS.pack(len(header), len(body)) + header, body


def decode(header: bytes, body: bytes) -> Message:
    """Return the message that a header and body stand for; MessageError when there is none."""
    try:
        fields = json.loads(header)
        kind = KINDS[fields.pop("is")]
        if kind is Look:
            fields["frame"] = Frame(**(fields["frame"] | {"jpeg": body}))
        return kind(**fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MessageError(f"unreadable message: {error}") from error


class Inbox:
    """Cuts a stream of bytes into messages, however the bytes arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield every message that is complete now.

        Raises:
            MessageError: a length beyond the limits, or a message that cannot be read.
        """
        self._buffer += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> Message | None:
        if len(self._buffer) < LENGTHS.size:
            return None
        header, body = LENGTHS.unpack_from(self._buffer)
        if header > MAX_HEADER or body > MAX_BODY:
            raise MessageError(f"lengths {header} and {body} are beyond the limits")
        middle, end = LENGTHS.size + header, LENGTHS.size + header + body
        if len(self._buffer) < end:
            return None
        message = decode(bytes(self._buffer[LENGTHS.size : middle]), bytes(self._buffer[middle:end]))
        del self._buffer[:end]
        return message
