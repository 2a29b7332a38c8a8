"""A running exam from which nobody's pictures come any more is told of, once each time."""

from __future__ import annotations

from rooms.upkeep.blind_rooms import BLIND_S, BlindRooms
from tests.rooms.desk.test_unanswered import notices
from tests.rooms.stage import Stage


def running_with(stage: Stage, students: int) -> BlindRooms:
    stage.teacher("t1")
    for number in range(students):
        stage.admitted(f"Student {number}", f"s{number}")
    stage.lifecycle.set_state("r1", "running", "Ana")
    return BlindRooms(stage.context)


def send(stage: Stage, *students: int) -> None:
    for number in students:
        student = list(stage.room.students.values())[number]
        student.uplink.take_picture(student.uplink.last_sequence + 1, stage.clock.now())


def test_a_room_that_lost_everybody_is_told_of_once(stage: Stage) -> None:
    watcher = running_with(stage, 3)
    send(stage, 0, 1, 2)
    watcher.look_around()
    stage.clock.advance(BLIND_S + 1)
    for _ in range(3):
        watcher.look_around()
    (told,) = notices(stage)
    assert (told["kind"], told["facts"]) == ("room_blind", {"students": 3})
    send(stage, 0)
    watcher.look_around()
    stage.clock.advance(BLIND_S + 1)
    watcher.look_around()
    assert len(notices(stage)) == 2


def test_one_picture_of_anybody_is_enough(stage: Stage) -> None:
    watcher = running_with(stage, 3)
    for _ in range(10):
        send(stage, 1)
        watcher.look_around()
        stage.clock.advance(BLIND_S - 1)
    assert notices(stage) == []


def test_a_student_alone_is_no_blind_room(stage: Stage) -> None:
    watcher = running_with(stage, 1)
    send(stage, 0)
    watcher.look_around()
    stage.clock.advance(10 * BLIND_S)
    watcher.look_around()
    assert notices(stage) == []
