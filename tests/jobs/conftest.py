"""What the tests of jobs stand on: a database on each kind, a clock of the test, settings that send nothing."""

from __future__ import annotations

from collections.abc import Iterator
from logging import getLogger
from pathlib import Path

import pytest

from core.clock import FakeClock
from core.event_log import EventLog
from detection.runtime.catalogue import rule_catalogue
from jobs.ground import Ground
from settings import load_settings
from store.session import Database
from tests.store.conftest import migrated, postgres_server, postgres_template

__all__ = ["migrated", "postgres_server", "postgres_template"]


@pytest.fixture
def database(migrated: str) -> Iterator[Database]:
    """A database with today's tables, once on each kind."""
    made = Database(migrated)
    yield made
    made.close()


@pytest.fixture
def ground(database: Database, tmp_path: Path) -> Ground:
    """What jobs stand on."""
    return Ground(
        settings=load_settings({}, data_dir=tmp_path),
        database=database,
        clock=FakeClock(),
        event_log=EventLog(getLogger("tests.jobs")),
        rules=rule_catalogue(),
    )
