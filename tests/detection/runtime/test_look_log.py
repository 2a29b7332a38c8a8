"""How often detectors really look, told as it is."""

from __future__ import annotations

import pytest

from core.types import ObservationKind
from detection.engines.base import Outcome
from detection.runtime.load import LookLog
from tests.detection.pictures import frame

EVERY = {"face": 0.0, "objects": 2.0, "identity": 45.0}
ANA, BEN = frozenset({"ana"}), frozenset({"ana", "ben"})


def outcome(spent: dict[str, float]) -> Outcome:
    """What became of a frame in which these detectors looked."""
    return Outcome(frame(b""), spent=spent, kinds={"face": "faces", "objects": "objects", "markers": "markers"})


def watch(log: LookLog, seconds: int, gap: int, who: str = "ana", start: int = 0, channel: str = "webcam") -> None:
    """Let faces be looked for each second, and objects each `gap` seconds."""
    for second in range(start, start + seconds):
        due = ("face", "objects") if second % gap == 0 else ("face",)
        log.finished(
            frame(b"", who, float(second), channel=channel), due, outcome(dict.fromkeys(due, 4.0)), float(second)
        )


def test_it_tells_the_interval_that_is_really_kept() -> None:
    log = LookLog(1.0)
    watch(log, 60, gap=6)
    report = log.report(EVERY, ANA, 60.0)
    assert (report["objects"]["every"], report["objects"]["seconds"]) == (2.0, 6.0)
    assert (report["face"]["every"], report["face"]["seconds"]) == (1.0, 1.0)
    assert report["face"]["looks"] == 60 and report["face"]["ms"] == 4.0
    assert report["objects"]["age"] == 6.0, "it looked last at 54"
    assert report["face"]["per_second"] == pytest.approx(1.0, abs=0.11)
    assert log.paces(EVERY, ANA, 60.0)[ObservationKind.OBJECTS] == (2.0, 6.0)


def test_what_never_looked_has_no_interval_and_no_age() -> None:
    log = LookLog(1.0)
    line = log.report(EVERY, ANA, 60.0)["identity"]
    assert (line["looks"], line["seconds"], line["age"], line["ms"], line["every"]) == (0, None, None, None, 45.0)
    assert log.paces(EVERY, ANA, 60.0) == {}


def test_looks_that_stop_are_not_told_as_kept() -> None:
    log = LookLog(1.0)
    watch(log, 30, gap=2)
    assert log.report(EVERY, ANA, 90.0)["objects"]["seconds"] == 62.0
    assert log.report(EVERY, frozenset(), 90.0)["objects"]["seconds"] is None, "who sends nothing waits for nothing"


def test_only_what_happened_lately_counts() -> None:
    log = LookLog(1.0)
    watch(log, 30, gap=2)
    watch(log, 40, gap=8, start=30)
    assert log.report(EVERY, ANA, 70.0)["objects"]["seconds"] == 8.0


def test_a_result_that_is_said_again_is_a_look_that_cost_nothing() -> None:
    log = LookLog(1.0)
    for second in range(10):
        spent = {"face": 5.0} if second % 5 == 0 else {}
        log.finished(frame(b"", "ana", float(second)), ("face",), outcome(spent), float(second))
    line = log.report(EVERY, ANA, 10.0)["face"]
    assert (line["looks"], line["said_again"], line["ms"]) == (10, 8, 5.0)


def test_the_oldest_look_is_that_of_whoever_waits_longest() -> None:
    log = LookLog(1.0)
    watch(log, 30, gap=2)
    watch(log, 10, gap=2, who="ben")
    assert log.report(EVERY, BEN, 30.0)["face"]["age"] == 21.0
    log.forget("ben")
    assert log.report(EVERY, BEN, 30.0)["face"]["age"] == 1.0


def test_phones_have_a_pace_of_their_own_and_say_nothing_of_the_webcams() -> None:
    log = LookLog(1.0)
    watch(log, 30, gap=6, channel="room")
    assert log.report(EVERY, ANA, 30.0)["objects"]["looks"] == 0
    log.finished(frame(b"", "ana", 1.0, channel="head"), ("markers", "objects"), outcome({"markers": 1.0}), 1.0)
    log.finished(frame(b"", "ana", 3.0, channel="head"), ("markers", "objects"), outcome({"markers": 1.0}), 3.0)
    report = log.report({**EVERY, "markers": 0.0}, ANA, 3.0)
    assert (report["markers"]["looks"], report["markers"]["seconds"], report["markers"]["every"]) == (2, 2.0, 4.0)
