"""Live levels as the teachers are told: at most once a second, only what changed, and noise once it lasts."""

from __future__ import annotations

from typing import Any

import pytest

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


# ------------------------------------------------------------------------------------ at the limits


def tell_again(stage: Stage) -> list[Any]:
    """What a second later is told of sound."""
    stage.sockets.sent.clear()
    stage.clock.advance(1.0)
    stage.senses.look_around()
    return sounds(stage)


@pytest.mark.parametrize(
    ("new", "floor", "is_news"),
    [(-30.9, -60.0, False), (-31.0, -60.0, True), (-30.0, -60.9, False), (-30.0, -59.0, True)],
)
def test_a_decibel_is_worth_telling(stage: Stage, new: float, floor: float, is_news: bool) -> None:
    stage.teacher()
    participant = running(stage)
    level(stage, participant, -30.0)
    level(stage, participant, new, floor)
    assert bool(tell_again(stage)) is is_news


@pytest.mark.parametrize(("sure", "is_news"), [(0.55, False), (0.7, True), (0.3, True)])
def test_speech_is_worth_telling_when_it_is_a_tenth_surer_or_less(stage: Stage, sure: float, is_news: bool) -> None:
    stage.teacher()
    participant = running(stage)
    speech(stage, participant, 0.5)
    stage.clock.advance(1.1)
    stage.sockets.sent.clear()
    speech(stage, participant, sure)
    assert [row[4] for row in sounds(stage)] == ([sure] if is_news else [])


def test_of_speech_the_surest_moment_of_a_second_counts(stage: Stage) -> None:
    participant = running(stage)
    for sure in (0.5, 0.9, 0.2, None):
        speech(stage, participant, sure)
    stage.teacher()
    assert [row[4] for row in sounds(stage)] == [0.9]


def test_speech_is_over_two_seconds_after_it_was_heard_last(stage: Stage) -> None:
    participant = running(stage)
    level(stage, participant, -30.0)
    speech(stage, participant, 0.8)
    stage.clock.advance(2.0)
    stage.teacher("t1")
    stage.clock.advance(0.1)
    stage.teacher("t2")
    assert [sounds(stage, sid)[0][4] for sid in ("t1", "t2")] == [0.8, 0.0]


def test_noise_is_fifteen_decibels_over_the_floor_for_ten_seconds_and_over_after_five(stage: Stage) -> None:
    loud, nearly = running(stage), running(stage, "Ali", "s2")
    for _ in range(11):
        level(stage, loud, -45.0)
        level(stage, nearly, -45.1)
        stage.clock.advance(1.0)
    assert loud.noise is not None and (loud.noise["level"], nearly.noise) == (-45.0, None)
    stage.clock.advance(4.0)
    stage.senses.look_around()
    assert loud.noise is not None, "five seconds after it was loud last"
    stage.clock.advance(1.0)
    stage.senses.look_around()
    assert loud.noise is None


def test_noise_names_the_microphone_that_heard_it_first(stage: Stage) -> None:
    participant = running(stage)
    for _ in range(12):
        level(stage, participant, -40.0, channel="head")
        level(stage, participant, -30.0)
        stage.clock.advance(1.0)
    assert participant.noise is not None and participant.noise["channel"] == "head"


def test_who_types_and_wears_no_phone_has_no_arm(stage: Stage) -> None:
    participant = running(stage)
    stage.readings.input(participant, {"keys": 3, "pointer": 0})
    stage.teacher()
    assert stage.told("t1", "sensors") == []


def test_an_arm_at_rest_needs_no_explanation(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    stage.readings.input(participant, {"keys": 3, "pointer": 0})
    arm(stage, participant, 0.1)
    assert arms(stage) == [[participant.id, 0, "reaching", False, 0.1]]


def test_a_page_that_comes_later_is_told_and_the_others_are_not(stage: Stage) -> None:
    stage.teacher("t1")
    participant = running(stage)
    level(stage, participant, -30.0)
    stage.teacher("t2")
    assert [len(stage.told(sid, "sensors")) for sid in ("t1", "t2")] == [1, 1]


def test_nothing_is_told_of_a_room_that_has_ended(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    stage.lifecycle.set_state("r1", "ended", "Ana")
    level(stage, participant, -30.0)
    assert stage.told("t1", "sensors") == []


def test_a_clock_set_back_holds_nothing_up(stage: Stage) -> None:
    stage.teacher()
    participant = running(stage)
    level(stage, participant, -30.0)
    stage.clock.advance(-3600.0)
    level(stage, participant, -40.0)
    assert [row[2] for row in sounds(stage)] == [-30.0, -40.0]


def test_a_level_is_known_for_thirty_seconds_and_who_left_is_forgotten(stage: Stage) -> None:
    first, second = running(stage), running(stage, "Ali", "s2")
    level(stage, first, -30.0)
    level(stage, second, -30.0)
    arm(stage, second, 3.0)
    stage.clock.advance(30.0)
    stage.senses.look_around()
    stage.teacher("t1")
    assert [row[0] for row in sounds(stage)] == [first.id, second.id]
    del stage.room.students[second.id]
    stage.senses.look_around()
    stage.teacher("t2")
    assert [row[0] for row in sounds(stage, "t2")] == [first.id]
    assert [event["arms"] for event in stage.told("t2", "sensors")] == [[]]
