"""What a teacher does about a student: kept, told to both sides, undone for seconds; who is held is not judged."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from core.attendance import Attendance
from core.errors import ExamError, ProtocolError, UserError
from rooms.actions.orders import Wish
from rooms.actions.rows import step_row
from rooms.alerts.effective_rules import Source, effective_rules
from rooms.live.directory import TeacherLink
from rooms.live.participant import Student
from rooms.protocol.objects import ActionView
from rooms.upkeep.attendance import states_of
from store.desk import ActionRow, actions_of
from store.evidence import records_of_chain
from tests.rooms.stage import START, Stage


@pytest.fixture
def ana(stage: Stage) -> TeacherLink:
    return stage.teacher("t1")


@pytest.fixture
def student(stage: Stage, ana: TeacherLink) -> Student:
    student = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    return student


def act(stage: Stage, link: TeacherLink, student: Student, verb: str, **more: Any) -> ActionView:
    """Do something about one student."""
    given = {"client_id": f"{verb}-{stage.clock.now()}-{link.person}", **more}
    [made] = stage.actions.act(stage.room, link, [student.id], Wish(verb=verb, **given))
    return made


def code_of(error: pytest.ExceptionInfo[ExamError]) -> str:
    return error.value.code


def told(stage: Stage) -> Any:
    """What the student's page was told last."""
    return stage.told("s1", "standing", "/student")[-1]


def test_a_paused_student_has_no_paper_and_is_not_judged_and_goes_on_afterwards(
    stage: Stage, ana: TeacherLink, student: Student
) -> None:
    act(stage, ana, student, "pause", reason="talk", note="I come to you.")
    assert told(stage)["standing"]["state"] == "paused"
    assert told(stage)["standing"]["note"] == "I come to you."
    assert stage.told("s1", "room", "/student")[-1]["exam"] is None
    rules = effective_rules(stage.room, student, stage.services.rules)
    assert not any(rule.settings.enabled for rule in rules.values())
    assert Source.HELD in {rule.source("enabled") for rule in rules.values()}
    assert not any(rule.enabled for rule in stage.monitor.own["r1"][student.id].values())
    states = {key.participant: state for key, state in states_of(stage.room, stage.clock.now(), True)}
    assert states[student.id] == Attendance.HELD
    stage.reports.page(student, "hidden")
    before = len(stage.monitor.observations)
    act(stage, ana, student, "resume")
    assert told(stage)["standing"]["state"] == ""
    assert stage.told("s1", "room", "/student")[-1]["exam"] == {"kind": "none"}
    assert student.id not in stage.monitor.own["r1"]
    seen = [one.values for one in stage.monitor.observations[before:]]
    assert {"visible": False, "focused": False} in seen, "what is so at its end is judged"


def test_a_lock_lies_over_a_pause_and_each_ends_by_its_own(stage: Stage, ana: TeacherLink, student: Student) -> None:
    act(stage, ana, student, "pause", reason="technical")
    act(stage, ana, student, "lock", reason="identity")
    assert student.standing.state == "locked"
    act(stage, ana, student, "unlock")
    assert student.standing.state == "paused"


def test_a_restart_forgets_nothing_of_it(stage: Stage, ana: TeacherLink, student: Student) -> None:
    act(stage, ana, student, "lock", reason="rules", note="Please wait.")
    act(stage, ana, student, "extra_time", reason="agreed", minutes=15)
    before = student.standing
    stage.restart()
    assert stage.room.students[student.id].standing == before
    assert (before.state, before.minutes) == ("locked", 15)
    stage.connect(student.id, "s2")
    welcome = stage.told("s2", "welcome", "/student")[-1]
    assert welcome["participant"]["standing"]["state"] == "locked"
    assert welcome["exam"] is None


def test_extra_time_adds_up_and_what_is_undone_does_not_count(stage: Stage, ana: TeacherLink, student: Student) -> None:
    act(stage, ana, student, "extra_time", reason="agreed", minutes=10)
    second = act(stage, ana, student, "extra_time", reason="technical", minutes=5, client_id="b")
    assert student.standing.minutes == 15
    stage.clock.advance(4)
    stage.actions.undo(stage.room, ana, second["id"])
    assert student.standing.minutes == 10
    assert [one["minutes"] for one in told(stage)["news"]] == [10]


def test_only_its_teacher_undoes_an_action_and_only_for_seconds(
    stage: Stage, ana: TeacherLink, student: Student
) -> None:
    ben = stage.colleague("Ben", "t2")
    made = act(stage, ana, student, "pause", reason="talk")
    with pytest.raises(UserError) as error:
        stage.actions.undo(stage.room, ben, made["id"])
    assert code_of(error) == "too_late"
    stage.clock.advance(7)
    with pytest.raises(UserError) as error:
        stage.actions.undo(stage.room, ana, made["id"])
    assert code_of(error) == "too_late"
    with pytest.raises(UserError) as error:
        stage.actions.undo(stage.room, ana, "forged")
    assert code_of(error) == "unknown_action"
    assert student.standing.state == "paused"


def test_the_page_says_what_it_showed_and_what_was_read(stage: Stage, ana: TeacherLink, student: Student) -> None:
    made = act(stage, ana, student, "extra_time", reason="agreed", minutes=10)
    stage.actions.took(student, [made["id"], "of somebody else"], "delivered")
    shown = stage.told("t1", "actions")[-1]["actions"][0]
    assert shown["delivered"] == round(stage.clock.now() * 1000) and shown["acknowledged"] is None
    stage.clock.advance(3)
    stage.actions.took(student, [made["id"]], "acknowledged")
    stage.actions.took(student, [made["id"]], "acknowledged")
    assert stage.told("t1", "actions")[-1]["actions"][0]["acknowledged"] == round(stage.clock.now() * 1000)
    assert told(stage)["news"] == []


def test_only_what_still_holds_is_news(stage: Stage, ana: TeacherLink, student: Student) -> None:
    stage.colleague("Ben", "t2")
    act(stage, ana, student, "extra_time", reason="agreed", minutes=10)
    act(stage, ana, student, "pause", reason="talk")
    act(stage, ana, student, "lock", reason="rules")
    assert [one["verb"] for one in told(stage)["news"]] == ["extra_time", "lock"]
    act(stage, ana, student, "unlock")
    assert [one["verb"] for one in told(stage)["news"]] == ["extra_time", "pause"]
    act(stage, ana, student, "resume")
    assert [one["verb"] for one in told(stage)["news"]] == ["extra_time", "unlock", "resume"]
    act(stage, ana, student, "terminate", reason="rules")
    assert [one["verb"] for one in told(stage)["news"]] == ["extra_time"]


def test_another_students_page_says_nothing_of_it(stage: Stage, ana: TeacherLink, student: Student) -> None:
    other = stage.admitted("Max", "s2")
    made = act(stage, ana, student, "pause", reason="talk")
    stage.actions.took(other, [made["id"]], "acknowledged")
    assert told(stage)["news"] != []


def test_the_same_again_is_the_same_action(stage: Stage, ana: TeacherLink, student: Student) -> None:
    act(stage, ana, student, "extra_time", reason="agreed", minutes=10, client_id="one")
    wish = Wish(verb="extra_time", reason="agreed", minutes=10, client_id="one")
    assert stage.actions.act(stage.room, ana, [student.id], wish) == []
    assert student.standing.minutes == 10


def test_many_at_once_and_a_stranger_among_them_means_nobody(stage: Stage, ana: TeacherLink, student: Student) -> None:
    other = stage.admitted("Max", "s2")
    wish = Wish(verb="pause", reason="technical", client_id="all")
    with pytest.raises(UserError) as error:
        stage.actions.act(stage.room, ana, [student.id, "forged"], wish)
    assert code_of(error) == "unknown_participant"
    assert student.standing.state == ""
    made = stage.actions.act(stage.room, ana, [student.id, other.id, student.id], wish)
    assert {one["participant"] for one in made} == {student.id, other.id}
    stage.clock.advance(1)
    again = stage.actions.act(stage.room, ana, [student.id], Wish(verb="resume", client_id="c"))
    assert len(again) == 1
    both = Wish(verb="pause", reason="technical", client_id="d")
    assert [one["participant"] for one in stage.actions.act(stage.room, ana, [student.id, other.id], both)] == [
        student.id
    ], "who is paused already is left out"


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("pause", {}),
        ("pause", {"reason": "wish"}),
        ("resume", {"reason": "talk"}),
        ("extra_time", {"reason": "agreed"}),
        ("extra_time", {"reason": "agreed", "minutes": 0}),
        ("pause", {"reason": "talk", "minutes": 5}),
        ("flag", {"reason": "rules"}),
    ],
)
def test_what_no_page_would_send_is_refused(
    stage: Stage, ana: TeacherLink, student: Student, verb: str, more: dict[str, Any]
) -> None:
    with pytest.raises(ProtocolError):
        act(stage, ana, student, verb, **more)


@pytest.mark.parametrize("verb", ["resume", "unlock"])
def test_what_does_not_apply_is_refused(stage: Stage, ana: TeacherLink, student: Student, verb: str) -> None:
    with pytest.raises(UserError) as error:
        act(stage, ana, student, verb)
    assert code_of(error) == "bad_move"


def test_nothing_is_done_after_the_end(stage: Stage, ana: TeacherLink, student: Student) -> None:
    stage.lifecycle.set_state("r1", "ended", "Ana")
    with pytest.raises(UserError) as error:
        act(stage, ana, student, "pause", reason="talk")
    assert code_of(error) == "room_ended"


def test_an_end_needs_a_second_teacher_in_the_room(stage: Stage, ana: TeacherLink, student: Student) -> None:
    with pytest.raises(UserError) as error:
        act(stage, ana, student, "terminate", reason="rules")
    assert code_of(error) == "no_second_person"


def test_until_an_end_is_confirmed_the_student_reads_that_all_is_submitted_and_not_why(
    stage: Stage, ana: TeacherLink, student: Student
) -> None:
    stage.colleague("Ben", "t2")
    act(stage, ana, student, "terminate", reason="rules", note="A second telephone.")
    assert told(stage)["standing"] == {
        "state": "submitted",
        "action": "",
        "reason": "",
        "note": "",
        "by": "",
        "since": round(stage.clock.now() * 1000),
        "minutes": 0,
    }
    assert told(stage)["news"] == []
    assert stage.told("s1", "room", "/student")[-1]["exam"] is None
    assert student.is_spared
    assert stage.told("t2", "participant")[-1]["standing"]["reason"] == "rules"


def test_somebody_else_confirms_an_end_and_then_the_student_reads_why(
    stage: Stage, ana: TeacherLink, student: Student
) -> None:
    ben = stage.colleague("Ben", "t2")
    made = act(stage, ana, student, "terminate", reason="rules", note="A second telephone.")
    with pytest.raises(UserError) as error:
        stage.actions.decide(stage.room, ana, made["id"], True)
    assert code_of(error) == "same_person"
    assert student.state == "admitted"
    [decided] = stage.actions.decide(stage.room, ben, made["id"], True)
    assert decided["decided_by"] == "Ben" and decided["confirmed"] is not None
    assert student.state == "removed"
    assert told(stage)["standing"]["state"] == "terminated"
    assert told(stage)["standing"]["note"] == "A second telephone."
    with pytest.raises(UserError) as error:
        stage.actions.decide(stage.room, ben, made["id"], False)
    assert code_of(error) == "too_late"


@pytest.mark.parametrize("meanwhile", ["removed", "ended"])
def test_an_end_is_confirmed_although_the_student_is_out_already(
    stage: Stage, ana: TeacherLink, student: Student, meanwhile: str
) -> None:
    ben = stage.colleague("Ben", "t2")
    made = act(stage, ana, student, "terminate", reason="rules")
    if meanwhile == "removed":
        stage.admission.remove(stage.room, student.id, "Ana")
    else:
        stage.lifecycle.set_state("r1", "ended", "Ana")
    [decided] = stage.actions.decide(stage.room, ben, made["id"], True)
    assert decided["confirmed"] is not None
    assert student.standing.state == "terminated"


@pytest.mark.parametrize("who", ["asker", "other"])
def test_a_refused_end_lets_the_student_go_on(stage: Stage, ana: TeacherLink, student: Student, who: str) -> None:
    ben = stage.colleague("Ben", "t2")
    made = act(stage, ana, student, "terminate", reason="identity")
    stage.actions.decide(stage.room, ana if who == "asker" else ben, made["id"], False)
    assert student.standing.state == "" and student.state == "admitted"
    assert stage.told("s1", "room", "/student")[-1]["exam"] == {"kind": "none"}


def test_the_database_lets_nobody_be_both_persons(stage: Stage, ana: TeacherLink, student: Student) -> None:
    stage.colleague("Ben", "t2")
    made = act(stage, ana, student, "terminate", reason="rules")
    with stage.database.read() as session:
        row = session.get(ActionRow, made["id"])
    assert row is not None
    with pytest.raises(IntegrityError), stage.database.session() as session:
        session.add(step_row(row, "confirmed", START, (ana.person, "Ana"), ana.person))
    with pytest.raises(IntegrityError), stage.database.session() as session:
        session.add(step_row(row, "confirmed", START, (ana.person, "Ana"), None))


def test_each_step_is_an_entry_of_the_chain_about_its_student(stage: Stage, ana: TeacherLink, student: Student) -> None:
    made = act(stage, ana, student, "pause", reason="talk", note="Only for you.")
    stage.actions.undo(stage.room, ana, made["id"])
    with stage.database.read() as session:
        payloads = [row.payload.decode() for row in records_of_chain(session, "r1", student.id)]
    assert [("asked" in one, "undone" in one) for one in payloads] == [(True, False), (False, True)]
    assert not any("Only for you." in one for one in payloads)


def test_a_page_that_comes_is_given_what_was_done(stage: Stage, ana: TeacherLink, student: Student) -> None:
    act(stage, ana, student, "pause", reason="talk")
    stage.colleague("Ben", "t2")
    assert [one["verb"] for one in stage.told("t2", "actions")[-1]["actions"]] == ["pause"]
    with stage.database.read() as session:
        assert len(actions_of(session, "r1")) == 1
