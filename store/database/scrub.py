"""What was deleted is gone from the disk too, not only from the tables."""

import sqlite3
from typing import Any

from store.session import Database


def scrub(database: Database) -> bool:
    """Empty SQLite's write-ahead log, which holds earlier versions of pages; False while others use the database.

    Pages themselves are overwritten as rows are deleted (secure_delete). It never waits: whoever is told False tries
    again. PostgreSQL does its own by VACUUM, and keeps its log as its administrator set it.
    """
    if database.engine.dialect.name != "sqlite":
        return True
    connection = database.engine.raw_connection()
    try:
        return bool(database.run_blocking(_empty_log, connection.dbapi_connection))
    finally:
        connection.close()


def _empty_log(connection: Any) -> bool:
    cursor = connection.cursor(sqlite3.Cursor)  # one that does not try again: it would sleep in the wrong thread
    cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()  # most of it, while others may write
    (busy, _pages, _moved) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    cursor.close()
    return not busy
