"""The manifest of a capsule: why the alert was raised, by what, and what could not be seen; no name of a student."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.types import Alert, Frame, RuleSettings
from evidence.canonical import canonical
from evidence.frame_ring import Window
from evidence.gaps import Gap
from evidence.layout import sha256

FORMAT = "examonitor-capsule/1"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Unseen:
    """A stretch in which pictures came and could not be judged; `state` says why: dark, covered, overloaded."""

    channel: str
    begin: float
    end: float
    state: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What was in force when an alert was raised.

    `settings` is None for an alert that a person raised. `sources` names the layer that gave a setting of the rule; the
    rule's default gave the others. `models` has the SHA-256 of each model file in use, in hex. `clock_offsets` has, for
    each channel, by how many milliseconds its device's clock was ahead of the server's.
    """

    settings: RuleSettings | None
    sources: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    clock_offsets: Mapping[str, int] = field(default_factory=dict)
    unseen: Sequence[Unseen] = ()


def manifest(alert: Alert, window: Window, circumstances: Circumstances) -> bytes:
    """Return the manifest of an alert's capsule as canonical JSON; times are milliseconds since the epoch."""
    return canonical(
        {
            "format": FORMAT,
            "room": alert.room,
            "participant": alert.participant,
            "window": _stretch(window.begin, window.end),
            "alert": _alert(alert),
            "rule": _rule(alert.kind, circumstances),
            "models": circumstances.models,
            "clock_offsets_ms": circumstances.clock_offsets,
            "pictures": [_picture(name, one) for name, one in named(window.frames)],
            "gaps": [_gap(one) for one in window.gaps],
            "thinned": window.thinned,
            "unseen": [_unseen(one) for one in circumstances.unseen],
        }
    )


def named(frames: Sequence[Frame]) -> list[tuple[str, Frame]]:
    """Return frames with the names that their files have in the capsule."""
    return [(f"pictures/{number:04d}-{one.channel}.jpg", one) for number, one in enumerate(frames, start=1)]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _stretch(begin: float, end: float) -> dict[str, int]:
    return {"begin_ms": _ms(begin), "end_ms": _ms(end)}


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "kind": alert.kind,
        "severity": alert.severity,
        "channel": alert.channel,
        "started_ms": _ms(alert.started_at),
        "raised_ms": _ms(alert.raised_at),
        "ended_ms": None if alert.ended_at is None else _ms(alert.ended_at),
        "text": alert.text,
        "numbers": alert.numbers,
        "marks": alert.marks,
        "shown_by_sha256": None if alert.evidence is None else sha256(alert.evidence),
    }


def _rule(kind: str, circumstances: Circumstances) -> dict[str, Any] | None:
    if circumstances.settings is None:
        return None
    settings = asdict(circumstances.settings)
    sources = {name: circumstances.sources.get(name, DEFAULT) for name in settings}
    return {"kind": kind, "settings": {name: {"value": settings[name], "from": sources[name]} for name in settings}}


def _picture(name: str, frame: Frame) -> dict[str, Any]:
    return {
        "name": name,
        "channel": frame.channel,
        "sequence": frame.sequence,
        "captured_ms": _ms(frame.captured_at),
        "received_ms": _ms(frame.received_at),
        "width": frame.width,
        "height": frame.height,
        "bytes": len(frame.jpeg),
        "sha256": sha256(frame.jpeg),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {"channel": gap.channel, "why": gap.why, **_stretch(gap.begin, gap.end)}


def _unseen(unseen: Unseen) -> dict[str, Any]:
    return {"channel": unseen.channel, "state": unseen.state, **_stretch(unseen.begin, unseen.end)}
