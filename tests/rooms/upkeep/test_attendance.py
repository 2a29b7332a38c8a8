"""What is kept of who was connected and seen, and when."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from rooms.live.participant import Student
from rooms.setup.room_settings import RoomSettings
from rooms.upkeep.attendance import GAP_S, QUIET_S
from store.attendance import attendance_of
from store.errors import BUSY, StoreUnavailable
from store.rooms import ParticipantRow
from tests.rooms.stage import START, Stage

ABLE = [{"state": "ready"}]
Kept = list[tuple[str, str, float, float]]


@pytest.fixture
def zoe(stage: Stage) -> Student:
    """A student in a running exam whose pictures come, and are analysed."""
    stage.monitor.state["workers"] = ABLE
    student = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.reports.camera(student, "on")
    student.picture.state = "ok"
    return student


def look(stage: Stage, student: Student | None = None, seconds: float = 0.0) -> None:
    """Let time go by in steps of two seconds, pictures of the student coming, and look around after each."""
    for _ in range(round(seconds / 2) or 1):
        stage.clock.advance(2.0 if seconds else 0.0)
        if student is not None:
            student.uplink.pictured_at = stage.clock.now()
        stage.attendance.look_around()


def kept(stage: Stage, channel: str = "webcam") -> Kept:
    """What the database has: whose, in which state, from when and until when, in seconds of the test."""
    stage.attendance.write()
    with stage.database.read() as session:
        rows = attendance_of(session, "r1")
    begin = START.timestamp()
    return [
        (row.participant_id or "", row.state, row.began_at.timestamp() - begin, row.until.timestamp() - begin)
        for row in rows
        if row.channel == channel
    ]


def states(stage: Stage, channel: str = "webcam") -> list[tuple[str, float, float]]:
    return [(state, began, until) for _who, state, began, until in kept(stage, channel)]


def test_a_state_that_lasts_is_one_stretch(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    look(stage, zoe, 60)
    assert kept(stage) == [(zoe.id, "seen", 0, 60)]
    assert kept(stage, "room") == [("", "running", 0, 60)]


def test_each_reason_for_seeing_nothing_is_a_stretch_of_its_own(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    look(stage, zoe, 10)
    zoe.picture.state = "dark"
    look(stage, zoe, 10)
    stage.reports.camera(zoe, "denied")
    look(stage, zoe, 10)
    stage.reports.camera(zoe, "on")
    look(stage, None, QUIET_S + 5)
    stage.monitor.state["workers"] = []
    look(stage, zoe, 10)
    assert [state for state, *_ in states(stage)] == [
        "seen",
        "unclear",
        "no_camera",
        "unwatched",
        "no_picture",
        "unwatched",
    ]


def test_stretches_of_one_student_touch_and_never_overlap(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    for state in ("ok", "dark", "ok", "covered"):
        zoe.picture.state = state
        look(stage, zoe, 8)
    found = states(stage)
    assert len(found) == 4
    assert all(before[2] == after[1] for before, after in pairwise(found))


def test_who_is_not_connected_has_no_stretch(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    look(stage, zoe, 10)
    stage.admission.gone("s1")
    look(stage, None, 20)
    stage.connect(zoe.id, "s2")
    look(stage, zoe, 10)
    assert [(begin, end) for _state, begin, end in states(stage)] == [(0, 10), (32, 40)]


def test_a_pause_judges_nobody(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    stage.lifecycle.set_state("r1", "paused", "Ana")
    look(stage, zoe, 10)
    assert [state for state, *_ in states(stage)] == ["seen", "present"]
    assert [state for state, *_ in states(stage, "room")] == ["running", "paused"]


def test_a_time_in_which_the_server_did_not_look_stays_open(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    look(stage, zoe, 10)
    stage.clock.advance(GAP_S + 1)
    look(stage, zoe)
    assert [(begin, end) for _state, begin, end in states(stage, "room")] == [(0, 10), (21, 21)]


def test_the_end_of_the_room_is_the_end_of_every_stretch(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    stage.clock.advance(1.5)
    stage.lifecycle.set_state("r1", "ended", "Ana")
    assert [(begin, end) for _state, begin, end in states(stage) + states(stage, "room")] == [(0, 1.5)] * 2
    look(stage, None, 10)
    assert [(begin, end) for _state, begin, end in states(stage) + states(stage, "room")] == [(0, 1.5)] * 2


def test_a_phone_sends_or_is_silent(stage: Stage, zoe: Student) -> None:
    stage.change(RoomSettings(phones=("arm",)))
    phone = stage.phone(zoe, "arm", "p1")
    phone.uplink.hear(stage.clock.now())
    look(stage, zoe)
    look(stage, zoe, QUIET_S + 5)
    assert [state for state, *_ in states(stage, "arm")] == ["sending", "silent"]


def test_what_the_database_does_not_take_is_written_later(
    stage: Stage, zoe: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(stage.database, "session", refuse)
        look(stage, zoe)
        look(stage, zoe, 30)
    assert kept(stage) == [(zoe.id, "seen", 0, 30)]


def refuse(*_arguments: object) -> None:
    raise StoreUnavailable(BUSY, "locked")


def test_it_goes_with_the_student(stage: Stage, zoe: Student) -> None:
    look(stage, zoe)
    assert len(kept(stage)) == 1
    with stage.database.session() as session:
        session.delete(session.get_one(ParticipantRow, zoe.id))
    look(stage, zoe, 20)
    assert kept(stage) == []
    assert kept(stage, "room") == [("", "running", 0, 20)]


def test_two_who_write_at_once_keep_everything_once(
    stage: Stage, zoe: Student, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = stage.database.session

    def slow(timeouts: float) -> AbstractContextManager[Session]:
        time.sleep(0.05)  # both have taken what is to be written by then, if nothing keeps them apart
        return session(timeouts)

    with monkeypatch.context() as patched:
        patched.setattr(stage.database, "session", slow)
        look(stage, zoe)
        zoe.picture.state = "dark"
        stage.clock.advance(2)
        stage.attendance.look_around()
        writers = [threading.Thread(target=stage.attendance.write) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    assert [state for state, *_ in states(stage)] == ["seen", "unclear"]
    assert "attendance-not-kept" not in caplog.text
