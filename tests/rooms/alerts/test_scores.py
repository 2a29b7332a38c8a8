"""Attention and suspicion as the teachers are told: at most once a second, and only what changed."""

from __future__ import annotations

from typing import Any

from core.types import AlertKind, Frame, Observation, ObservationKind, Severity
from rooms.live.participant import Student
from tests.rooms.stage import Stage

AHEAD: dict[str, Any] = {"yaw": 0.0, "pitch": 0.0, "eyes_closed": 0.0, "gaze": None}
ASIDE: dict[str, Any] = {**AHEAD, "yaw": 90.0}


def running(stage: Stage, name: str = "Zoé", sid: str = "s1") -> Student:
    participant = stage.admitted(name, sid)
    if stage.room.state != "running":
        stage.lifecycle.set_state("r1", "running", "Ana")
    return participant


def see(stage: Stage, participant: Student, faces: int = 1, judged: bool = True, **face: Any) -> None:
    now = stage.clock.now()
    frame = Frame("r1", participant.id, 1, now, now, b"", 320, 240, judged=judged)
    facts: dict[ObservationKind, dict[str, Any]] = {
        ObservationKind.PICTURE: {"state": "ok"},
        ObservationKind.FACES: {"count": faces},
        ObservationKind.LANDMARKS: {**AHEAD, **face},
    }
    stage.alert_service.observed(
        frame, [Observation("r1", participant.id, kind, now, values) for kind, values in facts.items()]
    )


def scores(stage: Stage, sid: str = "t1") -> list[Any]:
    return [score for event in stage.told(sid, "attention") for score in event["scores"]]


def test_who_looks_at_the_exam_is_focused(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    see(stage, participant)
    assert scores(stage) == [[participant.id, 100, "focused", 0]]


def test_only_what_changed_is_told(stage: Stage) -> None:
    stage.teacher()
    first, second = running(stage), running(stage, "Ali", "s2")
    for _ in range(5):
        see(stage, first)
        see(stage, second)
        stage.clock.advance(1.0)
    stage.sockets.sent.clear()
    see(stage, first)
    assert scores(stage) == []
    stage.clock.advance(1.0)
    see(stage, second, **ASIDE)
    assert [score[:1] + score[2:] for score in scores(stage)] == [[second.id, "focused", 0]]


def test_an_empty_chair_is_told_as_not_known_at_once(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    see(stage, participant)
    stage.clock.advance(1.0)
    see(stage, participant, faces=0)
    assert scores(stage)[-1] == [participant.id, None, None, 0]


def test_teachers_are_told_at_most_once_a_second(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    for number in range(50):
        see(stage, participant, faces=number % 2)
        stage.clock.advance(0.1)
    assert len(stage.told("t1", "attention")) <= 6


def test_what_was_held_back_is_told_later(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    see(stage, participant)
    stage.clock.advance(0.5)
    see(stage, participant, **ASIDE)
    assert len(scores(stage)) == 1
    stage.clock.advance(0.6)
    stage.scores.look_around()
    assert scores(stage)[-1][1] < 100


def test_an_attention_that_is_old_is_not_known(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    see(stage, participant)
    stage.clock.advance(20.0)
    stage.scores.look_around()
    assert scores(stage)[-1] == [participant.id, None, None, 0]


def test_frames_of_the_system_check_count_for_nothing(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    see(stage, participant, judged=False)
    assert scores(stage) == []


def test_a_student_without_gaze_is_not_measured_by_it(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    stage.accommodations.adjust(stage.room, participant.id, ["no_gaze"], (1, "Ana"))
    see(stage, participant, **ASIDE)
    assert scores(stage)[-1][1] == 100


def test_the_students_own_pose_is_the_middle(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    participant.baseline = {"yaw": 38.0, "pitch": 0.0, "roll": 0.0, "spread": 10.0, "gaze": None}
    see(stage, participant, yaw=38.0)
    assert scores(stage)[-1][1] == 100


# ------------------------------------------------------------------------------------------- suspicion


def accuse(stage: Stage, participant: Student, name: str = "a1", **changed: Any) -> Any:
    alert = stage.alert(participant, id=name, kind=AlertKind.PHONE_DETECTED, severity=Severity.CRITICAL, **changed)
    stage.alert_service.alert_raised(alert)
    return alert


def level(stage: Stage) -> int:
    stage.clock.advance(1.0)
    stage.scores.look_around()
    return int(scores(stage)[-1][3])


def test_an_alert_raises_it_time_and_a_dismissal_lower_it(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    alert = accuse(stage, participant)
    assert level(stage) == 45
    stage.alert_service.alert_ended(alert.ended(stage.clock.now()))
    stage.clock.advance(599.0)
    assert level(stage) in (22, 23)
    stage.verdicts.review(stage.room, "a1", "dismissed", None, (1, "Ana"))
    assert level(stage) == 0
    stage.verdicts.review(stage.room, "a1", "new", None, (1, "Ana"))
    assert level(stage) in (22, 23)


def test_a_restart_remembers_it(stage: Stage) -> None:
    participant = running(stage)
    accuse(stage, participant)
    accuse(stage, participant, "a2")
    stage.verdicts.review(stage.room, "a2", "dismissed", None, (1, "Ana"))
    stage.restart()
    stage.teacher()
    assert level(stage) in (44, 45)


def test_a_page_that_opens_is_told_of_everybody_there_is_something_to_tell_of(stage: Stage) -> None:
    participant = running(stage)
    running(stage, "Ali", "s2")
    accuse(stage, participant)
    stage.teacher()
    assert scores(stage) == [[participant.id, None, None, 45]]


def test_rooms_that_are_gone_are_forgotten(stage: Stage) -> None:
    participant = running(stage)
    accuse(stage, participant)
    stage.directory.drop_room("r1")
    stage.scores.look_around()
    assert stage.scores._rooms == {}
