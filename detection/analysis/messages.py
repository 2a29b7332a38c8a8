"""What crosses the boundary to an analysis process: one dataclass per message, JPEG bytes beside it, never pixels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.types import Frame, Observation, ObservationKind
from detection.analysis.facts import about
from detection.models.shelf import FACE_RUNTIME
from detection.processes.wire import Cutter, MessageError, pack_parts


@dataclass(frozen=True, slots=True)
class Setup:
    """Sent by the server, first: which detectors to load, where the models are, and what runs the face models.

    `learned` is the folder of what the server learned by itself, empty where it has none.
    """

    detectors: list[str]
    cache: str
    folders: list[str]
    face_runtime: str = FACE_RUNTIME
    learned: str = ""


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

    `error` is set when the frame could not be decoded; `failures` counts detectors that failed since the start;
    `spent` has the milliseconds of a processor for each detector that looked, and for decoding; `kinds` says what each
    detector that was asked speaks of.
    """

    job: int
    found: dict[str, Mapping[str, Any]]
    ms: float
    error: str | None = None
    failures: dict[str, int] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

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
    return pack_parts({"is": type(message).__name__, **fields}, body)


def decode(header: Mapping[str, Any], body: bytes) -> Message:
    """Return the message that a header and body stand for; MessageError when there is none."""
    try:
        fields = dict(header)
        kind = KINDS[fields.pop("is")]
        if kind is Look:
            fields["frame"] = Frame(**(fields["frame"] | {"jpeg": body}))
        return kind(**fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MessageError(f"unreadable message: {error}") from error


class Inbox(Cutter[Message]):
    """Cuts a stream of bytes into messages, however the bytes arrive."""

    def __init__(self) -> None:
        super().__init__(decode)
