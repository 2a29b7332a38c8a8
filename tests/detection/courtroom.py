"""A judge with a room and a student, spoken to in short: what tests of rules and judge share."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from core.types import Alert, Observation, ObservationKind, RuleSettings, Severity
from detection.measures.scenes import COLUMNS, ROWS
from detection.rules import DEFAULTS
from detection.runtime.judge import Judge

START = 1_700_000_000.0
ROOM, STUDENT = "room", "student"
LOOKS = frozenset(
    {
        ObservationKind.FACES,
        ObservationKind.PICTURE,
        ObservationKind.OBJECTS,
        ObservationKind.LANDMARKS,
        ObservationKind.IDENTITY,
        ObservationKind.MARKERS,
        ObservationKind.SCENE,
    }
)


def observe(kind: ObservationKind, at: float, participant: str = STUDENT, **values: Any) -> Observation:
    """Make an observation `at` seconds after START; frames get their time in milliseconds as sequence."""
    is_look = kind in LOOKS
    return Observation(ROOM, participant, kind, START + at, values, sequence=int(at * 1000) if is_look else None)


def faces(count: int, at: float, **more: Any) -> Observation:
    return observe(ObservationKind.FACES, at, count=count, scores=[0.9] * count, **more)


def picture(state: str, at: float, **more: Any) -> Observation:
    values = {"luminance": 90.0, "blur": 300.0, "fingerprint": f"ffff0000ffff0000-{at:.3f}", **more}
    return observe(ObservationKind.PICTURE, at, state=state, **values)


def connection(online: bool, at: float) -> Observation:
    return observe(ObservationKind.CONNECTION, at, online=online)


def camera(state: str, at: float) -> Observation:
    return observe(ObservationKind.CAMERA, at, state=state)


def page(state: str, at: float) -> Observation:
    return observe(ObservationKind.PAGE, at, visible=state != "hidden", focused=state == "visible")


def sound(at: float, seconds: float, sure: float = 0.95, channel: str = "webcam") -> Observation:
    """Make a SOUND observation of a batch with so many seconds of speech in it."""
    values: dict[str, Any] = {"level": -30.0, "floor": -60.0, "speech": sure, "seconds": seconds, "length": 1.0}
    return replace(observe(ObservationKind.SOUND, at, **values), channel=channel)


def arm(
    at: float, family: str = "hand_to_face", strength: float = 0.4, sure: float = 0.9, distance: float | None = None
) -> Observation:
    """Make an ARM observation of a window."""
    values: dict[str, Any] = {
        "family": family,
        "sure": sure,
        "strength": strength,
        "distance": distance,
        "simple": False,
    }
    return replace(observe(ObservationKind.ARM, at, **values), channel="arm")


def typed(at: float, keys: int = 3, pointer: int = 0) -> Observation:
    return observe(ObservationKind.INPUT, at, keys=keys, pointer=pointer)


def objects(at: float, *labels: str) -> Observation:
    """Make an OBJECTS observation of things beside each other."""
    found = [{"label": label, "box": [100 * n, 10, 90, 80], "score": 0.8 - n / 100} for n, label in enumerate(labels)]
    return observe(ObservationKind.OBJECTS, at, objects=found)


def markers(at: float, *ids: int) -> Observation:
    return observe(ObservationKind.MARKERS, at, ids=list(ids), boxes=[[10, 10, 30, 30]] * len(ids))


def scene(at: float, number: int = 1) -> Observation:
    """Make a SCENE observation; each number is another scene."""
    chance = Random(number)
    return observe(ObservationKind.SCENE, at, signature=[chance.randrange(256) for _ in range(COLUMNS * ROWS)])


def moved(at: float, gravity: tuple[float, float, float] = (0.0, 9.8, 0.0), shaken: float = 0.02) -> Observation:
    return observe(ObservationKind.MOVED, at, gravity=list(gravity), shaken=shaken)


def of(channel: str, *observations: Observation) -> list[Observation]:
    """Make observations those of a channel."""
    return [replace(one, channel=channel) for one in observations]


def pose(at: float, yaw: float | None = 0.0, pitch: float | None = 0.0, **more: Any) -> Observation:
    """Make a LANDMARKS observation of an open-eyed, silent face."""
    values = {"yaw": yaw, "pitch": pitch, "roll": 0.0, "gaze": None, "eyes_closed": 0.1, "mouth": 0.02, "coarse": False}
    return observe(ObservationKind.LANDMARKS, at, **{**values, **more})


def identity(at: float, match: str, distance: float | None = 0.7) -> Observation:
    return observe(ObservationKind.IDENTITY, at, match=match, distance=distance, reason=None)


def source(at: float, label: str, **more: Any) -> Observation:
    values = {"width": 640, "height": 480, "fps": 30.0, "jitter_ms": 1.5, **more}
    return observe(ObservationKind.SOURCE, at, label=label, **values)


def baseline(at: float, yaw: float | None = 0.0, pitch: float = 0.0, spread: float = 10.0, **more: Any) -> Observation:
    values = {"roll": 0.0, "gaze": None, **more}
    return observe(ObservationKind.BASELINE, at, yaw=yaw, pitch=pitch, spread=spread, **values)


class Courtroom:
    """A judge whose alerts are collected and checked: one open at most of each kind and student, ends known."""

    def __init__(self, rules: Mapping[str, RuleSettings] | None = None) -> None:
        self.ids = (f"alert-{number}" for number in itertools.count(1))
        self.judge = Judge(new_id=lambda: next(self.ids))
        self.rules = rules or {}
        self.judge.watch(ROOM, self.rules)
        self.raised: list[Alert] = []
        self.ended: list[Alert] = []

    def adjust(self, off: Iterable[str] = (), notice: Iterable[str] = ()) -> None:
        """Have other rules apply to STUDENT than to the room."""
        own = {**DEFAULTS, **self.rules}
        own |= {kind: replace(own[kind], enabled=False) for kind in off}
        own |= {kind: replace(own[kind], severity=Severity.NOTICE, hint=False) for kind in notice}
        self.judge.watch(ROOM, self.rules, {STUDENT: own})

    def feed(self, *observations: Observation) -> list[Alert]:
        return [alert for one in observations for alert in self.take(self.judge.feed(one))]

    def tick(self, *seconds: float) -> list[Alert]:
        return [alert for one in seconds for alert in self.take(self.judge.tick(START + one))]

    def take(self, alerts: list[Alert]) -> list[Alert]:
        for alert in alerts:
            (self.raised if alert.ended_at is None else self.ended).append(alert)
            self.check(alert)
        return alerts

    def check(self, alert: Alert) -> None:
        """Hold what must hold of every alert, whatever was fed."""
        # what may be as it should be is noted apart
        places = [(one.participant, one.kind, one.channel, one.severity is Severity.NOTICE) for one in self.open]
        assert len(places) == len(set(places))
        assert alert.started_at <= alert.raised_at
        assert alert.ended_at is None or alert.raised_at <= alert.ended_at
        assert alert.text % alert.numbers
        assert {one.id for one in self.ended} <= {one.id for one in self.raised}

    @property
    def open(self) -> list[Alert]:
        over = {alert.id for alert in self.ended}
        return [alert for alert in self.raised if alert.id not in over]

    @property
    def kinds(self) -> list[str]:
        return [alert.kind for alert in self.raised]


def absent_for(court: Courtroom, start: float, seconds: int) -> None:
    for second in range(seconds):
        court.feed(faces(0, start + second), picture("ok", start + second))


def present_for(court: Courtroom, start: float, seconds: int) -> None:
    for second in range(seconds):
        court.feed(faces(1, start + second), picture("ok", start + second))
