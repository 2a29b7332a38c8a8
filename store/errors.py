"""What becomes of a database that cannot be reached or written: one error with a reason, instead of a traceback."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import Busy
from core.text_keys import N_

RETRY_AFTER_S = 5.0
BUSY, FULL, FAILED = "store_busy", "store_full", "store_failed"


TEXTS: Mapping[str, str] = MappingProxyType(
    {
        BUSY: N_("The database is in use by another program: this was not done. Please try again in a moment."),
        FULL: N_("The server's disk is full: this was not done. Please tell whoever looks after the server."),
        FAILED: N_("The server's database cannot be used now: this was not done. Please try again in a moment."),
    }
)

OF_SQLITE: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: BUSY,
        sqlite3.SQLITE_LOCKED: BUSY,
        sqlite3.SQLITE_FULL: FULL,
        **dict.fromkeys((sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN), FAILED),
        **dict.fromkeys((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM), FAILED),
    }
)
OF_POSTGRESQL: Mapping[str, str] = MappingProxyType(
    {"53100": FULL, "55P03": BUSY, "25006": FAILED, "08": FAILED, "53": FAILED, "57": FAILED, "58": FAILED}
)
"""SQLSTATE, or its class: the disk, a lock, read-only, connections, resources, an operator, the system."""


class StoreUnavailable(Busy):
    """Nothing can be read or written at this moment, whatever was asked: `code` and `why` say the reason."""

    def __init__(self, code: str, why: object) -> None:
        super().__init__(code, TEXTS[code], RETRY_AFTER_S)
        self.why = str(why).splitlines()[0] if str(why) else code
        """The database's own words, for the log and the administrator."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Raise StoreUnavailable for what the database is to blame for; what we asked wrongly stays as it is."""
    try:
        yield
    except DBAPIError as error:
        code = reason_of(error)
        if code is None:
            raise
        raise StoreUnavailable(code, error.orig) from error
    except PoolTimeout as error:
        raise StoreUnavailable(BUSY, error) from error


def reason_of(error: DBAPIError) -> str | None:
    """Return which of the reasons above is behind an error, or None for a mistake of ours."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return OF_SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return OF_POSTGRESQL.get(state) or OF_POSTGRESQL.get(state[:2])
    # a server that was never reached, or went away in the middle, has told no state
    return FAILED if error.connection_invalidated or type(error.orig).__name__ == "OperationalError" else None
