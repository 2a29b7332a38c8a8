"""Phones in live rooms: who is told what, when a phone is well, and what the judge hears of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import Busy, NotAllowed, UserError
from core.phone_roles import ROLES
from core.types import ObservationKind
from rooms.live.participant import Phone, Student
from rooms.live.phone_health import phone_view, refuse_unready
from rooms.protocol.objects import PhoneView
from rooms.setup.room_settings import RoomSettings
from tests.rooms.stage import Stage

WELL: Any = {
    "battery": 0.8,
    "charging": False,
    "awake": "kept",
    "visible": True,
    "orientation": "portrait",
    "network": "4g",
    "camera": "on",
    "motion": "on",
    "microphone": "on",
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A room with sound that needs phones on arm and head and allows one in the room."""
    made = Stage(tmp_path, RoomSettings(phones=("arm", "head"), phones_allowed=("room",), sound=True))
    yield made
    made.database.close()


@pytest.fixture
def participant(stage: Stage) -> Student:
    return stage.student(sid="s1")


def view(stage: Stage, participant: Student, role: str) -> PhoneView:
    return phone_view(stage.room.settings, role, stage.room.phone_of(participant, role))


def newest(stage: Stage, role: str) -> dict[str, Any]:
    """The phone as the student's page was told last."""
    return next(one for one in stage.told("s1", "phones", "/student")[-1]["phones"] if one["role"] == role)


def connections(stage: Stage) -> list[tuple[str, bool]]:
    told = [one for one in stage.monitor.observations if one.kind is ObservationKind.CONNECTION]
    return [(one.channel, one.values["online"]) for one in told if one.channel != "webcam"]


def test_a_phone_goes_from_missing_to_connected_to_lost(stage: Stage, participant: Student) -> None:
    stage.teacher()
    assert (newest(stage, "arm")["state"], newest(stage, "arm")["required"]) == ("missing", True)
    phone = stage.phone(participant, "arm")
    assert (newest(stage, "arm")["state"], newest(stage, "arm")["problems"]) == ("paired", ["offline"])
    stage.connect_phone(phone.id, "h1")
    assert (newest(stage, "arm")["state"], newest(stage, "arm")["healthy"]) == ("connected", False)
    stage.phones.health(phone, WELL)
    stage.phone_status.look_around()
    assert newest(stage, "arm")["healthy"] is True
    stage.phones.gone("h1")
    assert (newest(stage, "arm")["state"], newest(stage, "arm")["healthy"]) == ("lost", False)
    told = stage.told("t1", "participant")[-1]
    assert [one["state"] for one in told["phones"]] == ["lost", "missing", "missing"]
    assert newest(stage, "room")["required"] is False


def test_welcome_gives_the_phones_page_all_it_shows_and_no_more(stage: Stage, participant: Student) -> None:
    stage.phone(participant, "head", "h1")
    (told,) = stage.told("h1", "welcome", "/phone")
    assert (told["student"], told["room"]["title"], told["phone"]["role"]) == ("Zoé", "Algebra", "head")
    assert told["needs"] == {"camera": True, "motion": False, "microphone": True, "place": False}
    assert set(told) == {"phone", "student", "room", "capture", "needs", "listening", "server_time"}
    assert stage.told("h1", "capture", "/phone")[-1]["fps"] == 1.5


@pytest.mark.parametrize(
    ("role", "said", "problems"),
    [
        ("arm", {}, []),
        ("head", {}, []),
        ("head", {"camera": "denied"}, ["no_camera"]),
        ("arm", {"camera": "none"}, []),
        ("arm", {"motion": "denied"}, ["no_motion"]),
        ("arm", {"motion": "none"}, ["no_motion"]),
        ("room", {"motion": "none"}, []),
        ("head", {"motion": "none"}, []),
        ("head", {"microphone": "denied"}, ["no_microphone"]),
        ("head", {"microphone": "off"}, []),
        ("arm", {"awake": "lost"}, ["screen_locked"]),
        ("arm", {"awake": "unsupported"}, []),
        ("arm", {"visible": False}, ["hidden"]),
        ("arm", {"battery": 0.14}, ["battery_low"]),
        ("arm", {"battery": 0.14, "charging": None}, ["battery_low"]),
        ("arm", {"battery": 0.14, "charging": True}, []),
        ("arm", {"battery": None, "charging": None, "orientation": None, "network": None}, []),
        ("room", {"camera": "muted", "visible": False}, ["no_camera", "hidden"]),
    ],
)
def test_what_a_phone_says_of_itself_is_weighed(
    stage: Stage, participant: Student, role: str, said: dict[str, Any], problems: list[str]
) -> None:
    phone = stage.phone(participant, role, "h1")
    stage.phones.health(phone, WELL | said)
    stage.phone_status.look_around()
    assert newest(stage, role)["problems"] == problems
    assert newest(stage, role)["healthy"] is (problems == [])
    assert stage.told("h1", "phone", "/phone")[-1] == newest(stage, role)


def test_a_phone_of_which_nothing_comes_is_silent(stage: Stage, participant: Student) -> None:
    arm, head = stage.phone(participant, "arm", "h1"), stage.phone(participant, "head", "h2")
    for phone in (arm, head):
        stage.phones.health(phone, WELL)
    stage.clock.advance(5.5)
    stage.phone_status.look_around()
    assert newest(stage, "arm")["problems"] == newest(stage, "head")["problems"] == ["silent"]
    motion(stage, participant, arm)
    stage.frame_ingest.accept(head, (0, 1000, b"\xff\xd8" + bytes(100)))
    stage.phone_status.look_around()
    assert newest(stage, "arm")["healthy"] and newest(stage, "head")["healthy"]
    assert newest(stage, "arm")["heard_at"] == round(stage.clock.now() * 1000)


def motion(stage: Stage, participant: Student, phone: Phone) -> None:
    seq = phone.uplink.sequences.get("motion", 0) + 1
    stage.readings.motion(phone, {"seq": seq, "at": 1000, "data": bytes(16)})


def test_a_camera_that_nobody_asks_is_not_silent(stage: Stage, participant: Student) -> None:
    head = stage.phone(participant, "head", "h1")
    stage.phones.health(head, WELL)
    for role in ("arm",):
        stage.phones.health(stage.phone(participant, role, "h2"), WELL)
    motion(stage, participant, stage.room.phones_of(participant)["arm"])
    stage.admission.ready(participant)
    assert head.capture is not None and head.capture.fps == 0, "admitted, and the exam has not begun"
    stage.clock.advance(60)
    stage.phone_status.look_around()
    assert newest(stage, "head")["problems"] == []
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.clock.advance(5)
    stage.phone_status.look_around()
    assert newest(stage, "head")["problems"] == [], "it was asked five seconds ago, for one picture in two seconds"
    stage.clock.advance(2)
    stage.phone_status.look_around()
    assert newest(stage, "head")["problems"] == ["silent"]


def test_news_of_phones_come_at_most_once_a_second(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "arm", "h1")
    before = len(stage.told("s1", "phones", "/student"))
    for percent in range(50):
        stage.phones.health(phone, WELL | {"battery": percent / 100})
    assert len(stage.told("s1", "phones", "/student")) == before
    stage.phone_status.look_around()
    assert len(stage.told("s1", "phones", "/student")) == before + 1
    stage.phone_status.look_around()
    assert len(stage.told("s1", "phones", "/student")) == before + 1, "nothing changed since"
    stage.clock.advance(1)
    stage.phones.health(phone, WELL)
    assert newest(stage, "arm")["battery"] == 0.8


def test_who_is_not_ready_is_told_what_is_wrong(stage: Stage, participant: Student) -> None:
    def refused() -> UserError:
        with pytest.raises(UserError) as caught:
            stage.admission.ready(participant)
        assert (caught.value.code, participant.state) == ("phones_missing", "checking")
        return caught.value

    assert refused().params == {"role": "arm", "phones": "arm: offline, head: offline"}
    arm, head = stage.phone(participant, "arm", "h1"), stage.phone(participant, "head", "h2")
    assert refused().params["phones"] == "arm: silent, head: silent", "neither has told of itself"
    stage.phones.health(arm, WELL)
    stage.phones.health(head, WELL | {"camera": "denied"})
    error, text = refused(), ROLES["head"].problems["no_camera"]
    assert (error.text, error.params) == (
        text,
        {"role": "head", "phones": "head: no_camera"},
    )
    stage.phones.health(head, WELL)
    assert stage.admission.ready(participant) == "admitted", "the phone in the room is allowed, not needed"


def test_a_poor_battery_and_a_refused_microphone_are_shown_and_keep_nobody_out(
    stage: Stage, participant: Student
) -> None:
    for role in ("arm", "head"):
        stage.phones.health(
            stage.phone(participant, role, f"h-{role}"), WELL | {"battery": 0.1, "microphone": "denied"}
        )
    stage.phone_status.look_around()
    assert newest(stage, "arm")["problems"] == ["no_microphone", "battery_low"]
    assert stage.told("s1", "phones", "/student")[-1]["ready"] is True
    assert stage.admission.ready(participant) == "admitted"


def test_every_problem_a_phone_may_have_has_words(stage: Stage, participant: Student) -> None:
    for role in ("arm", "head"):
        stage.phones.health(stage.phone(participant, role, f"h-{role}"), WELL)
    for role in ("arm", "head"):
        for trouble, words in ROLES[role].problems.items():
            stage.room.phones_of(participant)[role].health.problems = (trouble,)
            with pytest.raises(UserError) as caught:
                refuse_unready(stage.room, participant)
            assert caught.value.text == words
            stage.room.phones_of(participant)[role].health.problems = ()


def test_a_phone_that_is_lost_later_is_told_to_the_judge_and_throws_nobody_out(
    stage: Stage, participant: Student
) -> None:
    for role in ("arm", "head"):
        stage.phones.health(stage.phone(participant, role, f"h-{role}"), WELL)
    stage.admission.ready(participant)
    assert connections(stage) == [], "nothing counts before the start"
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert connections(stage) == [("arm", True), ("head", True)]
    stage.phones.gone("h-arm")
    assert connections(stage)[2:] == [("arm", False)]
    assert (participant.state, participant.online) == ("admitted", True)
    stage.connect_phone(stage.room.phones_of(participant)["arm"].id, "h3")
    assert connections(stage)[3:] == [("arm", True)]
    stage.pairing.unpair(participant, "arm")
    stage.phone(participant, "room", "h4")
    stage.pairing.unpair(participant, "room")
    assert connections(stage)[4:] == [("arm", False), ("room", True), ("room", True)], "nobody waits for the latter"


def test_a_start_forgives_no_missing_phone(stage: Stage, participant: Student) -> None:
    for role in ("arm", "head"):
        stage.phones.health(stage.phone(participant, role, f"h-{role}"), WELL)
    stage.admission.ready(participant)
    stage.phones.gone("h-arm")
    stage.pairing.unpair(participant, "head")
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert connections(stage) == [("arm", False), ("head", False)]


def test_new_settings_say_anew_who_is_waited_for(stage: Stage, participant: Student) -> None:
    stage.change(RoomSettings(phones_allowed=("arm",)))
    stage.admission.ready(participant)
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.change(RoomSettings(phones=("head",), phones_allowed=("arm",), sound=True))
    assert dict(connections(stage)) == {"arm": True, "head": False, "room": True}
    stage.change(RoomSettings(phones_allowed=("arm", "head")))
    assert dict(connections(stage)) == {"arm": True, "head": True, "room": True}


def test_phones_learn_what_becomes_of_their_student_and_room(stage: Stage, participant: Student) -> None:
    stage.phone(participant, "room", "h1")
    stage.change(RoomSettings(phones_allowed=("room",), place={"kind": "circle"}))
    told = stage.told("h1", "room", "/phone")[-1]
    assert told["needs"] == {"camera": True, "motion": True, "microphone": False, "place": True}
    stage.admission.ready(participant)
    assert stage.told("h1", "admission", "/phone") == [{"state": "admitted"}]
    stage.admission.leave(participant)
    assert stage.told("h1", "admission", "/phone")[-1] == {"state": "left"}
    assert ("/phone", "h1") in stage.sockets.closed
    with pytest.raises(NotAllowed) as refused:
        stage.connect_phone(stage.room.phones_of(participant)["room"].id, "h2")
    assert refused.value.code == "left"


def test_phones_are_closed_with_the_room(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "room", "h1")
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert stage.told("h1", "room", "/phone")[-1]["room"]["state"] == "ended"
    assert ("/phone", "h1") in stage.sockets.closed
    stage.phones.gone("h1")
    assert stage.directory.participant_of("h1") is None
    with pytest.raises(NotAllowed) as refused:
        stage.connect_phone(phone.id, "h2")
    assert refused.value.code == "room_ended"


def test_a_phone_opened_twice_has_one_connection(stage: Stage, participant: Student) -> None:
    phone = stage.phone(participant, "arm", "h1")
    motion(stage, participant, phone)
    stage.connect_phone(phone.id, "h2")
    assert stage.told("h1", "replaced", "/phone") == [{}]
    stage.phones.gone("h1")
    assert (phone.sid, phone.uplink.sequences, phone.health.told) == ("h2", {}, {})


def test_rooms_without_phones_say_nothing_of_them(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    participant = stage.admitted()
    assert stage.told("s1", "phones", "/student") == []
    assert stage.told("s1", "welcome", "/student")[0]["participant"]["phones"] == []
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert connections(stage) == []
    assert participant.state == "admitted"
    stage.database.close()


def test_a_phone_that_comes_again_and_again_has_one_budget_and_few_lines(
    stage: Stage, participant: Student, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    phone = stage.phone(participant, "arm")
    for number in range(200):
        stage.connect_phone(phone.id, f"h{number}")
        assert phone.uplink.budget is not None
        with contextlib.suppress(Busy):
            for _ in range(5):
                phone.uplink.budget.spend("motion", stage.clock.now())
        stage.phones.gone(f"h{number}")
    assert phone.uplink.budget is not None
    with pytest.raises(Busy):
        phone.uplink.budget.spend("motion", stage.clock.now())
    lines = [one.getMessage().split()[0] for one in caplog.records]
    assert 10 < sum(line in ("phone-back", "phone-lost") for line in lines) <= 40
