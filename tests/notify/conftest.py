"""What the tests of notices stand on: a room with a teacher and an administrator, and a clock of the test."""

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
from store.rooms import RoomTeacher
from store.session import Database
from tests.store import template
from tests.store.makers import MOMENT, make_room, make_user

ANA, BEN = 1, 2


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """What jobs stand on; Ana teaches in the room, Ben is administrator."""
    database = Database(template.copy_to(tmp_path / "exam.db"))
    with database.session() as session:
        session.add_all([make_user(), make_user("ben@school.example", name="Ben", role="admin")])
        session.flush()
        session.add(make_room())
        session.flush()
        session.add(RoomTeacher(room_id="r1", user_id=ANA, role="owner", joined_at=MOMENT))
    settings = load_settings({}, data_dir=tmp_path, private_targets=True, secret_key="s" * 40)
    log = EventLog(getLogger("tests.notify"))
    yield Ground(settings=settings, database=database, clock=FakeClock(), event_log=log, rules=rule_catalogue())
    database.close()
