"""What is made of the rows of a room."""

from __future__ import annotations

from typing import Any

from core.attendance import Attendance
from reports.making import room_report
from reports.model import RoomReport
from reports.records import records_of
from store.alerts import AlertRow
from store.messages import Message
from store.phones import PhoneRow
from store.rooms import Room
from tests.reports.rows import HOUR, alert, at, records, span, stretch, student
from tests.rooms.stage import Stage


def made(**changed: object) -> RoomReport:
    return room_report(records(**changed), at(90))


def test_an_exam_without_anything_to_tell() -> None:
    report = made()
    assert (report.title, report.exam, report.alerts, list(report.kinds)) == ("Algebra", span(0, HOUR), 0, [])
    assert report.is_recorded and list(report.absent) == []
    zoe = report.students[0]
    assert (zoe.name, zoe.coverage.seen, list(zoe.outages)) == ("Zoe", 3600, [])


def test_students_stand_by_name_whatever_their_alerts() -> None:
    people = [student("zoe"), student("emil", name="Émil"), student("anna"), student("ben")]
    report = made(participants=people, alerts=[alert(f"a{n}", "zoe") for n in range(5)])
    assert [one.name for one in report.students] == ["Anna", "Ben", "Émil", "Zoe"]


def test_alerts_are_counted_by_kind_with_their_verdicts() -> None:
    alerts = [
        alert("a1", begin=1, end=1.5, verdict="acknowledged", incident_id="a1"),
        alert("a2", begin=2, end=2.5, verdict="dismissed", incident_id="a1"),
        alert("a3", begin=20, end=21),
        alert("a4", who="ben", begin=2, end=3, verdict="acknowledged"),
        alert("a5", begin=5, end=6, kind="PAGE_HIDDEN"),
    ]
    faces, hidden = made(participants=[student(), student("ben")], alerts=alerts).kinds
    assert (faces.kind, faces.alerts, faces.incidents, faces.students) == ("FACE_NOT_FOUND", 4, 3, 2)
    assert (faces.right, faces.wrong, faces.open, faces.precision) == (2, 1, 1, 2 / 3)
    assert (hidden.kind, hidden.open, hidden.precision) == ("PAGE_HIDDEN", 1, None)


def test_an_alert_says_what_a_teacher_made_of_it() -> None:
    judged: dict[str, Any] = {"verdict": "acknowledged", "note": "a badge", "handled_by": 7, "handled_at": at(30)}
    row = alert(evidence="a1.jpg", numbers={"kept": ["sound"]}, **judged)
    entry = made(alerts=[row], users={7: "Ana"}).students[0].alerts[0]
    assert (entry.verdict, entry.note, entry.handled_by, entry.handled_at) == ("acknowledged", "a badge", "Ana", at(30))
    assert entry.kept == {"picture", "sound"}
    assert (entry.span, entry.is_over) == (span(10, 11), True)


def test_an_alert_without_an_end_reaches_to_that_of_the_exam() -> None:
    entry = made(alerts=[alert(end=None)]).students[0].alerts[0]
    assert (entry.span, entry.is_over) == (span(10, HOUR), False)


def test_who_was_absent_and_how_that_is_known() -> None:
    people = [
        student(name="Zoé Martin"),
        student("ghost", name="Gil", arrived_at=None, state="checking"),
        student("late", name="Lea", state="waiting"),
    ]
    report = made(participants=people, expected=["Martin, Zoe", "Omar", "Lea"])
    assert [(one.name, one.why) for one in report.absent] == [
        ("Gil", "never_came"),
        ("Lea", "not_admitted"),
        ("Omar", "expected"),
    ]
    assert [one.name for one in report.students] == ["Lea", "Zoé Martin"]


def test_who_comes_at_the_second_try_is_not_absent() -> None:
    people = [student("try", name="Zoe", arrived_at=None, state="checking"), student(name="Zoe")]
    assert list(made(participants=people).absent) == []


def test_phones_are_told_by_role_also_one_that_never_connected() -> None:
    rows = [stretch("zoe", Attendance.SENDING, 0, 50, "arm")]
    paired = [PhoneRow(id="p1", room_id="r1", participant_id="zoe", role="head", paired_at=at(0))]
    zoe = made(attendance=[*records().attendance, *rows], phones=paired).students[0]
    assert {role: len(stays) for role, stays in zoe.phones.items()} == {"arm": 1, "head": 0}
    assert zoe.coverage.seen == 3600


def test_a_room_from_before_the_record_says_so() -> None:
    report = made(attendance=[])
    assert not report.is_recorded and list(report.not_recorded) == []
    assert not report.students[0].coverage.is_recorded


def test_a_room_that_never_began_has_no_exam() -> None:
    kept = records(attendance=[])
    kept.room.started_at = None
    report = room_report(kept, at(90))
    assert (report.exam, report.students[0].coverage.exam) == (None, 0)


def test_everything_is_read_from_the_database(stage: Stage) -> None:
    stage.monitor.state["workers"] = [{"state": "ready"}]
    zoe = stage.admitted("Zoé")
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.attendance.look_around()
    stage.sink.alert_raised(stage.alert(zoe))
    stage.teacher()
    stage.verdicts.review(stage.room, "a1", "acknowledged", "seen it", (1, "Ana"))
    stage.clock.advance(8)
    with stage.database.session() as session:
        values = {"room_id": "r1", "client_id": "c1", "sender_name": "x", "text": "x", "sent_at": at(1)}
        session.add(Message(sender_kind="student", sender_id=zoe.id, to_kind="teachers", **values))
        session.add(Message(sender_kind="teacher", sender_id="1", to_kind="student", to_id=zoe.id, **values))
    stage.lifecycle.set_state("r1", "ended", "Ana")
    with stage.database.read() as session:
        report = room_report(records_of(session, session.get_one(Room, "r1")), at(90))
        assert session.get_one(AlertRow, "a1").note == "seen it"
    (student,) = report.students
    assert (report.teachers, student.name, student.written, student.received) == (("Ana",), "Zoé", 1, 1)
    assert (student.alerts[0].handled_by, student.coverage.exam) == ("Ana", 8)
    assert student.coverage.reasons == [("no_camera", 8)]
