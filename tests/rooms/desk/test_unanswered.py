"""What waits for a minute without an answer is put into the outbox, once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.delivery.notices import NOTICE_JOB, NoticeKind
from core.types import AlertKind, Severity
from detection.runtime.catalogue import rule_catalogue
from rooms.desk.unanswered import EVERY_S, OVERDUE_S, Unanswered
from store.delivery.outbox import JobRow
from tests.rooms.stage import Stage


@pytest.fixture
def running(stage: Stage) -> Stage:
    stage.teacher("t1")
    stage.lifecycle.set_state("r1", "running", "Ana")
    return stage


def watcher(stage: Stage) -> Unanswered:
    return Unanswered(stage.context, stage.claims, rule_catalogue())


def notices(stage: Stage) -> list[dict[str, Any]]:
    with stage.database.read() as session:
        return [
            row.payload for row in session.scalars(select(JobRow).where(JobRow.kind == NOTICE_JOB).order_by(JobRow.id))
        ]


def wait(stage: Stage, watcher: Unanswered, seconds: float) -> None:
    end = stage.clock.now() + seconds
    while stage.clock.now() < end:
        stage.clock.advance(EVERY_S)
        watcher.look_around()


def raise_critical(stage: Stage, **changed: Any) -> None:
    student = next(iter(stage.room.students.values()), None) or stage.admitted()
    stage.sink.alert_raised(
        stage.alert(student, **{"kind": AlertKind.PHONE_DETECTED, "severity": Severity.CRITICAL, **changed})
    )


def test_a_critical_incident_is_told_once_after_a_minute(running: Stage) -> None:
    unanswered = watcher(running)
    raise_critical(running)
    wait(running, unanswered, OVERDUE_S - EVERY_S)
    assert notices(running) == []
    wait(running, unanswered, 2 * EVERY_S)
    (told,) = notices(running)
    assert (told["kind"], told["room"], told["person"]) == (NoticeKind.INCIDENT_WAITS, "r1", None)
    assert "Zoé" not in str(told)
    wait(running, unanswered, 300)
    assert len(notices(running)) == 1


def test_a_claim_holds_it_off_and_a_minute_after_it_ends_it_is_told(running: Stage) -> None:
    unanswered = watcher(running)
    raise_critical(running)
    link = next(iter(running.room.teachers.values()))
    running.claims.claim(running.room, link, "a1", False)
    wait(running, unanswered, 80)
    assert notices(running) == []
    running.claims.release(running.room, link, "a1")
    wait(running, unanswered, OVERDUE_S - 2 * EVERY_S)
    assert notices(running) == []
    wait(running, unanswered, 3 * EVERY_S)
    assert len(notices(running)) == 1


@pytest.mark.parametrize("severity", [Severity.NOTICE, Severity.WARNING])
def test_what_is_not_critical_wakes_nobody(running: Stage, severity: Severity) -> None:
    unanswered = watcher(running)
    raise_critical(running, severity=severity)
    wait(running, unanswered, 200)
    assert notices(running) == []


def test_after_a_restart_what_is_stale_is_not_told(running: Stage) -> None:
    raise_critical(running)
    running.clock.advance(16 * 60)
    watcher(running).look_around()
    assert notices(running) == []


def test_a_hand_that_nobody_has_seen_is_told_once_each_time_it_goes_up(running: Stage) -> None:
    student, unanswered = running.admitted(), watcher(running)
    running.hands.raise_hand(student, "question")
    wait(running, unanswered, OVERDUE_S + 2 * EVERY_S)
    assert [told["kind"] for told in notices(running)] == [NoticeKind.HAND_WAITS]
    running.hands.lower_hand(student)
    running.hands.raise_hand(student, "question")
    running.hands.answer(running.room, student.id, "seen", "Ana")
    wait(running, unanswered, 200)
    assert len(notices(running)) == 1
