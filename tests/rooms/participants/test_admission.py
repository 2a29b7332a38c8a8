from datetime import timedelta

import pytest

from core.errors import Busy, NotAllowed, UserError
from core.types import ObservationKind
from rooms.setup.participant_records import drop_unused
from rooms.setup.room_settings import RoomSettings
from store.rooms import ParticipantRow
from tests.rooms.stage import START, Stage


def test_a_new_student_appears_at_the_teacher_and_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.teacher()
    participant = stage.student("Zoé", "s1")
    assert stage.told("t1", "participant")[-1]["name"] == "Zoé"
    assert f"join room=004217 student=Zoé participant={participant.id}" in caplog.messages


def test_a_participant_that_nobody_came_to_is_shown_to_nobody(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.teacher("t1")
    participant = stage.student("Eve")
    stage.lifecycle.room_changed(stage.row())
    stage.teacher("t2")
    assert stage.told("t1", "participant") == []
    assert stage.told("t2", "welcome")[-1]["participants"] == []
    assert not [line for line in caplog.messages if "Eve" in line]
    stage.connect(participant.id, "s1")
    stage.admission.gone("s1")
    stage.restart()
    stage.teacher("t3")
    assert [one["name"] for one in stage.told("t3", "welcome")[-1]["participants"]] == ["Eve"], "also after a restart"


def test_who_comes_when_all_places_are_taken_is_told_to_wait(tmp_path) -> None:  # type: ignore[no-untyped-def]
    stage = Stage(tmp_path, RoomSettings(max_students=1))
    first, second = stage.student("Ana"), stage.student("Ben")
    stage.connect(first.id, "s1")
    stage.admission.gone("s1")
    with pytest.raises(Busy) as refused:
        stage.connect(second.id, "s2")
    assert (refused.value.code, stage.directory.participant_of("s2")) == ("room_full", None)
    stage.connect(first.id, "s3")
    stage.admission.leave(first)
    assert stage.connect(second.id, "s4").online
    stage.database.close()


def test_participants_that_nobody_came_to_are_given_up_oldest_first(stage: Stage) -> None:
    came, *others = [stage.student(f"S{n}") for n in range(4)]
    stage.connect(came.id, "s1")
    with stage.database.session() as session:
        for minute, participant in enumerate(others):
            row = session.get(ParticipantRow, participant.id)
            assert row is not None
            row.joined_at = START + timedelta(minutes=minute)
        session.flush()
        dropped = drop_unused(session, "r1", 2, others[2].id)
    assert dropped == [others[0].id]
    with pytest.raises(NotAllowed, match="ticket_invalid"):
        stage.connect(others[0].id, "s2")
    stage.admission.participants_dropped("r1", dropped)
    assert set(stage.room.students) == {came.id, others[1].id, others[2].id}
    assert stage.connect(others[1].id, "s3").online


def test_welcome_gives_the_page_all_it_shows(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    told = stage.told("s1", "welcome", "/student")[0]
    assert told["participant"]["id"] == participant.id
    assert (told["participant"]["online"], told["room"]["title"], told["exam"]) == (True, "Algebra", None)
    assert stage.told("s1", "capture", "/student")[-1]["fps"] > 0, "the system check needs pictures"


def test_a_second_tab_takes_over_and_the_first_is_told(stage: Stage) -> None:
    participant = stage.admitted(sid="s1")
    stage.connect(participant.id, "s2")
    assert stage.told("s1", "replaced", "/student") == [{}]
    assert stage.sockets.closed == [("/student", "s1")]
    stage.admission.gone("s1")
    assert (participant.sid, participant.online) == ("s2", True)


def test_the_log_tells_a_first_connection_from_a_return(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    participant = stage.student(sid="s1")
    stage.admission.gone("s1")
    stage.connect(participant.id, "s2")
    stage.restart()
    stage.connect(participant.id, "s3")
    told = [line.split()[0] for line in caplog.messages if "connect" in line]
    assert told == ["connect", "disconnect", "reconnect", "reconnect"]


def test_ready_lets_in_or_to_the_waiting_room(stage: Stage) -> None:
    assert stage.admission.ready(stage.student(sid="s1")) == "admitted"


def test_the_teacher_admits_by_hand(tmp_path) -> None:  # type: ignore[no-untyped-def]
    stage = Stage(tmp_path, RoomSettings(admit_by_hand=True))
    participant = stage.student(sid="s1")
    assert stage.admission.ready(participant) == "waiting"
    stage.admission.admit(stage.room, participant.id, True, "Ana")
    assert stage.told("s1", "admission", "/student")[-1] == {"state": "admitted"}
    with pytest.raises(UserError) as refused:
        stage.admission.admit(stage.room, participant.id, False, "Ana")
    assert refused.value.code == "bad_move"
    stage.database.close()


def test_a_removed_student_cannot_come_back_with_the_same_participant(stage: Stage) -> None:
    participant = stage.admitted()
    stage.admission.remove(stage.room, participant.id, "Ana")
    assert stage.monitor.forgotten == [participant.id]
    with pytest.raises(NotAllowed) as refused:
        stage.connect(participant.id, "s2")
    assert refused.value.code == "removed"


def test_the_state_survives_a_restart(stage: Stage) -> None:
    participant = stage.admitted()
    stage.admission.leave(participant)
    other = stage.admitted("Ali", "s2")
    stage.restart()
    kept = {s.name: (s.state, s.online) for s in stage.room.students.values()}
    assert kept == {"Zoé": ("left", False), "Ali": ("admitted", False)}
    assert stage.connect(other.id, "s3").online


def test_what_the_browser_reports_reaches_the_judge_only_while_the_exam_runs(stage: Stage) -> None:
    participant = stage.admitted()
    stage.reports.page(participant, "hidden")
    assert stage.monitor.observations == []
    stage.lifecycle.set_state("r1", "running", "Ana")
    facts = {o.kind: dict(o.values) for o in stage.monitor.observations}
    assert facts[ObservationKind.PAGE] == {"visible": False, "focused": False}, "hidden before the start still counts"
    stage.reports.camera(participant, "unplugged")
    assert dict(stage.monitor.observations[-1].values) == {"state": "unplugged"}


def test_a_lost_connection_is_told_to_the_judge_and_the_teacher(stage: Stage) -> None:
    stage.admitted()
    stage.teacher()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.admission.gone("s1")
    assert dict(stage.monitor.observations[-1].values) == {"online": False}
    assert stage.told("t1", "participant")[-1]["online"] is False


def test_a_student_of_another_room_is_unknown(stage: Stage) -> None:
    with pytest.raises(UserError) as refused:
        stage.admission.remove(stage.room, "somebody", "Ana")
    assert refused.value.code == "unknown_participant"
