"""What verdicts teach: only where the room allows it, only as long as verdict and picture are there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.types import AlertKind
from rooms.alerts.judged_phones import JudgedPhone, judged_phones
from rooms.setup.room_settings import RoomSettings
from rooms.upkeep.retention import Retention
from store.alerts import OF_ROOM, AlertRow
from tests.rooms.stage import START, Stage

MARKS = (("cell phone", 10, 20, 30, 40), ("cell phone", 100, 20, 30, 40))
ANA = (1, "Ana")


@pytest.fixture
def allowing(tmp_path: Path) -> Iterator[Stage]:
    """A room that allows to learn from its phone alerts."""
    stage = Stage(tmp_path, RoomSettings(learn_phones=True))
    yield stage
    stage.database.close()


def raised(stage: Stage, alert: str = "a1", **changed: object) -> None:
    """Raise an alert about a phone."""
    (student,) = stage.room.students.values() or [stage.admitted()]
    usual = {"id": alert, "kind": AlertKind.PHONE_DETECTED, "marks": MARKS}
    stage.alert_service.alert_raised(stage.alert(student, **usual | changed))


def judge(stage: Stage, verdict: str, alert: str = "a1") -> None:
    stage.verdicts.review(stage.room, alert, verdict, None, ANA)


def judged(stage: Stage) -> list[JudgedPhone]:
    return judged_phones(stage.database, stage.evidence)


@pytest.mark.parametrize("channel", ["webcam", "room"])
def test_a_verdict_teaches_with_the_picture_that_is_kept_anyway(allowing: Stage, channel: str) -> None:
    raised(allowing, channel=channel)
    assert judged(allowing) == []
    judge(allowing, "acknowledged")
    (one,) = judged(allowing)
    assert (one.is_phone, one.box, one.text) == (True, (10, 20, 30, 40), "No face for %(seconds)s s.")
    assert one.picture.read_bytes() == b"\xff\xd8picture" and one.participant in allowing.room.students
    kept = [path.name for path in one.picture.parent.iterdir()]
    assert kept == ["a1.jpg"], "nothing is kept beside the alert's own picture"


def test_a_changed_verdict_replaces_and_one_taken_back_removes(allowing: Stage) -> None:
    raised(allowing)
    judge(allowing, "acknowledged")
    judge(allowing, "dismissed")
    assert [one.is_phone for one in judged(allowing)] == [False]
    judge(allowing, "new")
    assert judged(allowing) == []


def test_a_room_that_does_not_allow_it_teaches_nothing(stage: Stage) -> None:
    raised(stage)
    judge(stage, "acknowledged")
    assert judged(stage) == []
    assert RoomSettings().learn_phones is False and "learn_phones" not in RoomSettings().agreed


def test_a_room_that_no_longer_allows_it_teaches_nothing_any_more(allowing: Stage) -> None:
    raised(allowing)
    judge(allowing, "acknowledged")
    allowing.change(RoomSettings())
    assert judged(allowing) == []


def test_other_alerts_and_alerts_without_picture_or_mark_teach_nothing(allowing: Stage) -> None:
    raised(allowing, "a1", kind=AlertKind.FORBIDDEN_OBJECT)
    raised(allowing, "a2", evidence=None)
    raised(allowing, "a3", marks=())
    for alert in ("a1", "a2", "a3"):
        judge(allowing, "dismissed", alert)
    assert judged(allowing) == []


def test_what_a_whole_room_had_in_common_teaches_nothing(allowing: Stage) -> None:
    raised(allowing)
    judge(allowing, "dismissed")
    with allowing.database.session() as session:
        row = session.get(AlertRow, "a1")
        assert row is not None
        row.incident_id = f"{OF_ROOM}a1"
    assert judged(allowing) == []


def test_it_goes_with_the_picture_and_with_the_room(allowing: Stage) -> None:
    raised(allowing, "a1")
    raised(allowing, "a2")
    judge(allowing, "acknowledged", "a1")
    judge(allowing, "dismissed", "a2")
    allowing.evidence.path("r1", "a1.jpg").unlink()
    assert [one.is_phone for one in judged(allowing)] == [False]
    allowing.lifecycle.set_state("r1", "running", "Ana")
    allowing.lifecycle.set_state("r1", "ended", "Ana")
    retention = Retention(allowing.database, allowing.folders, allowing.lifecycle, allowing.event_log, 30)
    retention.keep_to_it(START + timedelta(days=29))
    assert len(judged(allowing)) == 1
    retention.keep_to_it(START + timedelta(days=31))
    assert judged(allowing) == []
    assert not allowing.evidence.path("r1", "a2.jpg").exists()
