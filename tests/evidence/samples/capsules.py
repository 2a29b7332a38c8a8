"""A small capsule of an alert for tests of evidence."""

from __future__ import annotations

from core.types import Alert, RuleSettings, Severity
from evidence.frame_ring import Window
from evidence.gaps import Gap, Why
from evidence.manifest import Circumstances, Unseen
from tests.evidence.samples.frames import START, frame


def an_alert(number: int = 1, who: str = "anna") -> Alert:
    """A phone that was seen five seconds after START."""
    return Alert(
        id=f"a{number}",
        room="r1",
        participant=who,
        kind="PHONE_DETECTED",
        severity=Severity.CRITICAL,
        started_at=START + 3,
        raised_at=START + 5,
        text="A phone was seen for %(seconds)s seconds",
        numbers={"seconds": 2.0, "score": 0.93},
        evidence=frame(1, 40, who).jpeg,
        marks=(("phone", 10, 20, 30, 40),),
    )


def a_window(pictures: int = 3, size: int = 40, who: str = "anna") -> Window:
    """Pictures of one second apart, then a gap."""
    frames = tuple(frame(after, size, who) for after in range(pictures))
    return Window(START, START + 15, frames, (Gap("webcam", START + pictures, START + 15, Why.NONE_CAME),), 2)


def circumstances() -> Circumstances:
    """A room that changed one threshold, and a phone whose pictures were dark."""
    return Circumstances(
        settings=RuleSettings(hold=1.5, severity=Severity.CRITICAL),
        sources={"hold": "room"},
        models={"yolo11n-exam.onnx": "ab" * 32},
        clock_offsets={"webcam": -1250},
        unseen=[Unseen("arm", START, START + 4.5, "dark")],
    )
