"""Two people decide: the second blind and never the first again; a verdict is what both say, or the last word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from core.errors import ExamError, UserError
from core.types import AlertKind
from rooms.desk.cases import case_of, case_view
from rooms.desk.verdicts import Decision
from rooms.live.directory import TeacherLink
from rooms.live.participant import Student
from rooms.setup.room_settings import RoomSettings
from store.alerts import AlertRow
from store.desk import IncidentStep, steps_of
from store.evidence import records_of_chain
from tests.rooms.stage import START, Stage

RIGHT, WRONG = "acknowledged", "dismissed"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path, RoomSettings(second_decision=True))
    yield made
    made.database.close()


@pytest.fixture
def ana(stage: Stage) -> TeacherLink:
    return stage.teacher("t1")


@pytest.fixture
def ben(stage: Stage, ana: TeacherLink) -> TeacherLink:
    return stage.colleague("Ben", "t2")


@pytest.fixture
def student(stage: Stage, ben: TeacherLink) -> Student:
    student = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.clock.advance(0.0006)  # the database keeps more than the milliseconds that pages know
    stage.alert_service.alert_raised(stage.alert(student, id="a1", kind=AlertKind.LOOKING_AWAY))
    return student


def decide(stage: Stage, link: TeacherLink, verdict: str, note: str = "") -> None:
    stage.desk.review.review_incident(stage.room, link, "a1", Decision(verdict=verdict, note=note))


def case(stage: Stage, sid: str) -> Any:
    return stage.told(sid, "cases")[-1]["cases"][0]


def verdict(stage: Stage) -> str:
    with stage.database.read() as session:
        row = session.get(AlertRow, "a1")
    assert row is not None
    return row.verdict


def test_the_first_decision_is_known_to_its_teacher_alone(stage: Stage, ana: TeacherLink, student: Student) -> None:
    decide(stage, ana, WRONG, "He looked at the clock.")
    assert verdict(stage) == "new"
    assert {one["verdict"] for one in stage.told("t2", "alert")} == {"new"}
    own, others = case(stage, "t1"), case(stage, "t2")
    assert (own["state"], own["first"], own["own"]) == ("first", WRONG, True)
    assert (others["state"], others["first"], others["first_note"], others["own"]) == ("first", None, "", False)
    assert others["first_by"] == "Ana", "who it was is no secret, what it was is"
    assert "clock" not in str(stage.told("t2", "cases")) + str(stage.told("t2", "alert"))
    later = stage.colleague("Eva", "t3")
    assert case(stage, later.sid)["first"] is None


@pytest.mark.parametrize("said", [RIGHT, WRONG])
def test_two_who_agree_close_it(stage: Stage, ana: TeacherLink, ben: TeacherLink, student: Student, said: str) -> None:
    decide(stage, ana, said)
    decide(stage, ben, said)
    assert verdict(stage) == said
    assert [case(stage, sid)["state"] for sid in ("t1", "t2")] == ["closed", "closed"]
    assert case(stage, "t2")["first"] == said


def test_two_who_differ_leave_it_open_until_somebody_says_what_holds(
    stage: Stage, ana: TeacherLink, ben: TeacherLink, student: Student
) -> None:
    decide(stage, ana, RIGHT, "Paper on the knees.")
    decide(stage, ben, WRONG)
    assert verdict(stage) == "new"
    shown = case(stage, "t2")
    assert (shown["state"], shown["first"], shown["second"]) == ("second", RIGHT, WRONG)
    assert shown["first_note"] == "Paper on the knees."
    decide(stage, ana, WRONG)
    assert verdict(stage) == WRONG
    assert case(stage, "t1")["final_by"] == "Ana" and case(stage, "t1")["outcome"] == WRONG


def test_nobody_is_both_persons(stage: Stage, ana: TeacherLink, ben: TeacherLink, student: Student) -> None:
    decide(stage, ana, RIGHT)
    with pytest.raises(UserError) as error:
        decide(stage, ana, RIGHT)
    assert error.value.code == "own_decision"
    second = stage.teacher("t9")  # another page of the same person
    with pytest.raises(UserError):
        decide(stage, second, WRONG)
    assert verdict(stage) == "new"


def test_the_database_lets_nobody_be_both_persons(stage: Stage, ana: TeacherLink, student: Student) -> None:
    decide(stage, ana, RIGHT)
    with stage.database.read() as session:
        [first] = steps_of(session, "r1", "a1")

    def second(**changed: Any) -> IncidentStep:
        values = {
            name: getattr(first, name)
            for name in ("room_id", "participant_id", "incident_id", "round", "verdict", "person_name", "until", "at")
        }
        said = {"id": "x", "step": "second", "note": "", "person_id": 2, "other_id": ana.person, **changed}
        return IncidentStep(**{**values, **said})

    for wrong in ({"person_id": ana.person}, {"other_id": None}, {"step": "first"}):
        with pytest.raises(IntegrityError), stage.database.session() as session:
            session.add(second(**wrong))
    with stage.database.session() as session:
        session.add(second())


def test_a_new_alert_begins_it_anew(stage: Stage, ana: TeacherLink, ben: TeacherLink, student: Student) -> None:
    decide(stage, ana, RIGHT)
    decide(stage, ben, RIGHT)
    stage.clock.advance(20)
    stage.alert_service.alert_raised(stage.alert(student, id="a2"))
    decide(stage, ben, WRONG)
    assert case(stage, "t2")["state"] == "first" and case(stage, "t2")["own"] is True
    decide(stage, ana, WRONG)
    assert verdict(stage) == WRONG
    with stage.database.read() as session:
        steps = steps_of(session, "r1", "a1")
    assert [(one.round, one.step, one.verdict) for one in steps] == [
        (1, "first", RIGHT),
        (1, "second", RIGHT),
        (2, "first", WRONG),
        (2, "second", WRONG),
    ]


def test_an_alert_that_nobody_saw_is_not_judged_with_the_others(
    stage: Stage, ana: TeacherLink, ben: TeacherLink, student: Student
) -> None:
    until = round(stage.clock.now() * 1000)
    stage.clock.advance(5)
    stage.alert_service.alert_raised(stage.alert(student, id="a2"))
    for link in (ana, ben):
        said = Decision(verdict=WRONG, seen_until=until)
        stage.desk.review.review_incident(stage.room, link, "a1", said)
    with stage.database.read() as session:
        rows = [session.get_one(AlertRow, one).verdict for one in ("a1", "a2")]
    assert rows == [WRONG, "new"]


def test_the_own_first_decision_can_be_taken_back_and_no_others(
    stage: Stage, ana: TeacherLink, ben: TeacherLink, student: Student
) -> None:
    decide(stage, ana, RIGHT)
    with pytest.raises(UserError) as error:
        decide(stage, ben, "new")
    assert error.value.code == "not_yours"
    decide(stage, ana, "new")
    assert stage.told("t1", "cases")[-1] == {"cases": []}
    decide(stage, ben, WRONG)
    decide(stage, ana, WRONG)
    assert verdict(stage) == WRONG


def test_single_alerts_and_incidents_of_the_room_are_not_for_two(
    stage: Stage, ana: TeacherLink, student: Student
) -> None:
    with pytest.raises(ExamError) as error:
        stage.desk.review.review(stage.room, ana, "a1", WRONG, None)
    assert error.value.code == "two_needed"
    for number in range(3):
        other = stage.admitted(f"S{number}", f"s{number + 5}")
        lost = stage.alert(other, id=f"c{number}", kind=AlertKind.CONNECTION_LOST, evidence=None)
        stage.alert_service.alert_raised(lost)
    with stage.database.read() as session:
        common = session.get_one(AlertRow, "c0").incident_id
    assert common.startswith("room.")
    views = stage.desk.review.review_incident(stage.room, ana, common, Decision(verdict=RIGHT))
    assert {one["verdict"] for one in views} == {RIGHT}


def test_each_decision_is_an_entry_of_the_chain(
    stage: Stage, ana: TeacherLink, ben: TeacherLink, student: Student
) -> None:
    decide(stage, ana, RIGHT)
    decide(stage, ben, RIGHT)
    with stage.database.read() as session:
        payloads = [row.payload.decode() for row in records_of_chain(session, "r1", student.id)]
    said = [one for one in payloads if "examonitor-decision" in one]
    assert ['"step":"first"' in one for one in said] == [True, False]
    assert len(said) == 2


STEPS = st.lists(st.sampled_from(["decided", "first", "second", "final", "back"]), max_size=12)


@given(STEPS, st.lists(st.sampled_from([RIGHT, WRONG]), min_size=12, max_size=12))
def test_whatever_the_steps_nobody_but_the_first_knows_a_lone_decision(names: list[str], verdicts: list[str]) -> None:
    steps = [
        IncidentStep(
            incident_id="i",
            round=number,
            step=name,
            verdict=said,
            note="why",
            person_id=number % 3,
            person_name=str(number % 3),
            until=START,
            at=START + timedelta(seconds=number),
        )
        for number, (name, said) in enumerate(zip(names, verdicts, strict=False))
    ]
    found = case_of(steps)
    assert found is None or found.state in ("first", "second", "closed")
    if found is None:
        return
    stranger = case_view(found, 99)
    assert (stranger["first"] is None) == (found.second is None)
    assert (stranger["first_note"] == "") == (found.second is None)
    assert (found.outcome == "") == (found.state != "closed")
    if found.final is None and found.outcome:
        assert found.second is not None and found.first.verdict == found.second.verdict == found.outcome
