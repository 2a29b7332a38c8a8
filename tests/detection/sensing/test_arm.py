"""The arm as the sensing process hosts it: a window a second, desk work learnt, nothing kept, hours of sixty arms."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arm import ArmLevel, is_explained, is_moved, is_notable
from core.types import ArmFamily, Observation, ObservationKind, Reading, ReadingKind
from detection.sensing.arm import sense as arm_module
from detection.sensing.arm.features import NAMES
from detection.sensing.arm.reference import RAISED, TOO_FEW, TOO_STRONG, measure_arm
from detection.sensing.arm.sense import ArmSense
from detection.sensing.base import Patient, Sense
from tests.detection.arms import PHONE_HZ, START, raised, rows, sense


def families(found: list[Observation]) -> list[str]:
    return [one.values["family"] for one in found]


def test_a_window_a_second_says_what_the_arm_does() -> None:
    sensed = ArmSense()
    found = sense(sensed, rows(10.0, 3.0))
    assert [round(one.at - START, 1) for one in found] == [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
    assert {(one.kind, one.channel, one.participant, one.room) for one in found} == {
        (ObservationKind.ARM, "arm", "zoe", "room")
    }
    assert set(families(found)) == {ArmFamily.CALM}
    assert families(sense(sensed, raised(10.0), START + 100))[-3:] == [ArmFamily.HAND_TO_FACE] * 3


def test_it_is_a_sense_that_hosts_know() -> None:
    sensed: Sense = ArmSense()
    assert isinstance(sensed, Patient)


def test_values_travel_as_json_and_the_simple_rule_runs_beside() -> None:
    found = sense(ArmSense(), rows(5.0, 45.0, roll=40.0))
    assert json.loads(json.dumps(found[0].values)) == found[0].values
    assert set(found[0].values) == {"family", "sure", "strength", "distance", "simple"}
    assert [one.values["simple"] for one in found] == [True] * len(found)
    assert not any(one.values["simple"] for one in sense(ArmSense(), rows(5.0, 3.0)))


def test_without_a_model_only_strength_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arm_module, "find", lambda _folders: (None, "there is no model"))
    sensed = ArmSense()
    assert set(families(sense(sensed, rows(5.0, 50.0)))) == {ArmFamily.CALM}
    assert set(families(sense(sensed, rows(5.0, 3.0, shake=2.0), START + 60))) == {ArmFamily.MOVING}
    assert sensed.notes()["model"] == "there is no model"


# ------------------------------------------------------------------------------------ desk work


def calibrated(sensed: ArmSense, participant: str = "zoe") -> dict[str, Any]:
    sensed.tell(participant, {"calibrates": True})
    phases = {"rest": rows(7.0, 3.0), "type": rows(7.0, 5.0, 0.6, 6.0), "write": rows(7.0, -4.0, 0.8, 3.0)}
    found = {
        phase: [one.values["features"] for one in sense(sensed, told, START + 50.0 * number, participant)]
        for number, (phase, told) in enumerate(phases.items())
    }
    reference, reason = measure_arm(found)
    assert reason is None
    assert reference is not None
    sensed.tell(participant, json.loads(json.dumps({"reference": reference})))
    return reference


def test_features_are_told_only_while_desk_work_is_learnt() -> None:
    sensed = ArmSense()
    sensed.tell("zoe", {"calibrates": True})
    found = sense(sensed, rows(7.0))
    assert len(found) > 12
    assert {len(one.values["features"]) for one in found} == {len(NAMES)}
    sensed.tell("zoe", {})
    later = sense(sensed, rows(7.0), START + 60)
    assert [("features" in one.values, one.values["distance"]) for one in later] == [(False, None)] * len(later)


def test_desk_work_is_near_and_a_telephone_is_far() -> None:
    sensed = ArmSense()
    calibrated(sensed)
    typing = sense(sensed, rows(8.0, 6.0, 0.7, 5.0), START + 1000)
    assert max(one.values["distance"] for one in typing) < 2.0
    assert not any(is_moved(one.values) for one in typing)
    called = sense(sensed, raised(8.0), START + 2000)
    assert min(one.values["distance"] for one in called[2:]) > 3.0
    assert all(is_notable(one.values) for one in called[2:])


def test_another_students_desk_work_is_not_ones_own() -> None:
    sensed = ArmSense()
    calibrated(sensed)
    found = sense(sensed, rows(5.0), START, "ben")
    assert {one.values["distance"] for one in found} == {None}


def test_who_left_is_forgotten() -> None:
    sensed = ArmSense()
    calibrated(sensed)
    sensed.forget("zoe")
    sensed.forget("nobody")
    assert sensed.notes()["arms"] == 0
    assert {one.values["distance"] for one in sense(sensed, rows(5.0), START + 900)} == {None}


@pytest.mark.parametrize(
    ("told", "reason"),
    [(rows(7.0, 50.0), RAISED), (rows(7.0, 0.0, 6.0), TOO_STRONG), (rows(3.2, 0.0), TOO_FEW)],
)
def test_what_is_no_desk_work_is_not_learnt(told: Any, reason: str) -> None:
    sensed = ArmSense()
    sensed.tell("zoe", {"calibrates": True})
    windows = [one.values["features"] for one in sense(sensed, told)]
    assert measure_arm({"type": windows}) == (None, reason)
    assert measure_arm({}) == (None, TOO_FEW)


@pytest.mark.parametrize("share", [0.55, 0.7, 0.85])
def test_a_telephone_that_is_shown_as_desk_work_is_not_excused(share: float) -> None:
    """The arm lies on the desk for most of the calibration, and is at the ear for the rest of it."""
    sensed = ArmSense()
    sensed.tell("zoe", {"calibrates": True})
    desk, ear = rows(12.0 * share, 5.0, 0.6), raised(12.0 * (1 - share), 70.0)
    ear[:, 0] += desk[-1, 0] + 1 / PHONE_HZ
    reference, _ = measure_arm({"type": [one.values["features"] for one in sense(sensed, np.vstack((desk, ear)))]})
    sensed.tell("zoe", {"reference": reference})
    called = sense(sensed, raised(8.0, 70.0), START + 100)
    assert all(is_notable(one.values) for one in called[2:])
    waved = sense(sensed, rows(6.0, 10.0, 4.0), START + 200)
    assert all(is_notable(one.values) for one in waved)


@pytest.mark.parametrize(
    "reference", [{"phases": {"rest": {}}}, {"phases": {"rest": {"centre": [1], "spread": [1]}}}, {}]
)
def test_a_reference_of_another_version_says_nothing(reference: dict[str, Any]) -> None:
    sensed = ArmSense()
    sensed.tell("zoe", {"reference": reference})
    assert {one.values["distance"] for one in sense(sensed, rows(4.0))} == {None}


# ------------------------------------------------------------------------------------ nonsense, and much of it


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=400), st.floats(-1e9, 1e12), st.sampled_from("ab")), max_size=20))
def test_no_bytes_break_it(parts: list[tuple[bytes, float, str]]) -> None:
    sensed = ArmSense()
    for data, at, who in parts:
        for one in sensed.take(Reading("room", who, "arm", ReadingKind.MOTION, at, data)):
            assert json.loads(json.dumps(one.values, allow_nan=False)) == one.values


@pytest.mark.slow
def test_sixty_arms_do_not_grow() -> None:
    """What is kept is the same after each round of all arms; `python -m bench.arms` runs two hours of them."""
    sensed = ArmSense()
    told = rows(6.0, 5.0, 0.8, hz=50.0)

    def every_arm(number: int) -> None:
        for arm in range(60):
            sense(sensed, told, START + 6.0 * number, f"arm-{arm}")

    every_arm(0)
    every_arm(1)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(2, 5):
        every_arm(number)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 60 * 12_000  # what one arm remembers is made anew with each batch, and is as large as before
    assert sensed.notes()["arms"] == 60


# ------------------------------------------------------------------------------------ what windows amount to


def values(
    family: ArmFamily, strength: float = 0.1, distance: float | None = None, sure: float = 0.9
) -> dict[str, Any]:
    return {"family": str(family), "sure": sure, "strength": strength, "distance": distance, "simple": False}


@pytest.mark.parametrize(
    ("told", "moved", "notable"),
    [
        (values(ArmFamily.CALM, 3.0), False, False),
        (values(ArmFamily.HAND_TO_FACE), True, True),
        (values(ArmFamily.HAND_TO_FACE, sure=0.4), True, False),
        (values(ArmFamily.HAND_TO_FACE, 4.0, distance=2.0), False, False),
        (values(ArmFamily.REACHING, 0.8), True, False),
        (values(ArmFamily.REACHING, 0.8, distance=1.0), False, False),
        (values(ArmFamily.REACHING, 2.6), True, True),
        (values(ArmFamily.MOVING, 0.3), False, False),
        (values(ArmFamily.BODY, 3.0, distance=9.0), True, True),
        ({}, False, False),
    ],
)
def test_what_counts(told: dict[str, Any], moved: bool, notable: bool) -> None:
    assert (is_moved(told), is_notable(told)) == (moved, notable)


def test_the_level_is_the_share_of_half_a_minute_and_explained_movement_weighs_a_quarter() -> None:
    level = ArmLevel()
    assert level.level(START) == 0
    for second in range(30):
        level.add(START + second, second % 2 == 0, False)
    assert level.level(START + 29) == 50
    for second in range(30, 60):
        level.add(START + second, True, True)
    assert level.level(START + 60) == 25
    assert level.level(START + 200) == 0


def test_keys_explain_a_few_seconds() -> None:
    assert is_explained(START, START - 2.9)
    assert is_explained(START, START + 1.0)
    assert not is_explained(START, START - 3.1)
    assert not is_explained(START, float("-inf"))
