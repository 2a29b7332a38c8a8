from datetime import timedelta

import pytest

from core.errors import Busy, NotAllowed, UserError
from core.types import ObservationKind
from rooms.room_settings import RoomSettings
from rooms.seats import drop_unused
from store.rooms import Participant
from tests.rooms.stage import START, Stage


def test_a_new_student_appears_at_the_teacher_and_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.teacher()
    seat = stage.student("Zoé", "s1")
    assert stage.told("t1", "participant")[-1]["name"] == "Zoé"
    assert f"join room=004217 student=Zoé participant={seat.id}" in caplog.messages


def test_a_seat_that_nobody_came_to_is_shown_to_nobody(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.teacher("t1")
    seat = stage.student("Eve")
    stage.conductor.room_changed(stage.row())
    stage.teacher("t2")
    assert stage.told("t1", "participant") == []
    assert stage.told("t2", "welcome")[-1]["participants"] == []
    assert not [line for line in caplog.messages if "Eve" in line]
    stage.connect(seat.id, "s1")
    stage.attendance.gone("s1")
    stage.restart()
    stage.teacher("t3")
    assert [one["name"] for one in stage.told("t3", "welcome")[-1]["participants"]] == ["Eve"], "also after a restart"


def test_who_comes_when_all_places_are_taken_is_told_to_wait(tmp_path) -> None:  # type: ignore[no-untyped-def]
    stage = Stage(tmp_path, RoomSettings(max_students=1))
    first, second = stage.student("Ana"), stage.student("Ben")
    stage.connect(first.id, "s1")
    stage.attendance.gone("s1")
    with pytest.raises(Busy) as refused:
        stage.connect(second.id, "s2")
    assert (refused.value.code, stage.directory.seat_of("s2")) == ("room_full", None)
    stage.connect(first.id, "s3")
    stage.attendance.leave(first)
    assert stage.connect(second.id, "s4").online
    stage.database.close()


def test_seats_that_nobody_came_to_are_given_up_oldest_first(stage: Stage) -> None:
    came, *others = [stage.student(f"S{n}") for n in range(4)]
    stage.connect(came.id, "s1")
    with stage.database.session() as session:
        for minute, seat in enumerate(others):
            row = session.get(Participant, seat.id)
            assert row is not None
            row.joined_at = START + timedelta(minutes=minute)
        session.flush()
        dropped = drop_unused(session, "r1", 2, others[2].id)
    assert dropped == [others[0].id]
    with pytest.raises(NotAllowed, match="ticket_invalid"):
        stage.connect(others[0].id, "s2")
    stage.attendance.seats_dropped("r1", dropped)
    assert set(stage.room.seats) == {came.id, others[1].id, others[2].id}
    assert stage.connect(others[1].id, "s3").online


def test_welcome_gives_the_page_all_it_shows(stage: Stage) -> None:
    seat = stage.student(sid="s1")
    told = stage.told("s1", "welcome", "/student")[0]
    assert told["participant"]["id"] == seat.id
    assert (told["participant"]["online"], told["room"]["title"], told["exam"]) == (True, "Algebra", None)
    assert stage.told("s1", "capture", "/student")[-1]["fps"] > 0, "the system check needs pictures"


def test_a_second_tab_takes_over_and_the_first_is_told(stage: Stage) -> None:
    seat = stage.admitted(sid="s1")
    stage.connect(seat.id, "s2")
    assert stage.told("s1", "replaced", "/student") == [{}]
    assert stage.sockets.closed == [("/student", "s1")]
    stage.attendance.gone("s1")
    assert (seat.sid, seat.online) == ("s2", True)


def test_the_log_tells_a_first_connection_from_a_return(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    seat = stage.student(sid="s1")
    stage.attendance.gone("s1")
    stage.connect(seat.id, "s2")
    stage.restart()
    stage.connect(seat.id, "s3")
    told = [line.split()[0] for line in caplog.messages if "connect" in line]
    assert told == ["connect", "disconnect", "reconnect", "reconnect"]


def test_ready_lets_in_or_to_the_waiting_room(stage: Stage) -> None:
    assert stage.attendance.ready(stage.student(sid="s1")) == "admitted"


def test_the_teacher_admits_by_hand(tmp_path) -> None:  # type: ignore[no-untyped-def]
    stage = Stage(tmp_path, RoomSettings(admit_by_hand=True))
    seat = stage.student(sid="s1")
    assert stage.attendance.ready(seat) == "waiting"
    stage.attendance.admit(stage.room, seat.id, True, "Ana")
    assert stage.told("s1", "admission", "/student")[-1] == {"state": "admitted"}
    with pytest.raises(UserError) as refused:
        stage.attendance.admit(stage.room, seat.id, False, "Ana")
    assert refused.value.code == "bad_move"
    stage.database.close()


def test_a_removed_student_cannot_come_back_with_the_same_seat(stage: Stage) -> None:
    seat = stage.admitted()
    stage.attendance.remove(stage.room, seat.id, "Ana")
    assert stage.monitor.forgotten == [seat.id]
    with pytest.raises(NotAllowed) as refused:
        stage.connect(seat.id, "s2")
    assert refused.value.code == "removed"


def test_the_state_survives_a_restart(stage: Stage) -> None:
    seat = stage.admitted()
    stage.attendance.leave(seat)
    other = stage.admitted("Ali", "s2")
    stage.restart()
    kept = {s.name: (s.state, s.online) for s in stage.room.seats.values()}
    assert kept == {"Zoé": ("left", False), "Ali": ("admitted", False)}
    assert stage.connect(other.id, "s3").online


def test_what_the_browser_reports_reaches_the_judge_only_while_the_exam_runs(stage: Stage) -> None:
    seat = stage.admitted()
    stage.attendance.page(seat, "hidden")
    assert stage.monitor.observations == []
    stage.conductor.set_state("r1", "running", "Ana")
    facts = {o.kind: dict(o.values) for o in stage.monitor.observations}
    assert facts[ObservationKind.PAGE] == {"visible": False, "focused": False}, "hidden before the start still counts"
    stage.attendance.camera(seat, "unplugged")
    assert dict(stage.monitor.observations[-1].values) == {"state": "unplugged"}


def test_a_lost_connection_is_told_to_the_judge_and_the_teacher(stage: Stage) -> None:
    stage.admitted()
    stage.teacher()
    stage.conductor.set_state("r1", "running", "Ana")
    stage.attendance.gone("s1")
    assert dict(stage.monitor.observations[-1].values) == {"online": False}
    assert stage.told("t1", "participant")[-1]["online"] is False


def test_a_student_of_another_room_is_unknown(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        stage.attendance.remove(stage.room, "somebody", "Ana")
    assert refused.value.code == "unknown_person"
