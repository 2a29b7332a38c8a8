"""A database with today's tables: migrated once in each test process, and copied for each test."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url, text

from store.database.migrate import upgrade
from store.session import Database

TEMPLATE, COPY = "exam_template", "exam_copy"


def copy_to(path: Path) -> str:
    """Put a migrated SQLite database at a place, where there is none yet, and return its address."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="exam-template-") as folder:
        path = Path(folder) / "exam.db"
        upgrade(f"sqlite:///{path}")
        assert [found.name for found in path.parent.iterdir()] == [path.name], "a log beside it would be lost"
        return path.read_bytes()


def make_on(server: str) -> None:
    """Make the migrated database of a PostgreSQL server, which `copy_on` copies."""
    _command(server, f"CREATE DATABASE {TEMPLATE}")
    upgrade(_named(server, TEMPLATE))


def copy_on(server: str) -> str:
    """Make a new copy of a PostgreSQL server's migrated database, in the place of the last one; return its address."""
    _command(server, f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
    _command(server, f"CREATE DATABASE {COPY} TEMPLATE {TEMPLATE}")
    return _named(server, COPY)


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _command(server: str, command: str) -> None:
    database = Database(server)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(command))
    database.close()
