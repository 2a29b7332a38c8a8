"""What is judged otherwise for one student: off, or noted only; and what a rule hears beside what it reads."""

from __future__ import annotations

from dataclasses import replace

from core.types import AlertKind, Observation, Severity
from detection.rules import DEFAULTS
from tests.detection.courtroom import ROOM, START, STUDENT, Courtroom, absent_for, baseline, page, picture, pose

OFF, NOTICE = AlertKind.LOOKING_AWAY, AlertKind.FACE_NOT_FOUND


def away_for(court: Courtroom, start: int, seconds: int, student: str = "student") -> None:
    for second in range(start, start + seconds):
        look = pose(second, 60)
        seen = picture("ok", second)
        for one in (seen, look):
            court.feed(Observation(ROOM, student, one.kind, one.at, one.values, sequence=one.sequence))
        court.tick(second + 0.1)


def test_a_kind_that_is_off_is_not_judged_for_this_student_alone() -> None:
    court = Courtroom()
    court.adjust(off=[OFF])
    away_for(court, 0, 20)
    away_for(court, 0, 20, student="another")
    assert [(alert.participant, alert.kind) for alert in court.raised] == [("another", OFF)]


def test_an_open_alert_ends_when_its_kind_is_switched_off() -> None:
    court = Courtroom()
    away_for(court, 0, 10)
    assert [alert.kind for alert in court.open] == [OFF]
    court.adjust(off=[OFF])
    court.tick(10.5)
    assert court.open == []


def test_taking_it_back_begins_to_count_from_then() -> None:
    court = Courtroom()
    court.adjust(off=[OFF])
    away_for(court, 0, 20)
    court.adjust()
    away_for(court, 20, 10)
    assert [alert.started_at - START for alert in court.raised] == [20]


def test_what_is_expected_is_noted_and_nobody_is_told_off() -> None:
    court = Courtroom()
    court.adjust(notice=[NOTICE, AlertKind.PAGE_HIDDEN])
    absent_for(court, 0, 10)
    court.feed(page("hidden", 10))
    court.tick(*range(10, 20))
    assert sorted(court.kinds) == sorted([NOTICE, AlertKind.PAGE_HIDDEN])
    assert {(alert.severity, alert.hint) for alert in court.raised} == {(Severity.NOTICE, False)}


def test_a_room_that_is_watched_no_more_forgets_whose_rules_are_others() -> None:
    court = Courtroom()
    court.adjust(off=[OFF])
    court.take(court.judge.unwatch(ROOM, START))
    court.judge.watch(ROOM, {})
    away_for(court, 1, 20)
    assert court.kinds == [OFF]


def test_kinds_that_the_students_rules_leave_out_are_judged_by_their_defaults() -> None:
    court = Courtroom({OFF: replace(DEFAULTS[OFF], hold=60.0)})
    court.judge.watch(ROOM, court.rules, {STUDENT: {NOTICE: DEFAULTS[NOTICE]}})
    away_for(court, 0, 20)
    away_for(court, 0, 20, student="another")
    assert [(alert.participant, alert.numbers["limit"]) for alert in court.raised] == [(STUDENT, DEFAULTS[OFF].hold)]


def test_a_baseline_outlasts_a_pause() -> None:
    court = Courtroom()
    court.feed(baseline(0, yaw=60))
    court.take(court.judge.unwatch(ROOM, START + 1))
    court.judge.watch(ROOM, {})
    away_for(court, 2, 20)
    assert court.raised == []
