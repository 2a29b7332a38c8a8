"""Alerts that the database does not take at once: shown first, kept later, each exactly once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rooms.alerts import alert_backlog
from store.alerts import AlertRow
from store.errors import FULL, StoreUnavailable
from tests.rooms.stage import Stage


class FullDisk:
    """Takes the place of a stage's database: nothing can be written until there is space again."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self._whole = stage.database.session
        self.is_full = True
        self.tries = 0
        monkeypatch.setattr(stage.database, "session", self.session)

    @contextmanager
    def session(self, *arguments: float) -> Iterator[object]:
        self.tries += 1
        with self._whole(*arguments) as session:
            yield session
            if self.is_full:
                raise StoreUnavailable(FULL, "database or disk is full")


@pytest.fixture
def participant(stage: Stage) -> object:
    made = stage.admitted()
    stage.teacher()
    return made


@pytest.fixture
def disk(stage: Stage, participant: object, monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(stage, monkeypatch)


def rows_of(stage: Stage) -> dict[str, AlertRow]:
    with stage.database.read() as session:
        return {row.id: row for row in session.query(AlertRow)}


def raise_one(stage: Stage, alert_id: str = "a1") -> None:
    (participant,) = stage.room.students.values()
    stage.alert_service.alert_raised(stage.alert(participant, id=alert_id))


def test_teachers_and_student_hear_of_an_alert_that_cannot_be_kept(stage: Stage, disk: FullDisk) -> None:
    raise_one(stage)
    assert [told["id"] for told in stage.told("t1", "alert")] == ["a1"]
    assert stage.told("s1", "hint", "/student")
    assert (rows_of(stage), stage.alert_service.rows.waiting) == ({}, 1)


def test_it_is_kept_as_soon_as_there_is_space_once_and_with_its_end(stage: Stage, disk: FullDisk) -> None:
    raise_one(stage)
    (participant,) = stage.room.students.values()
    stage.alert_service.alert_ended(stage.alert(participant).ended(stage.clock.now() + 3))
    assert stage.told("t1", "alert")[-1]["ended_at"]
    disk.is_full = False
    stage.alert_service.rows.retry()
    stage.alert_service.rows.retry()
    (kept,) = rows_of(stage).values()
    assert (kept.id, kept.ended_at is not None, stage.alert_service.rows.waiting) == ("a1", True, 0)


def test_an_end_that_could_not_be_kept_is_kept_later(
    stage: Stage, participant: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_one(stage)
    disk = FullDisk(stage, monkeypatch)
    (student,) = stage.room.students.values()
    stage.alert_service.alert_ended(stage.alert(student).ended(stage.clock.now() + 3))
    assert rows_of(stage)["a1"].ended_at is None
    assert stage.alert_service.page(stage.room, None, 10)[0]["ended_at"], "the page shows what is true"
    disk.is_full = False
    stage.alert_service.rows.retry()
    assert rows_of(stage)["a1"].ended_at is not None


def test_a_page_that_is_opened_meanwhile_shows_what_waits_in_order(stage: Stage, disk: FullDisk) -> None:
    disk.is_full = False
    raise_one(stage, "a1")
    disk.is_full = True
    for alert_id in ("a2", "a3"):
        stage.clock.advance(10)
        raise_one(stage, alert_id)
    assert [alert["id"] for alert in stage.alert_service.page(stage.room, None, 10)] == ["a3", "a2", "a1"]
    newest = stage.alert_service.page(stage.room, None, 1)[0]
    assert [alert["id"] for alert in stage.alert_service.page(stage.room, newest["raised_at"], 1)] == ["a2"]


def test_a_verdict_on_an_alert_that_waits_is_refused_with_the_reason(stage: Stage, disk: FullDisk) -> None:
    raise_one(stage)
    with pytest.raises(StoreUnavailable) as refused:
        stage.verdicts.review(stage.room, "a1", "dismissed", None, (1, "Ana"))
    assert refused.value.retry_after > 0
    disk.is_full = False
    assert stage.verdicts.review(stage.room, "a1", "dismissed", None, (1, "Ana"))["verdict"] == "dismissed"


def test_the_end_of_a_judged_alert_tells_the_verdict_and_leaves_it(stage: Stage, participant: object) -> None:
    raise_one(stage)
    stage.verdicts.review(stage.room, "a1", "dismissed", "He read.", (1, "Ana"))
    (student,) = stage.room.students.values()
    stage.alert_service.alert_ended(stage.alert(student).ended(stage.clock.now() + 3))
    told = stage.told("t1", "alert")[-1]
    assert (told["verdict"], told["note"], told["handled_by"]) == ("dismissed", "He read.", "Ana")
    kept = rows_of(stage)["a1"]
    assert (kept.verdict, kept.ended_at is not None) == ("dismissed", True)


def test_while_nothing_can_be_kept_alerts_do_not_wait_for_the_database(stage: Stage, disk: FullDisk) -> None:
    for number in range(5):
        raise_one(stage, f"a{number}")
    assert (disk.tries, stage.alert_service.rows.waiting) == (1, 5), (
        "after the first refusal housekeeping tries, not the desk"
    )


def test_what_can_never_be_kept_holds_up_nothing_else(
    stage: Stage, disk: FullDisk, caplog: pytest.LogCaptureFixture
) -> None:
    raise_one(stage, "a1")
    (participant,) = stage.room.students.values()
    stage.alert_service.alert_raised(stage.alert(participant, id="a2"))
    waiting = stage.alert_service.rows.find_waiting("a1")
    assert waiting is not None
    waiting.participant_id = "deleted meanwhile"
    disk.is_full = False
    stage.alert_service.rows.retry()
    assert (list(rows_of(stage)), stage.alert_service.rows.waiting) == (["a2"], 0)
    assert any(line.startswith("alert-not-kept alert=a1") for line in caplog.messages)


def test_what_waits_has_a_limit(stage: Stage, disk: FullDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_backlog, "MOST_WAITING", 2)
    for number in range(4):
        raise_one(stage, f"a{number}")
    assert stage.alert_service.rows.waiting == 2
    assert len(stage.told("t1", "alert")) == 4


def test_a_verdict_on_an_alert_that_is_being_written_waits_for_that(
    stage: Stage, participant: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, begun, may_go_on = stage.database.session, threading.Event(), threading.Event()

    @contextmanager
    def slow(*arguments: float) -> Iterator[object]:
        monkeypatch.setattr(stage.database, "session", whole)
        begun.set()
        assert may_go_on.wait(10)
        with whole(*arguments) as session:
            yield session

    monkeypatch.setattr(stage.database, "session", slow)
    writer = threading.Thread(target=raise_one, args=(stage,))
    writer.start()
    assert begun.wait(10)
    threading.Timer(0.2, may_go_on.set).start()
    assert stage.verdicts.review(stage.room, "a1", "dismissed", None, (1, "Ana"))["verdict"] == "dismissed"
    writer.join()
    assert rows_of(stage)["a1"].verdict == "dismissed"
