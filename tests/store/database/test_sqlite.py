"""Waiting for SQLite's lock: for a while, in turn, and never in C."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from store.database.sqlite import is_busy, patiently
from store.errors import BUSY, StoreUnavailable
from store.session import Database
from store.users import count_users
from tests.store import template
from tests.store.makers import make_user


@pytest.fixture
def path(tmp_path: Path) -> Path:
    template.copy_to(tmp_path / "exam.db")
    return tmp_path / "exam.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program at the same file."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


def error(code: int) -> sqlite3.OperationalError:
    made = sqlite3.OperationalError("told by SQLite")
    made.sqlite_errorcode = code
    return made


def test_a_lock_is_waited_for_until_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[object] = [error(sqlite3.SQLITE_BUSY), error(sqlite3.SQLITE_BUSY_RECOVERY), "done"]
    pauses: list[float] = []
    monkeypatch.setattr("store.database.sqlite.time.sleep", pauses.append)

    def act() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert patiently(act, 60) == "done"
    assert pauses == [0.001, 0.002]


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_ERROR])
def test_what_waiting_does_not_mend_is_told_at_once(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("store.database.sqlite.time.sleep", pauses.append)

    def act() -> None:
        raise error(code)

    with pytest.raises(sqlite3.OperationalError):
        patiently(act, 60)
    assert (pauses, is_busy(error(code))) == ([], False)


def test_a_writer_is_refused_with_a_reason_when_the_lock_lasts(database: Database, other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable) as refused, database.session(timeouts=0) as db:
        db.add(make_user())
    assert (refused.value.code, database.trouble) == (BUSY, refused.value)
    other.execute("ROLLBACK")
    database.check()
    assert database.trouble is None


def test_a_writer_who_waited_is_served_and_its_connection_is_patient_again(
    database: Database, other: sqlite3.Connection
) -> None:
    with database.session(timeouts=0) as db:
        db.add(make_user("a@school.example"))
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.05, other.execute, ["ROLLBACK"])
    release.start()
    with database.session() as db:
        db.add(make_user("b@school.example"))
    release.join()
    with database.read() as db:
        assert count_users(db) == 2


def test_nothing_waits_inside_sqlite_itself(database: Database) -> None:
    with database.read() as db:
        assert db.connection().exec_driver_sql("PRAGMA busy_timeout").scalar() == 0


def test_our_own_writers_take_turns_without_holding_connections(database: Database) -> None:
    with database.session() as db:
        db.add(make_user())
        busy = database.engine.pool.checkedout()  # type: ignore[attr-defined]  # QueuePool's
        with pytest.raises(StoreUnavailable, match=BUSY), database.session(timeouts=0):
            pytest.fail("there is one writer at a time")
        assert busy == database.engine.pool.checkedout()  # type: ignore[attr-defined]
        with database.read() as reader:
            assert count_users(reader) == 0


def test_a_mistake_of_ours_stays_what_it_is(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.read() as db:
        db.connection().exec_driver_sql("SELECT * FROM nowhere")
    assert database.trouble is None
