"""SQLite for a server whose connections share one thread: waiting for a lock or a disk keeps no others waiting."""

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from core.blocking import RunBlocking, call_directly

Result = TypeVar("Result")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.001, 0.05
"""Between two tries, as SQLite's own handler does it; each pause is twice the one before."""


class PatientConnection(sqlite3.Connection):
    """Tries again while another process holds a lock; SQLite's own waiting would sleep in C, and the hub with it."""

    timeouts = 0.0
    """Seconds that the transaction under way may wait, counted anew for each statement."""

    run_blocking: RunBlocking = staticmethod(call_directly)
    """Waits for the disk; under eventlet in a thread of its own."""

    def cursor(self, factory: Any = None) -> Any:
        """Give a cursor that waits likewise."""
        return super().cursor(factory or PatientCursor)

    def commit(self) -> None:
        """Commit, as soon as it is possible: writes all changes and, now and then, moves the log into the database."""
        patiently(partial(self.run_blocking, super().commit), self.timeouts)


class PatientCursor(sqlite3.Cursor):
    """A cursor whose statements wait for locks in time.sleep(), which eventlet makes a green one."""

    connection: PatientConnection

    def execute(self, *arguments: Any) -> Any:
        """Run one statement, as soon as it is possible."""
        try:
            return super().execute(*arguments)
        except sqlite3.OperationalError as error:
            return self._try_again(super().execute, arguments, error)

    def executemany(self, *arguments: Any) -> Any:
        """Run one statement for many rows; only the first of them can find a lock of others."""
        try:
            return super().executemany(*arguments)
        except sqlite3.OperationalError as error:
            return self._try_again(super().executemany, arguments, error)

    def _try_again(
        self, run: Callable[..., sqlite3.Cursor], arguments: tuple[Any, ...], error: sqlite3.OperationalError
    ) -> sqlite3.Cursor:
        if not is_busy(error):
            raise error
        return patiently(lambda: run(*arguments), self.connection.timeouts)


def patiently(act: Callable[[], Result], timeouts: float) -> Result:
    """Do something that another process may hold up for a while, again and again for at most `timeouts` seconds."""
    until, pause = time.monotonic() + timeouts, FIRST_PAUSE_S
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() >= until:
                raise
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_S)


def is_busy(error: BaseException | None) -> bool:
    """Say whether an error means that somebody else holds the lock; a read that cannot become a write is another."""
    code = getattr(error, "sqlite_errorcode", None)
    # the extended code of a stale snapshot would be the same however often it was tried
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT
