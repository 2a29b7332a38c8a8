"""Live levels as the teachers are told: at most once a second, only what changed, and noise once it lasts."""

from __future__ import annotations

from typing import Any

from core.types import Observation, ObservationKind
from rooms.intake.sensor_levels import LOUD_AFTER, QUIET_AFTER, SPEECH_LASTS, STALE
from rooms.live.participant import Student
from rooms.live.views import participant_view
from tests.rooms.stage import Stage


def running(stage: Stage, name: str = "Zoé", sid: str = "s1") -> Student:
    participant = stage.admitted(name, sid)
    if stage.room.state != "running":
        stage.lifecycle.set_state("r1", "running", "Ana")
    return participant


def level(stage: Stage, participant: Student, level: float, floor: float = -60.0, channel: str = "webcam") -> None:
    stage.senses.level_came(stage.room, participant, channel, level, floor)


def speech(stage: Stage, participant: Student, sure: float | None, channel: str = "webcam") -> None:
    values = {"level": -30.0, "floor": -60.0, "speech": sure, "seconds": 0.5, "length": 0.5}
    now = stage.clock.now()
    stage.alert_service.sensed([Observation("r1", participant.id, ObservationKind.SOUND, now, values, channel)], True)


def arm(stage: Stage, participant: Student, strength: float, family: str = "reaching") -> None:
    values = {"family": family, "sure": 0.9, "strength": strength, "distance": None, "simple": False}
    now = stage.clock.now()
    stage.alert_service.sensed([Observation("r1", participant.id, ObservationKind.ARM, now, values, "arm")], True)


def sounds(stage: Stage, sid: str = "t1") -> list[Any]:
    return [row for event in stage.told(sid, "sensors") for row in event["sounds"]]


def arms(stage: Stage) -> list[Any]:
    return [row for event in stage.told("t1", "sensors") for row in event["arms"]]


def test_levels_and_speech_come_together(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    level(stage, participant, -30.2)
    assert sounds(stage) == [[participant.id, "webcam", -30.2, -60.0, None]]
    stage.clock.advance(1.0)
    speech(stage, participant, 0.93)
    assert sounds(stage)[-1] == [participant.id, "webcam", -30.2, -60.0, 0.93]
    stage.clock.advance(SPEECH_LASTS + 0.1)
    stage.senses.look_around()
    assert sounds(stage)[-1][4] == 0.0, "speech ends by itself"


def test_at_most_once_a_second_and_only_what_changed(stage: Stage) -> None:
    stage.teacher()
    first, second = running(stage), running(stage, "Ali", "s2")
    for number in range(20):
        level(stage, first, -30.0 - number)
        level(stage, second, -50.0)
    assert len(stage.told("t1", "sensors")) == 1
    stage.clock.advance(1.0)
    stage.senses.look_around()
    stage.sockets.sent.clear()
    for _ in range(5):
        stage.clock.advance(1.0)
        level(stage, first, -45.0)
        level(stage, second, -50.4)
    assert [row[0] for row in sounds(stage)] == [first.id]


def test_a_teacher_who_comes_later_is_told_all_at_once(stage: Stage) -> None:
    participant = running(stage)
    level(stage, participant, -30.0)
    level(stage, participant, -40.0, channel="head")
    stage.teacher()
    assert sorted(row[1] for row in sounds(stage)) == ["head", "webcam"]


def test_an_arm_that_types_is_explained(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    arm(stage, participant, 3.0)
    assert arms(stage) == [[participant.id, 100, "reaching", False, 3.0]]
    stage.readings.input(participant, {"keys": 3, "pointer": 0})
    stage.clock.advance(1.0)
    arm(stage, participant, 3.0)
    assert arms(stage)[-1][:4] == [participant.id, 62, "reaching", True]
    stage.clock.advance(60.0)
    stage.senses.look_around()
    assert arms(stage)[-1][1] == 0


def test_noise_is_a_condition_of_the_student_once_it_lasts(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    began = round(stage.clock.now() * 1000)
    for _ in range(int(LOUD_AFTER)):
        level(stage, participant, -40.0)
        stage.clock.advance(1.0)
    assert participant_view(stage.room, participant)["conditions"]["noise"] is None
    level(stage, participant, -40.0)
    noise = participant_view(stage.room, participant)["conditions"]["noise"]
    assert noise == {"channel": "webcam", "since": began, "level": -40.0}
    assert stage.told("t1", "participant")[-1]["conditions"]["noise"] == noise
    stage.clock.advance(QUIET_AFTER + 0.1)
    stage.senses.look_around()
    assert stage.told("t1", "participant")[-1]["conditions"]["noise"] is None


def test_a_slam_of_a_door_is_no_noise(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    for number in range(60):
        level(stage, participant, -20.0 if number % 10 == 0 else -58.0)
        stage.clock.advance(1.0)
    assert participant.noise is None


def test_what_is_old_or_of_nobody_is_forgotten(stage: Stage) -> None:
    participant = running(stage)
    level(stage, participant, -30.0)
    stage.alert_service.sensed([Observation("r1", "nobody", ObservationKind.SOUND, 1.0, {"speech": 1.0})], True)
    stage.alert_service.sensed([Observation("gone", participant.id, ObservationKind.SOUND, 1.0, {"speech": 1.0})], True)
    stage.clock.advance(STALE + 1.0)
    stage.senses.look_around()
    stage.senses.welcome(stage.room, stage.teacher())
    assert sounds(stage) == []
