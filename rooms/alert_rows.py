"""Alerts on their way into the database; what it does not take waits here, is shown from here, and is tried again."""

import threading
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from rooms.journal import Journal
from store.alerts import AlertRow, alerts_of
from store.errors import FAILED, StoreUnavailable
from store.session import Database

PATIENCE_S = 0.25
"""An alert waits here rather than at the database: those behind it are to reach the teachers."""
SETTLE_S = 2.0
"""Teachers are told first: a verdict can come while the alert is being written, and waits for that."""
MOST_WAITING = 10_000
"""About 10 MB. What comes beyond has been shown and is in the log, and is not kept."""

Waiting = tuple[list[AlertRow], dict[str, datetime]]


class AlertRows:
    """Keeps alerts and their ends as rows, in order, for the desk."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._new: dict[str, AlertRow] = {}
        self._ends: dict[str, datetime] = {}
        self._open: dict[str, AlertRow] = {}
        """Alerts under way, so that nothing has to be read to tell of their end."""
        self._is_refused = False

    @property
    def waiting(self) -> int:
        """How many alerts are not kept yet."""
        return len(self._new)

    def take(self, row: AlertRow) -> None:
        """Take a new alert; `write` keeps it."""
        with self._lock:
            self._open[row.id] = row
            is_one_too_many = len(self._new) >= MOST_WAITING
            if not is_one_too_many:
                self._new[row.id] = row
        if is_one_too_many:
            self._journal.warn("alert-not-kept", alert=row.id, kind=row.kind, why="too many wait")

    def take_end(self, alert_id: str, at: datetime) -> AlertRow | None:
        """Take the end of an alert likewise and return its row; None for an alert that is not known."""
        with self._lock:
            row = self._open.pop(alert_id, None)
        row = row or self._read(alert_id)
        if row is None:
            return None
        with self._lock:
            row.ended_at = self._ends[alert_id] = at
        return row

    def write(self) -> None:
        """Write what was taken, unless the last try failed: then `retry` does, as time goes by."""
        if not self._is_refused:
            self.retry()

    def settle(self, alert_id: str) -> None:
        """Write an alert before something else is done with it; StoreUnavailable where it must go on waiting."""
        if alert_id in self._new:
            self.retry(SETTLE_S)
        if alert_id in self._new:
            trouble = self._database.trouble
            raise StoreUnavailable(trouble.code if trouble else FAILED, trouble.why if trouble else "not kept yet")

    def find_waiting(self, alert_id: str) -> AlertRow | None:
        """Return an alert that is not in the database yet."""
        return self._new.get(alert_id)

    def changed(self, row: AlertRow) -> None:
        """Take a row that was changed in the database, so that its end is told with what a teacher made of it."""
        with self._lock:
            if row.id in self._open:
                self._open[row.id] = row

    def page(self, session: Session, room_id: str, before: datetime | None, limit: int) -> list[AlertRow]:
        """Return a room's alerts, newest first, those that wait among them; `before` continues an earlier page."""
        new, ends = self._due()
        rows = {row.id: row for row in alerts_of(session, room_id, before, limit)}
        for row in new:
            if row.room_id == room_id and (before is None or row.raised_at < before):
                rows.setdefault(row.id, row)
        for alert_id in rows.keys() & ends.keys():
            rows[alert_id].ended_at = ends[alert_id]
        return sorted(rows.values(), key=lambda row: (-row.raised_at.timestamp(), row.id))[:limit]

    def retry(self, patience: float = 0.0) -> None:
        """Write what waits, after whoever writes now where there is `patience`; never raises StoreUnavailable."""
        is_free = self._writing.acquire(blocking=False)
        if not is_free and not (patience and self._writing.acquire(timeout=patience)):
            return  # who writes now goes on until nothing waits
        try:
            while any(due := self._due()):
                self._write(due)
            self._is_refused = False
        except StoreUnavailable:
            self._is_refused = True
        finally:
            self._writing.release()

    def _due(self) -> Waiting:
        with self._lock:
            return list(self._new.values()), dict(self._ends)

    def _write(self, due: Waiting) -> None:
        try:
            self._write_together(due)
        except DBAPIError:
            # One of them cannot be kept at all, as its room was deleted meanwhile; the others can.
            self._write_one_by_one(due)

    def _write_one_by_one(self, due: Waiting) -> None:
        new, ends = due
        for part in [*(([row], {}) for row in new), *(([], {one: at}) for one, at in ends.items())]:
            try:
                self._write_together(part)
            except DBAPIError as error:
                self._drop(part)
                self._journal.warn("alert-not-kept", alert=next(iter(part[1]), None) or part[0][0].id, why=error.orig)

    def _write_together(self, due: Waiting) -> None:
        new, ends = due
        with self._database.session(PATIENCE_S) as session:
            for row in new:
                session.merge(row)
            session.flush()
            for alert_id, at in ends.items():
                session.execute(update(AlertRow).where(AlertRow.id == alert_id).values(ended_at=at))
        self._drop(due)

    def _drop(self, done: Waiting) -> None:
        new, ends = done
        with self._lock:
            for row in new:
                self._new.pop(row.id, None)
            for alert_id, at in ends.items():
                if self._ends.get(alert_id) == at:
                    del self._ends[alert_id]

    def _read(self, alert_id: str) -> AlertRow | None:
        with self._database.read() as session:
            return session.get(AlertRow, alert_id)
