"""A student raises a hand, a teacher answers; nothing is judged during a break, and a restart forgets neither."""

from __future__ import annotations

from typing import Any

import pytest

from core.attendance import Attendance
from core.errors import UserError
from rooms.alerts.effective_rules import Source, effective_rules
from rooms.live.participant import Student
from rooms.upkeep.attendance import states_of
from tests.rooms.stage import Stage


@pytest.fixture
def student(stage: Stage) -> Student:
    stage.teacher("t1")
    student = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    return student


def shown(stage: Stage) -> Any:
    """The hand as the teachers' pages have it."""
    return stage.told("t1", "participant")[-1]["hand"]


def test_a_hand_goes_up_with_a_reason_is_seen_and_comes_down(stage: Stage, student: Student) -> None:
    raised = stage.hands.raise_hand(student, "question")
    assert raised == shown(stage)
    assert raised["reason"] == "question" and raised["since"] == round(stage.clock.now() * 1000)
    stage.hands.answer(stage.room, student.id, "seen", "Ana")
    assert shown(stage)["seen_by"] == "Ana"
    assert stage.told("s1", "hand", "/student")[-1]["seen_by"] == "Ana"
    stage.hands.answer(stage.room, student.id, "down", "Ana")
    assert shown(stage) == {"reason": None, "since": None, "seen_by": "", "break_since": None}


def test_a_student_takes_it_back_and_asks_for_something_else(stage: Stage, student: Student) -> None:
    stage.hands.raise_hand(student, "question")
    stage.hands.answer(stage.room, student.id, "seen", "Ana")
    assert stage.hands.raise_hand(student, "technical")["seen_by"] == ""
    assert stage.hands.lower_hand(student)["reason"] is None


def test_during_a_break_no_rule_applies_and_afterwards_all_do(stage: Stage, student: Student) -> None:
    stage.hands.raise_hand(student, "break")
    stage.hands.answer(stage.room, student.id, "break", "Ana")
    rules = effective_rules(stage.room, student, stage.services.rules)
    assert not any(rule.settings.enabled for rule in rules.values())
    assert Source.BREAK in {rule.source("enabled") for rule in rules.values()}
    assert not any(rule.enabled for rule in stage.monitor.own["r1"][student.id].values())
    assert shown(stage)["reason"] is None and shown(stage)["break_since"] is not None
    stage.hands.lower_hand(student)
    assert shown(stage)["break_since"] is None
    assert student.id not in stage.monitor.own["r1"]


def test_what_is_so_at_the_end_of_a_break_is_judged(stage: Stage, student: Student) -> None:
    stage.hands.answer(stage.room, student.id, "break", "Ana")
    stage.reports.page(student, "hidden")
    before = len(stage.monitor.observations)
    stage.hands.answer(stage.room, student.id, "down", "Ana")
    later = stage.monitor.observations[before:]
    assert {"visible": False, "focused": False} in [one.values for one in later]


def test_a_break_is_recorded_as_that_and_not_as_a_missing_camera(stage: Stage, student: Student) -> None:
    stage.hands.answer(stage.room, student.id, "break", "Ana")
    stage.reports.camera(student, "unplugged")
    states = {key.participant: state for key, state in states_of(stage.room, stage.clock.now(), True)}
    assert states[student.id] == Attendance.BREAK


def test_a_break_is_for_a_running_exam_and_answers_are_for_who_is_there(stage: Stage, student: Student) -> None:
    with pytest.raises(UserError) as error:
        stage.hands.answer(stage.room, "somebody", "seen", "Ana")
    assert error.value.code == "unknown_participant"
    stage.lifecycle.set_state("r1", "paused", "Ana")
    with pytest.raises(UserError) as error:
        stage.hands.answer(stage.room, student.id, "break", "Ana")
    assert error.value.code == "bad_move"


def test_a_second_word_for_a_break_leaves_its_beginning(stage: Stage, student: Student) -> None:
    began = stage.hands.answer(stage.room, student.id, "break", "Ana")["break_since"]
    stage.clock.advance(60)
    assert stage.hands.answer(stage.room, student.id, "break", "Ben")["break_since"] == began


@pytest.mark.parametrize("answer", ["seen", "break"])
def test_a_restart_forgets_neither_hand_nor_break(stage: Stage, student: Student, answer: str) -> None:
    stage.hands.raise_hand(student, "break")
    stage.hands.answer(stage.room, student.id, answer, "Ana")
    before = student.hand
    stage.restart()
    assert stage.room.students[student.id].hand == before


def test_who_leaves_has_no_hand_up(stage: Stage, student: Student) -> None:
    stage.hands.raise_hand(student, "other")
    stage.admission.leave(student)
    assert student.hand.reason is None
