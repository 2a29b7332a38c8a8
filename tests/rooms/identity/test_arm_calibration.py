"""How the student's arm moves at desk work: learnt from windows of the phone on the arm, kept, told to the sense."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import UserError
from core.types import Observation, ObservationKind
from detection.sensing.arm.features import NAMES
from detection.sensing.arm.reference import RAISED, TOO_FEW
from rooms.identity.arm_calibration import MOST_STEPS, SETTLE, WINDOW
from rooms.live.participant import Student
from store.rooms import ParticipantRow
from tests.rooms.stage import Stage


def window(elevation: float = 2.0) -> list[float]:
    told = dict.fromkeys(NAMES, -1.0) | {"elevation": elevation, "gravity_across": 9.8}
    return [told[name] for name in NAMES]


def feel(stage: Stage, participant: Student, elevation: float = 2.0, **more: Any) -> None:
    """One window that ends now."""
    values = {"family": "calm", "strength": 0.1, "features": window(elevation), **more}
    stage.alert_service.sensed(
        [Observation("r1", participant.id, ObservationKind.ARM, stage.clock.now(), values, channel="arm")], False
    )


def work(stage: Stage, participant: Student, phase: str, seconds: int = 7, elevation: float = 2.0) -> int:
    """Do what a phase asks for and return how many windows it has."""
    stage.arm_calibration.step(participant, phase)
    for _ in range(4 * seconds):
        stage.clock.advance(0.25)
        feel(stage, participant, elevation)
    return int(stage.arm_calibration.step(participant, phase)["samples"])


def calibrate(stage: Stage, participant: Student) -> dict[str, Any]:
    stage.arm_calibration.step(participant, "start")
    for phase in ("rest", "type", "write"):
        work(stage, participant, phase)
    return stage.arm_calibration.step(participant, "done")


def context(stage: Stage, participant: Student) -> Any:
    return stage.monitor.contexts[participant.id, "arm"]


def test_three_phases_make_a_reference_that_outlives_a_restart(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    answer = calibrate(stage, participant)
    assert (answer["ok"], answer["learnt"], answer["reason"]) == (True, True, None)
    assert answer["samples"] == 51
    assert participant.arm_reference is not None
    assert set(participant.arm_reference["phases"]) == {"rest", "type", "write"}
    assert context(stage, participant) == {"reference": participant.arm_reference}
    with stage.database.read() as session:
        row = session.get(ParticipantRow, participant.id)
        assert row is not None
        assert row.arm_reference == participant.arm_reference
    stage.restart()
    again = stage.room.students[participant.id]
    assert again.arm_reference == participant.arm_reference
    stage.monitor.contexts.clear()
    stage.arm_calibration.resume(again)
    assert context(stage, again) == {"reference": participant.arm_reference}


def test_the_sense_is_told_when_to_measure_and_when_to_stop(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.arm_calibration.step(participant, "start")
    assert context(stage, participant) == {"calibrates": True}
    assert stage.arm_calibration.step(participant, "skip") == {
        "ok": True,
        "learnt": False,
        "samples": 0,
        "reason": None,
    }
    assert context(stage, participant) == {}
    stage.arm_calibration.step(participant, "start")
    stage.arm_calibration.forget(participant.id)
    assert context(stage, participant) == {}
    with pytest.raises(UserError):
        stage.arm_calibration.step(participant, "done")


def test_a_window_belongs_to_a_phase_that_holds_all_of_it(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.arm_calibration.step(participant, "start")
    feel(stage, participant)
    stage.arm_calibration.step(participant, "rest")
    stage.clock.advance(SETTLE + WINDOW - 0.1)
    feel(stage, participant)
    assert stage.arm_calibration.step(participant, "rest")["samples"] == 0
    stage.clock.advance(0.2)
    feel(stage, participant)
    assert stage.arm_calibration.step(participant, "rest")["samples"] == 1
    stage.arm_calibration.step(participant, "type")
    stage.clock.advance(1.0)
    feel(stage, participant)
    assert stage.arm_calibration.step(participant, "type")["samples"] == 0
    assert stage.arm_calibration.step(participant, "rest")["samples"] == 1


def test_windows_without_features_and_of_others_are_not_kept(stage: Stage) -> None:
    participant, other = stage.student(sid="s1"), stage.student("Ben", sid="s2")
    stage.arm_calibration.step(participant, "start")
    stage.arm_calibration.step(participant, "rest")
    stage.clock.advance(4.0)
    feel(stage, other)
    feel(stage, participant, features=None)
    assert stage.arm_calibration.step(participant, "rest")["samples"] == 0


def test_a_reason_is_given_and_an_earlier_reference_kept(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    participant = stage.student(sid="s1")
    stage.arm_calibration.step(participant, "start")
    assert stage.arm_calibration.step(participant, "done") == {
        "ok": True,
        "learnt": False,
        "samples": 0,
        "reason": TOO_FEW,
    }
    assert any(line.startswith("arm-not-learnt room=004217 student=Zoé why=") for line in caplog.messages)
    calibrate(stage, participant)
    kept = participant.arm_reference
    stage.arm_calibration.step(participant, "start")
    assert context(stage, participant) == {"reference": kept, "calibrates": True}
    work(stage, participant, "type", elevation=60.0)
    answer = stage.arm_calibration.step(participant, "done")
    assert (answer["learnt"], answer["reason"]) == (True, RAISED)
    assert participant.arm_reference == kept


def test_steps_out_of_place_are_refused(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    for phase in ("rest", "done"):
        with pytest.raises(UserError) as refused:
            stage.arm_calibration.step(participant, phase)
        assert refused.value.code == "bad_move"
    stage.arm_calibration.step(participant, "start")
    for number in range(MOST_STEPS):
        stage.arm_calibration.step(participant, ("rest", "type")[number % 2])
    with pytest.raises(UserError):
        stage.arm_calibration.step(participant, "write")
    stage.admission.ready(participant)
    with pytest.raises(UserError):
        stage.arm_calibration.step(participant, "start")
