"""Readings at the door: whose, when, and whether they count; what is wrong is answered and changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from core.errors import Busy, ProtocolError, UserError
from core.types import ObservationKind, ReadingKind
from rooms.intake.readings import Sound
from rooms.intake.sensor_ingest import SensorIngest
from rooms.live.components import Surroundings
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone, Student
from rooms.protocol.incoming import MotionBatch, Place, SoundPiece
from rooms.protocol.limits import Budget
from rooms.setup.room_settings import RoomSettings
from tests.rooms.stage import Stage

SCHOOL = {"kind": "circle", "latitude": 48.85, "longitude": 2.35, "radius": 200.0}
ALL = RoomSettings(phones_allowed=("arm", "head", "room"), sound=True, place=SCHOOL)
SOUND: SoundPiece = {"seq": 1, "at": 1000, "level": -20, "floor": -60, "data": bytes(3200), "why": "activity"}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A room with all there is to sense."""
    made = Stage(tmp_path, ALL)
    yield made
    made.database.close()


@pytest.fixture
def participant(stage: Stage) -> Student:
    return stage.student(sid="s1")


def start(stage: Stage, participant: Student) -> None:
    stage.admission.ready(participant)
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.monitor.observations.clear()


def motion(seq: int, at: float = 1000, data: bytes = bytes(16)) -> MotionBatch:
    return {"seq": seq, "at": at, "data": data}


def observed(stage: Stage, kind: ObservationKind) -> list[tuple[str, dict[str, Any]]]:
    return [(one.channel, dict(one.values)) for one in stage.monitor.observations if one.kind is kind]


def news(stage: Stage) -> list[Student]:
    """Whose conditions changed from now on, one entry a change."""
    told: list[Student] = []

    def note(_room: LiveRoom, participant: Student) -> None:
        told.append(participant)

    stage.context.signals.students.condition_changed.connect(note, weak=False)
    return told


def test_movement_counts_while_the_exam_runs_and_is_looked_at_in_the_check(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "arm", "h1")
    stage.readings.motion(phone, motion(1))
    stage.admission.ready(participant)
    stage.readings.motion(phone, motion(2))
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.readings.motion(phone, motion(3))
    stage.lifecycle.set_state("r1", "paused", "Ana")
    stage.clock.advance(1)
    stage.readings.motion(phone, motion(4))
    told = [(one.participant, one.channel, one.kind, one.judged) for one in stage.monitor.readings]
    assert told == [(participant.id, "arm", ReadingKind.MOTION, judged) for judged in (False, True)]
    assert phone.uplink.heard_at == phone.uplink.moved_at == stage.clock.now()


def test_a_phones_clock_is_put_in_ours(stage: Stage, participant: Student) -> None:
    phone, now = stage.phone(participant, "arm", "h1"), stage.clock.now()
    rows = bytes(16) + b"\0\0\xc8\x42" + bytes(12)  # the second one 100 ms after the first
    stage.readings.motion(phone, motion(1, 5000, rows))
    stage.clock.advance(1)
    stage.readings.motion(phone, motion(2, 5900, rows))
    ages = [one.at - now for one in stage.monitor.readings]
    assert ages == pytest.approx([-0.1, 0.8], abs=0.01), "the first ended when it came; the second came 0.1 s late"


@pytest.mark.parametrize("at", [0, 2.0**53 - 1, 5000, 1e15])
def test_whatever_a_clock_says_a_reading_is_of_the_last_seconds(stage: Stage, participant: Student, at: float) -> None:
    phone = stage.phone(participant, "arm", "h1")
    for seq, said in enumerate((1e12, at, 1e12, at, at, at, at)):
        stage.readings.motion(phone, motion(seq, said))
    now = stage.clock.now()
    assert all(now - 10 <= one.at <= now for one in stage.monitor.readings)
    assert stage.monitor.readings[-1].at == now


@pytest.mark.parametrize("seq", [5, 4, 0])
def test_older_readings_are_refused(stage: Stage, participant: Student, seq: int) -> None:
    phone = stage.phone(participant, "arm", "h1")
    stage.readings.motion(phone, motion(5))
    with pytest.raises(UserError) as refused:
        stage.readings.motion(phone, motion(seq))
    assert (refused.value.code, len(stage.monitor.readings)) == ("stale_reading", 1)
    stage.readings.sound(phone, {**SOUND, "seq": 0})
    stage.readings.sound(participant, {**SOUND, "seq": 0})
    assert len(stage.monitor.readings) == 3, "each kind and each device counts for itself"


def test_a_refused_batch_leaves_no_trace(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "arm", "h1")
    with pytest.raises(UserError):
        stage.readings.motion(phone, motion(9, data=b"\0\0\xc0\x7f" * 4))
    assert (phone.uplink.sequences, phone.uplink.heard_at, stage.monitor.readings) == ({}, 0.0, [])


def test_what_came_is_counted(stage: Stage, participant: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = stage.phone(participant, "arm", "h1")
    for seq in (1, 2, 2):
        with contextlib.suppress(UserError):
            stage.readings.motion(phone, motion(seq))
    monkeypatch.setattr(stage.monitor, "offer_reading", lambda _reading: False)
    stage.readings.sound(participant, SOUND)
    with pytest.raises(ProtocolError):
        stage.readings.sound(participant, {**SOUND, "seq": 2, "data": b"x"})
    assert stage.readings.counts == {"taken": 3, "refused": 2, "dropped": 1}


def test_more_sound_than_a_microphone_makes_is_refused(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "head", "h1")
    phone.uplink.budget = Budget(stage.clock.now())
    second: SoundPiece = {**SOUND, "data": bytes(32_000)}
    for seq in range(20):
        stage.readings.sound(phone, {**second, "seq": seq})
    with pytest.raises(Busy):
        stage.readings.sound(phone, {**second, "seq": 20})
    assert len(stage.monitor.readings) == 20
    for seq in range(21, 81):
        stage.clock.advance(1)
        stage.readings.sound(phone, {**second, "seq": seq})
    assert len(stage.monitor.readings) == 80, "a second of sound a second is a microphone's own pace"


def test_no_key_and_no_movement_are_no_use(stage: Stage, participant: Student) -> None:
    start(stage, participant)
    stage.readings.input(participant, {"keys": 0, "pointer": 0})
    assert stage.monitor.observations == []
    stage.readings.input(participant, {"keys": 0, "pointer": 1})
    assert [one.kind for one in stage.monitor.observations] == [ObservationKind.INPUT]


def test_only_arm_and_room_are_for_movement(stage: Stage, participant: Student) -> None:
    stage.readings.motion(stage.phone(participant, "room", "h1"), motion(1))
    with pytest.raises(UserError) as refused:
        stage.readings.motion(stage.phone(participant, "head", "h2"), motion(1))
    assert refused.value.code == "not_wanted"


class Listener:
    """Remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    def sound_came(self, room: LiveRoom, participant: Student, channel: str, sound: Sound) -> None:
        self.heard.append((channel, sound.why))

    def level_came(self, room: LiveRoom, participant: Student, channel: str, level: float, floor: float) -> None:
        self.heard.append((channel, level))


def test_sound_of_computer_and_phone_goes_to_detection_and_to_listeners(stage: Stage, participant: Student) -> None:
    listener = Listener()
    ingest = SensorIngest(stage.context, stage.monitor, [listener])
    phone = stage.phone(participant, "room", "h1")
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.admission.ready(participant)
    ingest.sound(participant, SOUND)
    ingest.sound(phone, {**SOUND, "why": "listening"})
    ingest.level(phone, {"at": 1, "level": -50, "floor": -61.5})
    assert listener.heard == [("webcam", "activity"), ("room", "listening"), ("room", -50.0)]
    told = [(one.channel, one.kind, len(one.data), dict(one.values)) for one in stage.monitor.readings]
    values = {"level": -20.0, "floor": -60.0, "why": "activity"}
    assert told[0] == ("webcam", ReadingKind.SOUND, 3200, values)
    assert told[1] == ("room", ReadingKind.SOUND, 3200, values | {"why": "listening"})
    assert observed(stage, ObservationKind.SOUND) == [], "how loud it is says nothing to a rule"


def test_sound_is_put_in_our_time_and_says_that_the_phone_is_there(stage: Stage, participant: Student) -> None:
    phone, now = stage.phone(participant, "head", "h1"), stage.clock.now()
    stage.readings.sound(phone, SOUND)
    stage.clock.advance(1)
    stage.readings.sound(phone, {**SOUND, "seq": 2, "at": 1900})
    ages = [round(one.at - now, 3) for one in stage.monitor.readings]
    assert ages == pytest.approx([-0.1, 0.8], abs=0.01), "a tenth of a second each; the second came a tenth late"
    assert phone.uplink.heard_at == now + 1


def test_a_room_without_sound_or_place_takes_none(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(phones_allowed=("head",)))
    participant = stage.student(sid="s1")
    phone = stage.phone(participant, "head", "h1")
    for refused in (
        lambda who: stage.readings.sound(who, SOUND),
        lambda who: stage.readings.level(who, {"at": 1, "level": -50, "floor": -60}),
        lambda who: stage.readings.place(who, {"state": "unknown"}),
    ):
        for sender in (phone, participant):
            with pytest.raises(UserError) as error:
                refused(sender)
            assert error.value.code == "not_wanted"
    assert (stage.monitor.readings, participant.surroundings) == ([], Surroundings())
    stage.database.close()


def test_a_room_that_has_ended_takes_nothing(stage: Stage, participant: Student) -> None:
    phone: Phone = stage.phone(participant, "arm", "h1")
    stage.lifecycle.set_state("r1", "ended", "Ana")
    for send in (
        lambda: stage.readings.motion(phone, motion(1)),
        lambda: stage.readings.sound(phone, SOUND),
        lambda: stage.readings.level(phone, {"at": 1, "level": -50, "floor": -60}),
        lambda: stage.readings.light(phone, {"lux": 200}),
        lambda: stage.readings.place(phone, {"state": "unknown"}),
        lambda: stage.readings.microphone(participant, "on"),
        lambda: stage.readings.input(participant, {"keys": 1, "pointer": 0}),
    ):
        with pytest.raises(UserError) as refused:
            send()
        assert refused.value.code == "room_ended"


def test_no_more_of_a_place_is_kept_than_whether_it_is_the_right_one(stage: Stage, participant: Student) -> None:
    stage.teacher()
    start(stage, participant)
    known: Place = {"state": "known", "accuracy": 20}
    stage.readings.place(participant, {**known, "latitude": 48.8501, "longitude": 2.3501})
    assert participant.surroundings.place == {"state": "inside", "accuracy": 20}
    stage.readings.place(participant, {**known, "latitude": 48.95, "longitude": 2.35})
    stage.readings.place(stage.phone(participant, "arm", "h1"), {"state": "denied"})
    assert participant.surroundings.place == {"state": "outside", "accuracy": 20}, "the computer's word goes first"
    stage.phone_status.look_around()
    assert stage.told("t1", "participant")[-1]["conditions"]["place"] == {"state": "outside", "accuracy": 20}
    told = observed(stage, ObservationKind.PLACE)
    assert [(channel, values["state"]) for channel, values in told] == [
        ("webcam", "inside"),
        ("webcam", "outside"),
        ("arm", "unknown"),
    ]
    assert "48.9" not in repr(told) + repr(stage.sockets.sent)


def test_a_place_that_was_told_at_the_check_counts_once_the_exam_runs(stage: Stage, participant: Student) -> None:
    far: Place = {"state": "known", "accuracy": 20, "latitude": 48.95, "longitude": 2.35}
    arm = stage.phone(participant, "arm", "h1")
    stage.readings.place(participant, far)
    stage.readings.place(arm, far)
    assert observed(stage, ObservationKind.PLACE) == []
    stage.admission.ready(participant)
    stage.lifecycle.set_state("r1", "running", "Ana")
    outside = {"state": "outside", "distance": 10920, "accuracy": 20}
    assert observed(stage, ObservationKind.PLACE) == [("webcam", outside), ("arm", outside)]
    stage.phones.removed(stage.room, arm)
    nowhere = {"state": "unknown", "distance": None, "accuracy": None}
    assert observed(stage, ObservationKind.PLACE)[2:] == [("arm", nowhere)], "a phone that is not used is nowhere"


def test_a_phones_place_is_shown_until_the_computers_is_known(stage: Stage, participant: Student) -> None:
    told = news(stage)
    inside: Place = {"state": "known", "accuracy": 20, "latitude": 48.8501, "longitude": 2.3501}
    stage.readings.place(stage.phone(participant, "arm", "h1"), inside)
    assert participant.surroundings.place == {"state": "inside", "accuracy": 20}
    stage.readings.place(participant, {"state": "denied"})
    assert participant.surroundings.place == {"state": "unknown", "accuracy": None}
    assert told == [participant, participant]


@pytest.mark.parametrize("missing", ["latitude", "longitude", "accuracy"])
def test_a_known_place_has_numbers(stage: Stage, participant: Student, missing: str) -> None:
    place: dict[str, Any] = {"state": "known", "latitude": 1.0, "longitude": 2.0, "accuracy": 5, missing: None}
    with pytest.raises(ProtocolError):
        stage.readings.place(participant, cast(Place, place))
    assert participant.place is None


def test_conditions_are_told_when_they_changed_by_enough(stage: Stage, participant: Student) -> None:
    stage.teacher()
    phone = stage.phone(participant, "room", "h1")
    for lux, floor in ((300, -60), (310, -61), (320, -59)):
        stage.readings.light(phone, {"lux": lux})
        stage.readings.level(phone, {"at": 1, "level": -40, "floor": floor})
    stage.phone_status.look_around()
    conditions = stage.told("t1", "participant")[-1]["conditions"]
    assert (conditions["light"], conditions["sound_floor"]) == ({"lux": 300.0, "luminance": None}, -60.0)
    count = len(stage.told("t1", "participant"))
    stage.phone_status.look_around()
    assert len(stage.told("t1", "participant")) == count
    stage.clock.advance(2)
    stage.readings.light(phone, {"lux": 0})
    assert stage.told("t1", "participant")[-1]["conditions"]["light"]["lux"] == 0.0


@pytest.mark.parametrize(("lux", "is_news"), [(251, False), (250, False), (249, True), (360, False), (361, True)])
def test_light_is_news_where_it_changed_by_a_fifth(
    stage: Stage, participant: Student, lux: float, is_news: bool
) -> None:
    phone = stage.phone(participant, "room", "h1")
    stage.readings.light(phone, {"lux": 300})
    stage.readings.light(phone, {"lux": lux})
    assert participant.surroundings.lux == (lux if is_news else 300)


@pytest.mark.parametrize(("floor", "is_news"), [(-57.1, False), (-57, True), (-63, True), (-62.9, False)])
def test_the_floor_is_news_where_it_moved_by_three_decibels(
    stage: Stage, participant: Student, floor: float, is_news: bool
) -> None:
    told = news(stage)
    stage.readings.level(participant, {"at": 1, "level": -40, "floor": -60})
    stage.readings.level(participant, {"at": 2, "level": -40, "floor": floor})
    assert participant.surroundings.sound_floor == (floor if is_news else -60)
    assert len(told) == 1 + is_news


def test_a_piece_of_sound_tells_the_floor_too(stage: Stage, participant: Student) -> None:
    stage.readings.sound(participant, {**SOUND, "floor": -44})
    assert participant.surroundings.sound_floor == -44


def test_what_the_browser_says_of_its_microphone_is_news(stage: Stage, participant: Student) -> None:
    told = news(stage)
    stage.readings.microphone(participant, "denied")
    assert (participant.surroundings.microphone, told) == ("denied", [participant])


class Uses:
    """Counts how often somebody typed."""

    def __init__(self) -> None:
        self.by: list[str] = []

    def used(self, room: LiveRoom, participant: Student) -> None:
        self.by.append(participant.id)


def test_whoever_explains_movement_hears_of_typing(stage: Stage, participant: Student) -> None:
    uses = Uses()
    ingest = SensorIngest(stage.context, stage.monitor, inputs=[uses])
    ingest.input(participant, {"keys": 1, "pointer": 0})
    ingest.input(participant, {"keys": 0, "pointer": 0})
    assert uses.by == [participant.id]


def test_the_computers_microphone_tells_the_floor_where_it_is_on(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "room", "h1")
    stage.readings.microphone(participant, "on")
    stage.readings.level(participant, {"at": 1, "level": -40, "floor": -50})
    stage.readings.level(phone, {"at": 1, "level": -40, "floor": -70})
    assert (participant.surroundings.microphone, participant.surroundings.sound_floor) == ("on", -50.0)
    stage.readings.microphone(participant, "off")
    stage.readings.level(phone, {"at": 1, "level": -40, "floor": -70})
    assert participant.surroundings.sound_floor == -70.0


def test_typing_and_light_are_told_to_the_judge_while_the_exam_runs(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "room", "h1")
    for begin in (lambda: None, lambda: start(stage, participant)):
        begin()
        stage.readings.input(participant, {"keys": 4, "pointer": 0})
        stage.readings.light(phone, {"lux": 250})
    assert observed(stage, ObservationKind.INPUT) == [("webcam", {"keys": 4, "pointer": 0})]
    assert observed(stage, ObservationKind.LIGHT) == [("room", {"lux": 250.0, "luminance": None})]
