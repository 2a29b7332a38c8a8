"""Live listening: only where it is allowed, only to who listens, announced as long as it lasts, and bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import ExamError
from rooms.intake.live_listening import MOST_UNDER_WAY
from rooms.live.directory import TeacherLink
from rooms.live.participant import Student
from rooms.protocol.incoming import SoundPiece
from rooms.setup.room_settings import RoomSettings
from tests.rooms.stage import Stage

ALLOWED = RoomSettings(sound=True, listening=True, phones_allowed=("head", "room"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A room that allows listening."""
    made = Stage(tmp_path, ALLOWED)
    yield made
    made.database.close()


def listen(stage: Stage, link: TeacherLink, participant: Student, on: bool = True, channel: str = "webcam") -> None:
    stage.listening.listen(stage.room, link, participant.id, channel, on)


def sound(stage: Stage, participant: Student, seq: int = 1, why: str = "listening", channel: str = "webcam") -> None:
    payload: SoundPiece = {
        "seq": seq,
        "at": 1000.0 * seq,
        "level": -30.0,
        "floor": -60.0,
        "data": bytes(320),
        "why": why,
    }
    stage.readings.sound(stage.room.phone_of(participant, channel) or participant, payload)


def heard(stage: Stage, sid: str = "t1") -> list[Any]:
    return stage.told(sid, "heard")


def told(stage: Stage, sid: str = "s1", namespace: str = "/student") -> list[Any]:
    return [(event["on"], event["by"], event["channel"]) for event in stage.told(sid, "listening", namespace)]


def refusal(stage: Stage, link: TeacherLink, participant_id: str, channel: str = "webcam") -> str:
    with pytest.raises(ExamError) as caught:
        stage.listening.listen(stage.room, link, participant_id, channel, True)
    return caught.value.code


# ------------------------------------------------------------------------------------ who hears what


def test_the_student_is_told_and_the_teacher_alone_hears(stage: Stage) -> None:
    link, other = stage.teacher("t1"), stage.teacher("t2")
    participant, neighbour = stage.admitted(), stage.admitted("Ali", "s2")
    listen(stage, link, participant)
    assert told(stage) == [(True, "Ana", "webcam")] and participant.listening.on
    assert stage.told("t2", "participant")[-1]["listened"] is True
    sound(stage, participant)
    sound(stage, neighbour)
    assert [(piece["participant"], piece["channel"], piece["seq"]) for piece in heard(stage)] == [
        (participant.id, "webcam", 1)
    ]
    assert heard(stage, other.sid) == [] and told(stage, "s2") == []
    listen(stage, link, participant, on=False)
    sound(stage, participant, 2)
    assert told(stage)[-1] == (False, "", "webcam") and len(heard(stage)) == 1 and not participant.listening.on


def test_what_was_sent_for_another_reason_is_not_passed_on(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    sound(stage, participant, 1, why="activity")
    assert heard(stage) == []


def test_a_room_that_forbids_it_meanwhile_passes_nothing_on_from_then(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    stage.change(RoomSettings(sound=True))
    sound(stage, participant)
    assert heard(stage) == []


def test_a_phone_is_told_of_its_own_listeners_and_the_page_of_all(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    stage.phone(participant, "head", "p1")
    stage.phone(participant, "room", "p2")
    listen(stage, link, participant, channel="head")
    assert told(stage) == [(True, "Ana", "head")]
    assert told(stage, "p1", "/phone") == [(True, "Ana", "head")] and told(stage, "p2", "/phone") == []
    sound(stage, participant, 1, channel="head")
    sound(stage, participant, 1, channel="room")
    sound(stage, participant, 1)
    assert [piece["channel"] for piece in heard(stage)] == ["head"]


def test_a_page_listens_to_one_microphone_at_a_time(stage: Stage) -> None:
    link, participant, other = stage.teacher(), stage.admitted(), stage.admitted("Ali", "s2")
    listen(stage, link, participant)
    listen(stage, link, other)
    assert told(stage)[-1][0] is False and told(stage, "s2") == [(True, "Ana", "webcam")]
    listen(stage, link, participant, on=False)
    assert told(stage, "s2") == [(True, "Ana", "webcam")], "what ended before ends nothing else"


def test_two_who_listen_are_both_named_until_the_last_one_stops(stage: Stage) -> None:
    first, second, participant = stage.teacher("t1"), stage.teacher("t2"), stage.admitted()
    listen(stage, first, participant)
    listen(stage, second, participant)
    listen(stage, first, participant, on=False)
    stage.listening.teacher_gone("t2")
    assert told(stage) == [
        (True, "Ana", "webcam"),
        (True, "Ana, Ana", "webcam"),
        (True, "Ana", "webcam"),
        (False, "", "webcam"),
    ]


# ------------------------------------------------------------------------------------ where it ends


def test_it_ends_with_the_teachers_page(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    stage.listening.teacher_gone(link.sid)
    stage.listening.teacher_gone(link.sid)
    assert told(stage)[-1][0] is False
    lines = [record.getMessage() for record in caplog.records if "listening" in record.getMessage()]
    assert len(lines) == 2 and all("Ana" in line and "Zoé" in line for line in lines)


def test_it_ends_with_the_room_and_when_the_student_leaves(stage: Stage) -> None:
    link, participant, other = stage.teacher("t1"), stage.admitted(), stage.admitted("Ali", "s2")
    listen(stage, link, participant)
    stage.admission.leave(participant)
    stage.listening.look_around()
    assert not participant.listening.on
    listen(stage, link, other)
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.listening.look_around()
    assert not other.listening.on and told(stage, "s2")[-1][0] is False


def test_a_student_who_comes_back_is_told_before_anything_is_passed_on(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    stage.admission.gone("s1")
    stage.connect(participant.id, "s9")
    sound(stage, participant)
    order = [(event, to) for _space, to, event, _data in stage.sockets.sent if event in {"listening", "heard"}]
    assert order == [("listening", "s1"), ("listening", "s9"), ("heard", "t1")]


# ------------------------------------------------------------------------------------ where it is refused


def test_it_is_refused_where_the_room_does_not_allow_it(tmp_path: Path) -> None:
    for number, settings in enumerate((RoomSettings(), RoomSettings(sound=True), RoomSettings(listening=True))):
        folder = tmp_path / str(number)
        folder.mkdir()
        stage = Stage(folder, settings)
        link, participant = stage.teacher(), stage.admitted()
        assert refusal(stage, link, participant.id) == "not_allowed" and told(stage) == []
        stage.database.close()


def test_it_is_refused_for_strangers_absent_channels_and_those_who_left(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    assert refusal(stage, link, "nobody") == "unknown_participant"
    assert refusal(stage, link, participant.id, "arm") == "not_wanted"
    stage.admission.leave(participant)
    assert refusal(stage, link, participant.id) == "not_here"


# ------------------------------------------------------------------------------------ a teacher who does not read


def test_a_page_that_does_not_read_gets_few_and_then_the_newest(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    for seq in range(1, 101):
        sound(stage, participant, seq)
    assert [piece["seq"] for piece in heard(stage)] == list(range(1, MOST_UNDER_WAY + 1))
    stage.sockets.acknowledge()
    assert heard(stage)[-1]["seq"] == 100
    stage.sockets.acknowledge(MOST_UNDER_WAY)
    sound(stage, participant, 101)
    assert heard(stage)[-1]["seq"] == 101


def test_what_a_slow_page_missed_is_in_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    for seq in range(1, 11):
        sound(stage, participant, seq)
    listen(stage, link, participant, on=False)
    (line,) = [record.getMessage() for record in caplog.records if "listening-ended" in record.getMessage()]
    assert "dropped=5" in line, "four went out, one waited"


def test_a_page_that_reads_again_may_fall_as_far_behind_as_before(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    for seq in range(1, 5):
        sound(stage, participant, seq)
    stage.sockets.acknowledge(4)
    for seq in range(5, 12):
        sound(stage, participant, seq)
    assert [piece["seq"] for piece in heard(stage)] == list(range(1, 9))


# ------------------------------------------------------------------------------------ what ends, and what does not


def test_only_what_a_page_listens_to_is_stopped(stage: Stage) -> None:
    link, participant, other = stage.teacher(), stage.admitted(), stage.admitted("Ali", "s2")
    listen(stage, link, participant, on=False)
    listen(stage, link, participant)
    listen(stage, link, participant, on=False, channel="head")
    listen(stage, link, other, on=False)
    sound(stage, participant)
    assert len(heard(stage)) == 1 and told(stage) == [(True, "Ana", "webcam")]


def test_listening_goes_on_while_everybody_is_there_and_the_tile_hears_of_it_once(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    before = len(stage.told("t1", "participant"))
    listen(stage, link, participant)
    for _ in range(3):
        stage.listening.look_around()
    assert participant.listening.on and told(stage) == [(True, "Ana", "webcam")]
    assert len(stage.told("t1", "participant")) == before + 1


@pytest.mark.parametrize("changed", [{"sound": False}, {"listening": False}])
def test_it_ends_where_the_room_no_longer_allows_it(stage: Stage, changed: dict[str, Any]) -> None:
    link, participant = stage.teacher(), stage.admitted()
    listen(stage, link, participant)
    stage.change(ALLOWED.but(**changed))
    stage.listening.look_around()
    assert not participant.listening.on and told(stage)[-1] == (False, "", "webcam")


def test_it_ends_when_the_teacher_leaves_the_page(stage: Stage) -> None:
    participant = stage.admitted()
    listen(stage, stage.teacher("t1"), participant)
    stage.teacher_sessions.leave("t1")
    assert not participant.listening.on
    listen(stage, stage.teacher("t2"), participant)
    stage.directory.disconnect_teacher("t2")
    stage.listening.look_around()
    assert not participant.listening.on, "also where nobody said that it was left"


def test_a_room_that_has_ended_is_listened_to_no_more(stage: Stage) -> None:
    link, participant = stage.teacher(), stage.admitted()
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert refusal(stage, link, participant.id) == "not_allowed"


def test_who_listens_to_computer_and_phone_at_once_is_named_on_both(stage: Stage) -> None:
    first, second, participant = stage.teacher("t1"), stage.teacher("t2"), stage.admitted()
    stage.phone(participant, "head", "p1")
    listen(stage, first, participant, channel="head")
    listen(stage, second, participant)
    assert told(stage)[-1] == (True, "Ana, Ana", "webcam")
    assert told(stage, "p1", "/phone") == [(True, "Ana", "head")]
