"""Brings a database of any age to the tables of this version; called at every start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from store.session import Database

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
LOCK = 0x45786D6E
"""PostgreSQL's number for "somebody is migrating Examonitor": two servers that start at once take turns."""


def upgrade(address: str, revision: str = "head") -> None:
    """Create or change the tables, all in one transaction: at an error the database is as it was."""
    with _config(address) as config:
        command.upgrade(config, revision)


def downgrade(address: str, revision: str) -> None:
    """Take revisions back, for tests and for the administrator who returns to an older version."""
    with _config(address) as config:
        command.downgrade(config, revision)


@contextmanager
def _config(address: str) -> Iterator[Config]:
    _make_folder(address)
    database = Database(address)
    try:
        with database.engine.begin() as connection:
            _take_turn(connection)
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            yield config
    finally:
        database.close()


def _make_folder(address: str) -> None:
    url = make_url(address)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)


def _take_turn(connection: Connection) -> None:
    # SQLite's BEGIN IMMEDIATE has taken the turn already.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
