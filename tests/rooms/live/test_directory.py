"""One directory for students and phones: who speaks for whom, whose a phone is, and who goes with whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rooms.live.components import AdmissionStatus
from rooms.live.directory import LiveRoom, RoomDirectory
from rooms.live.participant import Phone, Student
from rooms.setup.room_settings import RoomSettings


@pytest.fixture
def directory() -> RoomDirectory:
    made = RoomDirectory()
    made.add_room(LiveRoom("r1", "004217", "Algebra", "open", RoomSettings()))
    return made


def student(name: str) -> Student:
    joined = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return Student(id=name, room="r1", name=name, joined_at=joined, admission=AdmissionStatus("checking"))


def phone(owner: Student, role: str, name: str = "h1") -> Phone:
    return Phone(id=name, room="r1", role=role, owner=owner)


def room_of(directory: RoomDirectory) -> LiveRoom:
    room = directory.room("r1")
    assert room is not None
    return room


def test_a_phone_is_a_participant_with_a_role_and_an_owner(directory: RoomDirectory) -> None:
    zoe = directory.add_student(student("zoe"))
    arm = directory.add_phone(phone(zoe, "arm"))
    room = room_of(directory)
    assert (arm.kind, arm.channel, arm.student, zoe.student, zoe.channel) == ("phone", "arm", zoe, zoe, "webcam")
    assert (room.phones_of(zoe), room.phone_of(zoe, "arm"), room.phone("h1")) == ({"arm": arm}, arm, arm)
    assert (room.phone_of(zoe, "head"), room.phone("h2"), list(room.students)) == (None, None, ["zoe"])


def test_students_and_phones_are_found_by_their_connections(directory: RoomDirectory) -> None:
    zoe = directory.add_student(student("zoe"))
    arm = directory.add_phone(phone(zoe, "arm"))
    assert (directory.connect(zoe, "s1", "https://exam.example"), directory.connect(arm, "p1")) == (None, None)
    assert (directory.participant_of("s1"), directory.participant_of("p1")) == (zoe, arm)
    assert directory.connect(arm, "p2") == "p1"
    assert (directory.participant_of("p1"), directory.disconnect("p1"), arm.sid) == (None, None, "p2")
    assert (directory.disconnect("p2"), arm.online, arm.presence.was_online) == (arm, False, True)
    assert (zoe.online, zoe.presence.origin) == (True, "https://exam.example")


def test_a_phone_that_lost_its_place_takes_nothing_from_its_successor(directory: RoomDirectory) -> None:
    zoe = directory.add_student(student("zoe"))
    old, new = phone(zoe, "arm", "h1"), phone(zoe, "arm", "h2")
    directory.add_phone(old)
    directory.add_phone(new)
    directory.connect(new, "p2")
    directory.drop(old)
    assert (room_of(directory).phone_of(zoe, "arm"), directory.participant_of("p2")) == (new, new)
    directory.drop(new)
    assert (room_of(directory).phones_of(zoe), directory.participant_of("p2"), new.sid) == ({}, None, None)


def test_a_students_phones_go_with_the_student(directory: RoomDirectory) -> None:
    zoe, ali = directory.add_student(student("zoe")), directory.add_student(student("ali"))
    gone, kept = directory.add_phone(phone(zoe, "arm")), directory.add_phone(phone(ali, "arm", "h2"))
    for number, one in enumerate((zoe, ali, gone, kept)):
        directory.connect(one, f"c{number}")
    directory.drop(zoe)
    found = [directory.participant_of(f"c{number}") for number in range(4)]
    assert found == [None, ali, None, kept]
    assert (list(room_of(directory).students), room_of(directory).phone("h1")) == (["ali"], None)
    with pytest.raises(KeyError):
        directory.add_phone(phone(zoe, "head"))


def test_a_room_that_is_dropped_takes_every_connection_along(directory: RoomDirectory) -> None:
    zoe = directory.add_student(student("zoe"))
    arm = directory.add_phone(phone(zoe, "arm"))
    directory.connect(zoe, "s1")
    directory.connect(arm, "p1")
    directory.drop_room("r1")
    assert (directory.participant_of("s1"), directory.participant_of("p1"), directory.room("r1")) == (None, None, None)
