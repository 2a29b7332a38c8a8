"""Opens the database at start: made where there is none, brought up to date where there is one, or refused in words."""

import os
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from core.blocking import RunBlocking, call_directly
from core.durable import put_in_place
from store.database.migrate import upgrade
from store.errors import StoreUnavailable, told_plainly
from store.session import Database

MOST_CHECKED_BYTES = 256 * 1024**2
"""A larger database is not read through at start: that would take seconds."""

HEAD = b"SQLite format 3\x00"

RESTORE = "Please put it back from a backup"


class DatabaseUnusable(Exception):
    """The server cannot start with this database; the text says why, and what to do, to an administrator."""


def open_database(address: str, run_blocking: RunBlocking = call_directly) -> Database:
    """Return the database with today's tables; `run_blocking` is for its waits for the disk.

    Raises:
        DatabaseUnusable: it is empty, damaged, not ours, newer than this version, or cannot be reached.
    """
    path = None
    try:
        path = sqlite_file(address)
        if path is None:
            upgrade(address)
        elif path.exists():
            _look_at_head(path)
            _take_up(path, address)
        else:
            _make(path)
        return Database(address, run_blocking)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseUnusable(f"EXAM_DATABASE_URL cannot be used: {error}") from error
    except CommandError as error:
        raise DatabaseUnusable(f"{_shown(address)} was written by another version of Examonitor: {error}") from error
    except (DBAPIError, StoreUnavailable) as error:
        raise DatabaseUnusable(_trouble(path, address, error)) from error
    except OSError as error:
        raise DatabaseUnusable(f"{_shown(address)} cannot be opened or made: {error}") from error


def sqlite_file(address: str) -> Path | None:
    """Return the file of a SQLite database, None for one in memory or on a server."""
    url = make_url(address)
    in_memory = url.database in (None, "", ":memory:")
    return None if url.get_backend_name() != "sqlite" or in_memory else Path(str(url.database))


def _make(path: Path) -> None:
    """Make a new database beside its place, so that an empty or half-made one is never taken for ours."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise DatabaseUnusable(f"{path} is gone, and {log.name} beside it holds its last changes. {RESTORE}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.new-{os.getpid()}")
    leftovers = [part.with_name(part.name + ending) for ending in ("", "-wal", "-shm", "-event_log")]
    try:
        upgrade(f"sqlite:///{part}")
        if leftovers[1].exists():
            raise OSError(f"{leftovers[1].name} could not be written into the database")
        put_in_place(part, path)
    finally:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)


def _look_at_head(path: Path) -> None:
    """Refuse what SQLite would take for a new database and write over: a file that is empty or was cut short."""
    with path.open("rb") as stream:
        head = stream.read(len(HEAD))
    if not head:
        raise DatabaseUnusable(
            f"{path} is empty: the rooms, people and messages that were in it are gone. {RESTORE}; or delete the "
            "empty file, and the next start makes a new installation."
        )
    if head != HEAD:
        raise DatabaseUnusable(_damaged(path, "it does not begin as a database does"))


def _take_up(path: Path, address: str) -> None:
    database = Database(address)
    try:
        with told_plainly(), database.engine.begin() as connection:
            if path.stat().st_size <= MOST_CHECKED_BYTES:
                found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
                if found != "ok":
                    raise DatabaseUnusable(_damaged(path, found))
            if not inspect(connection).has_table("alembic_version"):
                raise DatabaseUnusable(f"{path} is no database of Examonitor: its tables are not there. {RESTORE}.")
    finally:
        database.close()
    upgrade(address)


def _trouble(path: Path | None, address: str, error: DBAPIError | StoreUnavailable) -> str:
    why = error.why if isinstance(error, StoreUnavailable) else str(error.orig).splitlines()[0]
    if path is not None and any(sign in why for sign in ("malformed", "not a database")):
        return _damaged(path, why)
    return f"{_shown(address)} cannot be used: {why}"


def _damaged(path: Path, why: str) -> str:
    return (
        f"{path} is damaged ({why}). {RESTORE}; without one, keep a copy of the file and of those beside it, and try "
        "the command .recover of the program sqlite3."
    )


def _shown(address: str) -> str:
    return f"the database {make_url(address).render_as_string(hide_password=True)}"
