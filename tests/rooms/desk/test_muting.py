"""Verdicts come back as precision, and a kind that is mostly wrong grows quiet until somebody brings it back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ProtocolError
from core.types import Severity
from rooms.alerts.incidents import LONGEST_S
from rooms.desk.muting import is_mostly_wrong
from rooms.setup.room_settings import RoomSettings
from tests.rooms.stage import Stage

KIND = "LOOKING_AWAY"
ANA = (1, "Ana")


def judge(stage: Stage, verdicts: str, kind: str = KIND) -> Any:
    """Raise an alert for each letter, an incident each, and say what a teacher says: r right, w wrong."""
    participant = next(iter(stage.room.students.values()), None) or stage.admitted()
    for verdict in verdicts:
        stage.clock.advance(LONGEST_S + 1)
        name = f"a{len(stage.alert_service.page(stage.room, None, 200))}"
        stage.alert_service.alert_raised(stage.alert(participant, id=name, kind=kind, evidence=None))
        stage.verdicts.review(stage.room, name, {"r": "acknowledged", "w": "dismissed"}[verdict], None, ANA)
        stage.muting.reviewed(stage.room, kind)
    return stage.muting.view(stage.room)["kinds"].get(kind)


@pytest.mark.parametrize(
    ("right", "wrong", "quiet"),
    [(0, 4, False), (0, 5, True), (2, 3, False), (1, 4, True), (4, 6, False), (39, 61, True), (7, 2, False)],
)
def test_five_verdicts_of_which_most_are_wrong(right: int, wrong: int, quiet: bool) -> None:
    assert is_mostly_wrong(right, wrong) is quiet


@given(st.integers(0, 200), st.integers(0, 200))
def test_another_right_verdict_never_makes_a_kind_quiet(right: int, wrong: int) -> None:
    if right + wrong >= 5 and not is_mostly_wrong(right, wrong):
        assert not is_mostly_wrong(right + 1, wrong)


def test_this_kind_was_right_seven_of_nine_times_here(stage: Stage) -> None:
    stage.teacher()
    assert judge(stage, "rrwrrrwrr") == {"right": 7, "wrong": 2, "quiet": False, "by": None}
    assert stage.told("t1", "muted")[-1] == stage.muting.view(stage.room)


def test_a_kind_mostly_wrong_grows_quiet_in_the_judge(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    stage.lifecycle.set_state("r1", "running", "Ana")
    assert judge(stage, "wwww")["quiet"] is False
    assert stage.monitor.watched["r1"][KIND].severity is Severity.WARNING
    assert judge(stage, "w") == {"right": 0, "wrong": 5, "quiet": True, "by": "rule"}
    assert stage.monitor.watched["r1"][KIND].severity is Severity.NOTICE
    assert stage.monitor.watched["r1"][KIND].hint is False
    assert stage.monitor.watched["r1"]["PHONE_DETECTED"].severity is Severity.CRITICAL
    assert "muted room=004217 kind=LOOKING_AWAY by=rule" in caplog.messages


def test_one_click_brings_it_back_and_later_verdicts_count(stage: Stage) -> None:
    stage.lifecycle.set_state("r1", "running", "Ana")
    judge(stage, "wwwww")
    answer = stage.muting.mute(stage.room, KIND, False, "Ana")
    assert answer["kinds"][KIND] == {"right": 0, "wrong": 5, "quiet": False, "by": "Ana"}
    assert stage.monitor.watched["r1"][KIND].severity is Severity.WARNING
    assert judge(stage, "wwww")["quiet"] is False
    assert judge(stage, "w")["quiet"] is True


def test_a_teacher_may_make_a_kind_quiet_and_it_stays_so_after_a_restart(stage: Stage) -> None:
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.muting.mute(stage.room, KIND, True, "Ana")
    judge(stage, "rrrrr")
    stage.monitor.watched.clear()
    stage.restart()
    assert stage.monitor.watched["r1"][KIND].severity is Severity.NOTICE
    kinds = stage.muting.view(stage.room)["kinds"]
    assert kinds == {KIND: {"right": 5, "wrong": 0, "quiet": True, "by": "Ana"}}


def test_a_page_that_opens_is_told(stage: Stage) -> None:
    judge(stage, "rw")
    stage.teacher()
    assert stage.told("t1", "muted") == [{"kinds": {KIND: {"right": 1, "wrong": 1, "quiet": False, "by": None}}}]


def test_verdicts_taken_back_are_no_longer_counted(stage: Stage) -> None:
    judge(stage, "w")
    stage.verdicts.review(stage.room, "a0", "new", None, ANA)
    assert stage.muting.view(stage.room) == {"kinds": {}}


def test_presets_lie_below_the_rooms_own_changes(stage: Stage) -> None:
    stage.room.settings = RoomSettings(preset="strict", rules={KIND: {"hold": 9.0}})
    stage.lifecycle.set_state("r1", "running", "Ana")
    rules = stage.monitor.watched["r1"]
    assert (rules[KIND].hold, rules[KIND].strictness) == (9.0, 1.2)
    assert rules["TALKING"].severity is Severity.WARNING


def test_what_no_rule_raises_cannot_be_made_quiet(stage: Stage) -> None:
    with pytest.raises(ProtocolError) as refused:
        stage.muting.mute(stage.room, "CHARM", True, "Ana")
    assert refused.value.code == "bad_message"
    assert stage.room.muted == {}
