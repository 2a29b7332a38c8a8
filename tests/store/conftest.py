"""The databases that the tests of store/ run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from store.session import Database
from tests.store import postgres, template


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    with postgres.running(postgres.present(os.environ)) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'exam.db'}"
    server = request.getfixturevalue("postgres_server")
    return empty(server)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The address of the server, with a migrated database to copy."""
    template.make_on(postgres_server)
    return postgres_server


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with today's tables and no rows, once on each kind."""
    if request.param == "sqlite":
        return template.copy_to(tmp_path / "exam.db")
    return template.copy_on(request.getfixturevalue("postgres_template"))


def empty(server: str) -> str:
    """Empty the server's database and give its address."""
    database = Database(server)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.close()
    return server
