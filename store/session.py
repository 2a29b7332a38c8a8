"""The database: one engine, one way to open a session, SQLite and PostgreSQL alike."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from core.blocking import RunBlocking, call_directly
from store.database.sqlite import PatientConnection
from store.errors import BUSY, StoreUnavailable, told_plainly

READ_ONLY, PATIENCE = "exam_read_only", "exam_timeouts"
"""Execution options of a connection: it will not write; how long it may wait for others."""
PATIENCE_S = 5.0
"""Less than a page waits for the answer to a ping: who waits for a lock must not lose the connection by that."""
OF_THE_NETWORK = MappingProxyType({"connect_timeout": 5, "tcp_user_timeout": 10_000})
"""Seconds and milliseconds after which a PostgreSQL server that does not answer counts as gone."""

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time: always UTC and always aware, also where the database keeps neither (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive values, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give an aware UTC value back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute


class Database:
    """Opens sessions; every writer commits or rolls back as a whole.

    What waits for the disk is given to `run_blocking`, so that connections that share one thread do not wait with it.
    """

    def __init__(self, address: str, run_blocking: RunBlocking = call_directly) -> None:
        self.run_blocking = run_blocking
        self.engine = _make_engine(address, run_blocking)
        self.trouble: StoreUnavailable | None = None
        """Why something could not be read or written; until `check` has shown that it can be again."""
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._turn = threading.Lock() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def session(self, timeouts: float = PATIENCE_S) -> Iterator[Session]:
        """Give a session that commits at the end and rolls back on any error; it waits so many seconds for others.

        Raises:
            StoreUnavailable: nothing can be written now, and nothing was.
        """
        with self._noting(), self._in_turn(timeouts), self._sessions.begin() as session:
            if timeouts != PATIENCE_S:
                session.connection(execution_options={PATIENCE: timeouts})
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading alone: it waits for no writer and keeps none waiting; what it writes is lost.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        with self._noting(), self._sessions() as session:
            session.connection(execution_options={READ_ONLY: True})
            yield session

    def check(self, timeouts: float = PATIENCE_S) -> None:
        """Write something that changes nothing, to know whether rows can be written; StoreUnavailable where not."""
        with self.session(timeouts) as session:
            session.execute(text("UPDATE alembic_version SET version_num = version_num"))
        self.trouble = None

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            with told_plainly():
                yield
        except StoreUnavailable as error:
            self.trouble = error
            raise

    @contextmanager
    def _in_turn(self, timeouts: float) -> Iterator[None]:
        # SQLite has one writer at a time. Ours queue up here, before they hold a connection that readers need.
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=timeouts):
            raise StoreUnavailable(BUSY, "another writer of this server has not finished")
        try:
            yield
        finally:
            self._turn.release()


def _make_engine(address: str, run_blocking: RunBlocking) -> Engine:
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        limit = {name: value for name, value in OF_THE_NETWORK.items() if name not in url.query}
        return create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True, connect_args=limit)
    engine = create_engine(url, connect_args={"timeout": 0, "factory": PatientConnection})
    event.listen(engine, "connect", partial(_tune_sqlite, run_blocking))
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _tune_sqlite(run_blocking: RunBlocking, connection: Any, _record: Any) -> None:
    # WAL lets readers go on while one writes; NORMAL loses at most the last moments at a power cut, never integrity,
    # and a killed process loses nothing. Transactions are begun by hand below, so the driver must not. Waiting for a
    # lock is our own (store/database/sqlite.py): SQLite's would sleep in C, where no other connection of ours goes on.
    connection.isolation_level = None
    connection.timeouts, connection.run_blocking = PATIENCE_S, run_blocking
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=0"):
        cursor.execute(f"PRAGMA {pragma}")
    # Changes stay in memory until COMMIT, which is all that waits for the disk. By default SQLite would write what is
    # more than its cache in the middle of a statement.
    cursor.execute("PRAGMA cache_spill=OFF")
    # What is deleted is overwritten: a face or a message must not stay readable in the file's free pages.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # A transaction that reads first and writes later would fail at once instead of waiting for its turn.
    options = connection.get_execution_options()
    connection.connection.dbapi_connection.timeouts = options.get(PATIENCE, PATIENCE_S)
    connection.exec_driver_sql("BEGIN" if options.get(READ_ONLY) else "BEGIN IMMEDIATE")
