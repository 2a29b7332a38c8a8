"""Sessions: whole or not at all, readers beside a writer, moments in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from store.session import Database
from store.users import User, count_users
from tests.store.makers import MOMENT, make_room, make_user


@pytest.fixture
def database(migrated: str) -> Iterator[Database]:
    opened = Database(migrated)
    yield opened
    opened.close()


def test_an_error_takes_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.session() as db:
        db.add(make_user())
        db.flush()
        _ = 1 / 0
    with database.read() as db:
        assert count_users(db) == 0


def test_a_reader_waits_for_no_writer(database: Database) -> None:
    with database.session() as writer:
        writer.add(make_user())
        writer.flush()
        with database.read() as reader:
            assert count_users(reader) == 0


def test_what_a_reader_writes_is_lost(database: Database) -> None:
    with database.read() as reader:
        reader.add(make_user())
        reader.flush()
    with database.read() as reader:
        assert count_users(reader) == 0


def test_the_connection_of_a_reader_serves_a_writer_next(database: Database) -> None:
    with database.read() as reader:
        count_users(reader)
    with database.session() as writer:
        writer.add(make_user())
    with database.read() as reader:
        assert count_users(reader) == 1


def test_moments_come_back_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    paris = MOMENT.astimezone(timezone(timedelta(hours=2)))
    with database.session() as db:
        db.add(make_user(created_at=paris))
    with database.read() as db:
        kept = db.scalars(select(User.created_at)).one()
    assert (kept, kept.utcoffset()) == (MOMENT, timedelta(0))
    with pytest.raises(StatementError, match="time zone"), database.session() as db:
        db.add(make_user("b@school.example", created_at=datetime(2026, 3, 2)))


def test_a_code_is_free_again_once_its_room_has_ended(database: Database) -> None:
    with database.session() as db:
        db.add(make_user())
        db.flush()
        owner = db.scalars(select(User.id)).one()
        db.add(make_room("r1", owner_id=owner, state="ended"))
        db.add(make_room("r2", owner_id=owner))
    with pytest.raises(IntegrityError), database.session() as db:
        db.add(make_room("r3", owner_id=owner))
