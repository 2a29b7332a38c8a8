"""Students answer incidents about themselves, and nobody else's; an answer is added to and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import UserError
from core.types import AlertKind, Severity
from rooms.desk.own_incidents import MOST_ANSWER, MOST_ANSWERS
from rooms.live.participant import Student
from rooms.setup.room_settings import RoomSettings
from store.evidence import records_of_chain
from tests.rooms.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path, RoomSettings(answers=True))
    yield made
    made.database.close()


@pytest.fixture
def student(stage: Stage) -> Student:
    stage.teacher("t1")
    student = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.alert_service.alert_raised(stage.alert(student, id="a1", kind=AlertKind.LOOKING_AWAY))
    return student


def shown(stage: Stage, sid: str = "s1") -> Any:
    return stage.told(sid, "incidents", "/student")[-1]["incidents"]


def test_a_student_is_shown_what_was_noticed_at_once_and_answers(stage: Stage, student: Student) -> None:
    [incident] = shown(stage)
    assert incident["id"] == "a1" and incident["answers"] == [] and incident["may_add"]
    assert incident["kinds"] == [stage.services.rules[AlertKind.LOOKING_AWAY].label]
    [answered] = stage.desk.answers.answer(student, "a1", "  I looked at the clock.\u202e ")
    assert [one["text"] for one in answered["answers"]] == ["I looked at the clock."]
    told = stage.told("t1", "answers")[-1]["answers"]
    assert [(one["incident"], one["participant"]) for one in told] == [("a1", student.id)]


def test_words_are_added_and_none_is_changed(stage: Stage, student: Student) -> None:
    for number in range(MOST_ANSWERS):
        [incident] = stage.desk.answers.answer(student, "a1", f"Word {number}")
        stage.clock.advance(1)
    assert [one["text"] for one in incident["answers"]] == [f"Word {number}" for number in range(MOST_ANSWERS)]
    assert not incident["may_add"]
    with pytest.raises(UserError) as error:
        stage.desk.answers.answer(student, "a1", "One more")
    assert error.value.code == "too_many_answers"


@pytest.mark.parametrize(
    ("text", "code"), [("", "answer_empty"), ("\n ! \n", "answer_empty"), ("x" * (MOST_ANSWER + 1), "answer_too_long")]
)
def test_a_text_that_is_none_is_refused(stage: Stage, student: Student, text: str, code: str) -> None:
    with pytest.raises(UserError) as error:
        stage.desk.answers.answer(student, "a1", text)
    assert error.value.code == code


def test_nobody_answers_for_another_nor_what_charges_nobody(stage: Stage, student: Student) -> None:
    other = stage.admitted("Max", "s2")
    stage.alert_service.alert_raised(stage.alert(student, id="n1", severity=Severity.NOTICE))
    assert shown(stage, "s2") == []
    for who, incident in ((other, "a1"), (student, "n1"), (student, "forged"), (student, "")):
        with pytest.raises(UserError) as error:
            stage.desk.answers.answer(who, incident, "It was not me.")
        assert error.value.code == "unknown_incident"


def test_without_the_option_it_is_said_after_the_exam(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.teacher("t1")
    student = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.alert_service.alert_raised(stage.alert(student, id="a1"))
    assert stage.told("s1", "incidents", "/student") == []
    with pytest.raises(UserError) as error:
        stage.desk.answers.answer(student, "a1", "It was not me.")
    assert error.value.code == "not_wanted"
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.desk.answers.keep("r1", student.id, "a1", "It was not me.")
    assert stage.desk.answers.of("r1", student.id)[0]["answers"][0]["text"] == "It was not me."
    stage.database.close()


def test_an_answer_is_an_entry_of_the_chain_and_goes_with_the_evidence(stage: Stage, student: Student) -> None:
    stage.desk.answers.answer(student, "a1", "It was the clock.")

    def payloads() -> list[str]:
        with stage.database.read() as session:
            return [row.payload.decode() for row in records_of_chain(session, "r1", student.id)]

    assert any("It was the clock." in one for one in payloads())
    stage.lifecycle.set_state("r1", "ended", "Ana")
    stage.services.sealing.erasure.erase("r1", student.id, "Ana")
    assert payloads() == []
    assert stage.desk.answers.of("r1", student.id)[0]["answers"] == []


def test_a_page_that_comes_is_given_all_answers(stage: Stage, student: Student) -> None:
    stage.desk.answers.answer(student, "a1", "It was the clock.")
    stage.colleague("Ben", "t2")
    assert [one["text"] for one in stage.told("t2", "answers")[-1]["answers"]] == ["It was the clock."]
    stage.connect(student.id, "s9")
    assert shown(stage, "s9")[0]["answers"][0]["text"] == "It was the clock."
