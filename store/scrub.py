"""What was deleted is gone from the disk too, not only from the tables."""

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
        cursor = connection.cursor()
        (timeouts,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout=0")
        (busy, _pages, _moved) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={int(timeouts)}")
        cursor.close()
        return not busy
    finally:
        connection.close()
