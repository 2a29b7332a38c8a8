"""Students report that something does not work; teachers see it at once and say when it is solved."""

from __future__ import annotations

import pytest

from core.errors import UserError
from rooms.desk.problems import MOST_PROBLEMS, MOST_TEXT
from rooms.live.participant import Student
from tests.rooms.stage import Stage


@pytest.fixture
def student(stage: Stage) -> Student:
    stage.teacher("t1")
    return stage.admitted()


def test_a_report_reaches_the_teachers_and_its_solution_the_student(stage: Stage, student: Student) -> None:
    [made] = stage.desk.problems.report(student, "paper", "Page 2 is\nempty.")
    assert stage.told("t1", "problems")[-1]["problems"] == [made]
    assert (made["text"], made["solved_at"]) == ("Page 2 is\nempty.", None)
    solved = stage.desk.problems.solve(stage.room, made["id"], True, "Ana")
    assert solved["solved_by"] == "Ana" and solved["solved_at"] is not None
    assert stage.told("s1", "problems", "/student")[-1]["problems"] == [solved]
    again = stage.desk.problems.solve(stage.room, made["id"], False, "Ana")
    assert (again["solved_by"], again["solved_at"]) == ("", None)


def test_it_is_there_after_a_restart_for_both(stage: Stage, student: Student) -> None:
    stage.desk.problems.report(student, "camera", "It is black.")
    stage.restart()
    stage.teacher("t2")
    stage.connect(student.id, "s2")
    assert stage.told("t2", "problems")[-1]["problems"][0]["text"] == "It is black."
    assert stage.told("s2", "problems", "/student")[-1]["problems"][0]["text"] == "It is black."


@pytest.mark.parametrize(("text", "code"), [(" . ", "problem_empty"), ("x" * (MOST_TEXT + 1), "problem_too_long")])
def test_a_text_that_is_none_is_refused(stage: Stage, student: Student, text: str, code: str) -> None:
    with pytest.raises(UserError) as error:
        stage.desk.problems.report(student, "other", text)
    assert error.value.code == code


def test_nobody_floods_the_desk_with_them(stage: Stage, student: Student) -> None:
    for number in range(MOST_PROBLEMS):
        stage.desk.problems.report(student, "other", f"Problem {number}")
    with pytest.raises(UserError) as error:
        stage.desk.problems.report(student, "other", "One more")
    assert error.value.code == "too_many_problems"


def test_a_report_of_another_room_is_none(stage: Stage, student: Student) -> None:
    with pytest.raises(UserError) as error:
        stage.desk.problems.solve(stage.room, "forged", True, "Ana")
    assert error.value.code == "unknown_problem"
