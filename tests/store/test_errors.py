"""Which errors the database is to blame for, and what people are told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from store.errors import BUSY, FAILED, FULL, TEXTS, StoreUnavailable, reason_of
from store.session import Database


class DriverError(Exception):
    """An error as a driver raises it."""

    def __init__(self, **attributes: object) -> None:
        super().__init__("told by the driver")
        vars(self).update(attributes)


class OperationalError(DriverError):
    """What psycopg raises for a server it never reached: without a state."""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DriverError(sqlite_errorcode=sqlite3.SQLITE_FULL), FULL),
        (DriverError(sqlite_errorcode=sqlite3.SQLITE_IOERR_WRITE), FAILED),
        (DriverError(sqlite_errorcode=sqlite3.SQLITE_READONLY_DBMOVED), FAILED),
        (DriverError(sqlite_errorcode=sqlite3.SQLITE_BUSY_SNAPSHOT), BUSY),
        (DriverError(sqlite_errorcode=sqlite3.SQLITE_CORRUPT), FAILED),
        (DriverError(sqlite_errorcode=sqlite3.SQLITE_ERROR), None),
        (DriverError(sqlite_errorcode=sqlite3.SQLITE_CONSTRAINT_UNIQUE), None),
        (DriverError(sqlstate="53100"), FULL),
        (DriverError(sqlstate="53300"), FAILED),
        (DriverError(sqlstate="57P01"), FAILED),
        (DriverError(sqlstate="55P03"), BUSY),
        (DriverError(sqlstate="23505"), None),
        (OperationalError(sqlstate=None), FAILED),
        (DriverError(), None),
    ],
)
def test_the_database_is_to_blame_for_some_errors_and_we_for_the_others(error: Exception, reason: str | None) -> None:
    assert reason_of(DBAPIError("SELECT 1", {}, error)) == reason


@pytest.mark.parametrize("code", list(TEXTS))
def test_every_reason_has_a_text_and_a_time_to_try_again(code: str) -> None:
    error = StoreUnavailable(code, "disk\nSQL: secret")
    assert (error.code, error.why, error.text) == (code, "disk", TEXTS[code])
    assert error.retry_after > 0


@pytest.mark.slow
def test_a_server_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://exam@/postgres?host={tmp_path}")
    with pytest.raises(StoreUnavailable) as failed, database.session() as db:
        db.connection()
    assert (failed.value.code, database.trouble) == (FAILED, failed.value)
    database.close()
