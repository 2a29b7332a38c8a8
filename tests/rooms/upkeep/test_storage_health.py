"""Whether things can be kept: tried by writing, told to teachers when it changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rooms.upkeep.storage_health import FILES, PAUSE_S, Storage
from store.errors import BUSY
from tests.rooms.stage import Stage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def storage(stage: Stage, folder: Path) -> Iterator[Storage]:
    yield Storage(stage.context, folder, stage.alert_service.rows, stage.teacher_sessions)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.upkeep.storage_health.PATIENCE_S", 0.0)
    monkeypatch.setattr("rooms.alerts.alert_rows.PATIENCE_S", 0.0)


def test_all_is_well_where_rows_and_files_can_be_written(storage: Storage, folder: Path) -> None:
    assert storage.check() is None
    assert list(folder.iterdir()) == [], "the trial leaves nothing behind"


def test_teachers_hear_of_a_trouble_once_and_of_its_end(
    stage: Stage, storage: Storage, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    participant = stage.admitted()
    stage.teacher()
    with stage.database.session():
        stage.alert_service.alert_raised(stage.alert(participant))
        for _ in range(3):
            storage.look_around()
            stage.clock.advance(2)
    told = stage.told("t1", "storage")
    assert [(t["ok"], t["waiting"]) for t in told] == [(False, 1)]
    assert "locks" in told[0]["text"]
    stage.teacher("t2")
    assert stage.told("t2", "welcome")[0]["storage"] == told[0]
    stage.clock.advance(PAUSE_S)
    storage.look_around()
    assert stage.told("t1", "storage")[-1] == {"ok": True, "text": "", "waiting": 0}
    assert [line.split()[0] for line in caplog.messages if line.startswith("storage-")] == [
        "storage-trouble",
        "storage-well",
    ]


def test_files_that_cannot_be_written_are_a_trouble_of_their_own(storage: Storage, folder: Path) -> None:
    shutil.rmtree(folder)
    found = storage.check()
    assert found is not None and found.code == FILES


def test_however_often_somebody_asks_it_is_tried_every_few_seconds_alone(
    stage: Stage, storage: Storage, folder: Path
) -> None:
    assert storage.check() is None
    shutil.rmtree(folder)
    assert storage.check() is None
    stage.clock.advance(PAUSE_S)
    assert storage.check() is not None


def test_what_waits_at_the_end_is_counted_in_the_log(
    stage: Stage, storage: Storage, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    participant = stage.admitted()
    with stage.database.session():
        stage.alert_service.alert_raised(stage.alert(participant))
        storage.close()
    assert stage.database.trouble is not None and stage.database.trouble.code == BUSY
    assert "alerts-lost count=1" in caplog.messages
