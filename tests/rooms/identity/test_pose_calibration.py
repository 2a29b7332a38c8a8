"""The student's usual position, from frames captured while five targets are shown."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import UserError
from core.types import Frame, Observation, ObservationKind
from detection.runtime.baseline import NO_CORNERS, TOO_FEW
from rooms.identity.pose_calibration import MOST_STEPS
from rooms.live.participant import Student
from store.rooms import ParticipantRow
from tests.rooms.stage import Stage

TARGETS = {"neutral": 0.0, "top_left": -9.0, "top_right": 9.0, "bottom_right": 8.0, "bottom_left": -8.0}


def see(stage: Stage, participant: Student, yaw: float | None, ago: float = 0.0, channel: str = "webcam") -> None:
    now = stage.clock.now()
    frame = Frame("r1", participant.id, 1, now - ago, now, b"", 320, 240, channel=channel, judged=False)
    values = {"yaw": yaw, "pitch": 0.0, "roll": 0.0, "gaze": None, "eyes_closed": 0.1, "mouth": 0.0, "coarse": False}
    stage.alert_service.observed(frame, [Observation("r1", participant.id, ObservationKind.LANDMARKS, now, values)])


def show(stage: Stage, participant: Student, target: str, yaw: float, looks: int = 3) -> None:
    stage.calibration.step(participant, "point", target)
    for _ in range(looks):
        stage.clock.advance(1.0)
        see(stage, participant, yaw)


def calibrate(stage: Stage, participant: Student, aside: float = 0.0) -> dict[str, Any]:
    stage.calibration.step(participant, "start", None)
    for target, yaw in TARGETS.items():
        show(stage, participant, target, yaw + aside)
    return stage.calibration.step(participant, "done", None)


def test_five_targets_make_a_baseline_that_outlives_a_restart(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    assert calibrate(stage, participant, aside=20.0) == {"ok": True, "baseline": True, "samples": 15, "reason": None}
    stage.restart()
    again = stage.room.students[participant.id]
    assert again.baseline is not None
    assert (again.baseline["yaw"], again.baseline["spread"]) == (20.0, 9.0)
    stage.connect(participant.id, "s2")
    stage.admission.ready(again)
    stage.lifecycle.set_state("r1", "running", "Ana")
    told = [one.values for one in stage.monitor.observations if one.kind is ObservationKind.BASELINE]
    assert told == [again.baseline]


def test_looks_are_asked_for_while_it_runs(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    see(stage, participant, 0.0)
    assert stage.monitor.asked == []
    calibrate(stage, participant)
    assert set(stage.monitor.asked) == {(participant.id, "landmarks")}
    stage.monitor.asked.clear()
    see(stage, participant, 0.0)
    assert stage.monitor.asked == []


def test_a_frame_belongs_to_what_was_shown_when_it_was_captured(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.calibration.step(participant, "start", None)
    show(stage, participant, "neutral", 0.0)
    stage.calibration.step(participant, "point", "top_left")
    stage.clock.advance(0.3)
    see(stage, participant, 50.0)  # the eyes are still on their way
    see(stage, participant, 0.0, ago=0.5)  # analysed late
    assert stage.calibration.step(participant, "point", "top_left")["samples"] == 0
    assert stage.calibration.step(participant, "point", "neutral")["samples"] == 4


def test_before_the_first_target_nothing_is_kept(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.calibration.step(participant, "start", None)
    see(stage, participant, 0.0)
    assert stage.calibration.step(participant, "done", None)["samples"] == 0


def test_a_reason_is_given_and_an_earlier_baseline_kept(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    participant = stage.student(sid="s1")
    stage.calibration.step(participant, "start", None)
    assert stage.calibration.step(participant, "done", None) == {
        "ok": True,
        "baseline": False,
        "samples": 0,
        "reason": TOO_FEW,
    }
    assert any(line.startswith("not-calibrated room=004217 student=Zoé why=") for line in caplog.messages)
    calibrate(stage, participant)
    stage.calibration.step(participant, "start", None)
    show(stage, participant, "neutral", 30.0)
    answer = stage.calibration.step(participant, "done", None)
    assert (answer["baseline"], answer["reason"]) == (True, NO_CORNERS)
    with stage.database.read() as session:
        row = session.get(ParticipantRow, participant.id)
        assert row is not None
        assert row.baseline == participant.baseline
        assert participant.baseline is not None
        assert participant.baseline["yaw"] == 0.0


def test_skipping_leaves_nothing_under_way(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.calibration.step(participant, "start", None)
    assert stage.calibration.step(participant, "skip", None)["baseline"] is False
    with pytest.raises(UserError):
        stage.calibration.step(participant, "done", None)


def test_another_channel_shows_another_pose(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.calibration.step(participant, "start", None)
    stage.calibration.step(participant, "point", "neutral")
    stage.clock.advance(1.0)
    see(stage, participant, 0.0, channel="desk")
    assert stage.calibration.step(participant, "point", "neutral")["samples"] == 0


@pytest.mark.parametrize(("phase", "target"), [("point", "neutral"), ("done", None)])
def test_steps_need_a_start(stage: Stage, phase: str, target: str | None) -> None:
    participant = stage.student(sid="s1")
    with pytest.raises(UserError) as refused:
        stage.calibration.step(participant, phase, target)
    assert refused.value.code == "bad_move"


def test_a_page_cannot_go_on_for_ever(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.calibration.step(participant, "start", None)
    with pytest.raises(UserError):
        for number in range(MOST_STEPS + 1):
            stage.calibration.step(participant, "point", ("neutral", "top_left")[number % 2])


def test_nobody_changes_the_usual_position_during_the_exam(stage: Stage) -> None:
    participant = stage.admitted()
    with pytest.raises(UserError) as refused:
        stage.calibration.step(participant, "start", None)
    assert refused.value.code == "bad_move"


def test_who_goes_away_begins_anew(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.calibration.step(participant, "start", None)
    stage.calibration.forget(participant.id)
    with pytest.raises(UserError):
        stage.calibration.step(participant, "done", None)
