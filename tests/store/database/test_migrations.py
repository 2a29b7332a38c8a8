"""Whoever starts at whatever age of database ends at the tables the code knows."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import inspect, select

from store import alerts, attendance, desk, evidence, faces, messages, phones, rooms, session, summaries, users
from store.database.migrate import downgrade, upgrade
from store.delivery import notices, outbox
from store.session import Database
from tests.store.makers import MOMENT, make_user

TABLES = (alerts, attendance, desk, evidence, faces, messages, notices, outbox, users, phones, rooms, summaries)


def differences(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, session.Base.metadata)


def table_names(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_an_empty_database_gets_the_tables_the_code_knows(address: str) -> None:
    upgrade(address)
    database = Database(address)
    assert table_names(database) == {*session.Base.metadata.tables, "alembic_version"}
    assert differences(database) == []
    database.close()


def test_upgrading_again_changes_nothing_and_loses_nothing(address: str) -> None:
    upgrade(address)
    database = Database(address)
    with database.session() as db:
        db.add(make_user())
    upgrade(address)
    with database.read() as db:
        assert [user.created_at for user in db.scalars(select(users.User))] == [MOMENT]
    database.close()


def test_everything_can_be_taken_back(address: str) -> None:
    upgrade(address)
    downgrade(address, "base")
    database = Database(address)
    assert table_names(database) == {"alembic_version"}
    database.close()


def test_a_revision_that_is_not_there_is_refused(address: str) -> None:
    with pytest.raises(CommandError):
        upgrade(address, "0000")
    upgrade(address)


def test_codes_are_unique_among_rooms_that_have_not_ended(address: str) -> None:
    upgrade(address)
    database = Database(address)
    indexes = {index["name"]: index for index in inspect(database.engine).get_indexes("rooms")}
    assert indexes["uq_rooms_open_code"]["unique"]
    database.close()
