"""Events go to Socket.IO rooms: who is in one, who is no more, and how often an event is encoded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rooms.live.broadcaster import Broadcaster
from rooms.live.directory import MOST_LARGE_TILES
from rooms.live.picture_relay import Size, Tile
from rooms.protocol.socket_rooms import devices_of, students_of, teachers_of
from rooms.setup.room_settings import RoomSettings
from tests.fakes import FakeSocketIO
from tests.rooms.stage import Stage

HELLO = {"id": 1, "client_id": "a", "from": {}, "to": {}, "text": "hello", "sent_at": 1}
WITH_PHONES = RoomSettings(phones_allowed=("head", "room"))


def emits(stage: Stage, event: str) -> list[tuple[str, str | list[str]]]:
    """Where an event was sent since the last call, one for each time that it was encoded."""
    found = [(namespace, to) for namespace, to, name in stage.sockets.emitted if name == event]
    stage.sockets.emitted.clear()
    return found


# ------------------------------------------------------------------------------------ one emit for each room


def test_an_event_for_all_students_is_sent_once_to_their_room(stage: Stage) -> None:
    for number in range(5):
        stage.admitted(f"S{number}", f"s{number}")
    stage.broadcaster.to_students(stage.room, "chat", HELLO)
    assert emits(stage, "chat") == [("/student", "students:r1")]
    assert [stage.told(f"s{number}", "chat", "/student") for number in range(5)] == [[HELLO]] * 5


def test_what_students_may_see_of_the_paper_differs_and_each_version_is_sent_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path, exam_kind="text", exam_text="# Question 1")
    admitted = [stage.admitted(f"S{number}", f"s{number}") for number in range(4)]
    late = stage.student("Late", "s9")
    stage.sockets.emitted.clear()
    stage.lifecycle.set_state("r1", "running", "Ana")
    late_room, *others = sorted(
        (to for space, to in emits(stage, "room") if space == "/student"), key=str, reverse=True
    )
    assert late_room == f"devices:{late.id}"
    assert [sorted(to) for to in others] == [sorted(f"devices:{one.id}" for one in admitted)]
    assert all("Question 1" in stage.told(f"s{n}", "room", "/student")[-1]["exam"]["html"] for n in range(4))
    assert [told["exam"] for told in stage.told("s9", "room", "/student")] == [None]
    stage.admission.ready(late)
    assert "Question 1" in stage.told("s9", "room", "/student")[-1]["exam"]["html"]
    assert [len(stage.told(f"s{n}", "room", "/student")) for n in range(4)] == [1] * 4, "the others hear nothing of it"
    stage.database.close()


def test_phones_of_a_role_are_told_together_what_is_asked_of_them(tmp_path: Path) -> None:
    stage = Stage(tmp_path, WITH_PHONES)
    for number in range(3):
        student = stage.admitted(f"S{number}", f"s{number}")
        stage.phone(student, "head", f"h{number}")
    stage.phone(student, "room", "r0")
    stage.sockets.emitted.clear()
    stage.lifecycle.set_state("r1", "running", "Ana")
    rooms = [to for namespace, to in emits(stage, "room") if namespace == "/phone"]
    assert sorted(map(str, rooms)) == ["phones:r1:head", "phones:r1:room"]
    for sid, motion in (("h0", False), ("h2", False), ("r0", True)):
        assert [told["needs"]["motion"] for told in stage.told(sid, "room", "/phone")] == [motion]
    stage.database.close()


def test_an_event_for_nobody_is_not_encoded_and_goes_to_nobody(stage: Stage) -> None:
    participant = stage.admitted()
    stage.sockets.emitted.clear()
    stage.broadcaster.to_teachers(stage.room, "capacity", {})
    stage.broadcaster.to_rooms([], "chat", {})
    stage.admission.gone("s1")
    stage.broadcaster.to_participant(participant, "hint", {})
    assert stage.sockets.emitted == []


@pytest.mark.parametrize(
    ("send", "event"),
    [
        (lambda stage, event: stage.broadcaster.to_teachers(stage.room, event, {}), "hint"),
        (lambda stage, event: stage.broadcaster.to_students(stage.room, event, {}), "hint"),
        (lambda stage, event: stage.broadcaster.to_students(stage.room, event, {}), "alert"),
        (lambda stage, event: stage.broadcaster.to_rooms([devices_of("p", "/phone")], event, {}), "phone"),
        (lambda stage, event: stage.broadcaster.to_sid("/teacher", "t1", event, {}), "alert"),
        (lambda stage, event: stage.broadcaster.to_sid_counted("/student", "s1", event, {}, print), "heard"),
    ],
)
def test_an_event_goes_to_no_room_that_the_table_does_not_list(
    stage: Stage, send: Callable[[Stage, str], None], event: str
) -> None:
    stage.admitted(), stage.teacher()
    stage.sockets.emitted.clear()
    with pytest.raises(ValueError, match=event):
        send(stage, event)
    assert stage.sockets.emitted == []


def test_a_connection_that_ended_meanwhile_enters_nothing() -> None:
    made = FakeSocketIO()

    def refuse(*_args: object, **_options: object) -> None:
        raise KeyError("not connected")

    made.server.enter_room = refuse  # type: ignore[method-assign]
    broadcaster = Broadcaster(made)
    broadcaster.enter("s1", [teachers_of("r1"), students_of("r1")])
    assert made.server.rooms == {}


# ------------------------------------------------------------------------------------ who is in which room


def test_every_connection_is_in_the_rooms_of_who_it_speaks_for(tmp_path: Path) -> None:
    stage = Stage(tmp_path, WITH_PHONES)
    student = stage.admitted()
    phone = stage.phone(student, "head", "h1")
    stage.teacher()
    assert stage.sockets.rooms_of("/student", "s1") == {"students:r1", f"devices:{student.id}"}
    assert stage.sockets.rooms_of("/phone", "h1") == {
        *(f"phone:{phone.id}", "phones:r1:head", f"devices:{student.id}"),
    }
    assert stage.sockets.rooms_of("/teacher", "t1") == {"teachers:r1"}
    stage.admission.gone("s1")
    stage.phones.gone("h1")
    stage.teacher_sessions.leave("t1")
    assert not any(stage.sockets.rooms.values())
    stage.database.close()


def test_a_replaced_connection_hears_nothing_after_it_was_told_so(tmp_path: Path) -> None:
    stage = Stage(tmp_path, WITH_PHONES)
    student = stage.admitted()
    phone = stage.phone(student, "head", "h1")
    stage.connect(student.id, "s2")
    stage.connect_phone(phone.id, "h2")
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.broadcaster.to_students(stage.room, "chat", HELLO)
    for namespace, old, new in (("/student", "s1", "s2"), ("/phone", "h1", "h2")):
        events = [event for space, sid, event, _data in stage.sockets.sent if (space, sid) == (namespace, old)]
        assert events[-1] == "replaced" and stage.sockets.rooms_of(namespace, old) == set()
        assert stage.told(new, "room", namespace)
    stage.database.close()


def test_who_connects_while_the_place_is_taken_over_ends_in_no_room(stage: Stage) -> None:
    """The other one comes exactly between the entry into the rooms and the taking of the place."""
    student = stage.admitted()
    take = stage.directory.connect

    def meanwhile(participant: object, sid: str, origin: str = "") -> str | None:
        before = take(student, sid)
        if sid == "s2":
            stage.connect(student.id, "s3")
        return before

    stage.directory.connect = meanwhile  # type: ignore[method-assign]
    stage.connect(student.id, "s2")
    held = [sid for sid in ("s1", "s2", "s3") if stage.sockets.rooms_of("/student", sid)]
    assert held == [student.sid] == ["s3"]


def test_a_phone_that_leaves_for_good_hears_nothing_on_its_way_out(tmp_path: Path) -> None:
    stage = Stage(tmp_path, WITH_PHONES)
    student = stage.admitted()
    stage.phone(student, "head", "h1")
    stage.phones.stand_down("h1")
    stage.sockets.sent.clear()
    stage.pairing.unpair(student, "head")
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert [event for space, sid, event, _data in stage.sockets.sent if sid == "h1"] == []
    stage.database.close()


# ------------------------------------------------------------------------------------ watching


def test_watching_a_student_is_being_in_the_students_room(stage: Stage) -> None:
    zoe, ali = stage.admitted("Zoé", "s1"), stage.admitted("Ali", "s2")
    link = stage.teacher()
    stage.teacher_sessions.watch(link, [zoe.id, ali.id, "stranger"], zoe.id)
    own = {"teachers:r1"}
    assert stage.sockets.rooms_of("/teacher", "t1") == own | {
        *(f"watchers:{zoe.id}", f"watchers:{ali.id}", f"focus:{zoe.id}"),
    }
    assert (stage.broadcaster.watching(ali.id), stage.broadcaster.watching(ali.id, Size.LARGE)) == (["t1"], [])
    stage.teacher_sessions.watch(link, [ali.id], None)
    assert stage.sockets.rooms_of("/teacher", "t1") == own | {f"watchers:{ali.id}"}
    stage.teacher_sessions.leave("t1")
    assert stage.sockets.rooms_of("/teacher", "t1") == set()


def test_who_is_in_the_large_view_alone_is_watched_too(stage: Stage) -> None:
    zoe = stage.admitted()
    link = stage.teacher()
    stage.teacher_sessions.watch(link, [], zoe.id)
    assert stage.broadcaster.watching(zoe.id) == stage.broadcaster.watching(zoe.id, Size.LARGE) == ["t1"]


def test_a_page_of_many_waits_for_thumbnails_of_all_but_whom_it_shows_larger(stage: Stage) -> None:
    zoe, ali, mia = (stage.admitted(name, sid) for name, sid in (("Zoé", "s1"), ("Ali", "s2"), ("Mia", "s3")))
    crowd = [stage.admitted(f"N{n}", f"n{n}").id for n in range(MOST_LARGE_TILES)]
    link = stage.teacher()
    stage.teacher_sessions.watch(link, [zoe.id, ali.id, *crowd], mia.id, [ali.id])
    for one in (zoe, ali, mia):
        stage.relay.offer(Tile(one.id, 1, 0.0, b"frame"))
        stage.relay.offer(Tile(one.id, 2, 0.0, b"thumbnail"), Size.THUMBNAIL)
    waiting = {who: tile.jpeg for (who, _channel), tile in stage.relay._lanes["t1"]._slots.items()}
    assert waiting == {zoe.id: b"thumbnail", ali.id: b"frame", mia.id: b"frame"}
    stage.teacher_sessions.watch(link, [zoe.id], None)
    assert stage.sockets.rooms_of("/teacher", "t1") == {"teachers:r1", f"watchers:{zoe.id}"}


def test_a_phones_picture_waits_for_the_large_view_alone(stage: Stage) -> None:
    zoe = stage.admitted()
    stage.teacher_sessions.watch(stage.teacher("t1"), [zoe.id], None)
    stage.teacher_sessions.watch(stage.teacher("t2"), [], zoe.id)
    stage.relay.offer(Tile(zoe.id, 1, 0.0, b"web"))
    stage.relay.offer(Tile(zoe.id, 1, 0.0, b"head", "head"))
    waiting = {sid: [channel for _who, channel in lane._slots] for sid, lane in stage.relay._lanes.items()}
    assert waiting == {"t1": ["webcam"], "t2": ["webcam", "head"]}


# ------------------------------------------------------------------------------------ coming in


def test_what_a_page_is_to_send_is_said_after_its_welcome_whatever_was_said_before(stage: Stage) -> None:
    """A teacher watches the student just between the connection and the welcome."""
    student = stage.student()
    ticket = stage.tickets.read(stage.tickets.issue_student("r1", student.id), "student")
    link = stage.teacher()
    room, participant = stage.admission.arrive(ticket, "s1")
    stage.teacher_sessions.watch(link, [student.id], student.id)
    stage.admission.welcome(room, participant)
    order = [event for _space, sid, event, _data in stage.sockets.sent if sid == "s1"]
    assert order.index("welcome") < len(order) - 1 - order[::-1].index("capture")
    assert stage.told("s1", "capture", "/student")[-1]["fps"] == 10.0
