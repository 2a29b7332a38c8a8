"""Alerts on their way into the database; what it does not take waits here, is shown from here, and is tried again."""

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.event_log import EventLog
from rooms.alerts.alert_backlog import AlertBacklog, Waiting
from store.alerts import AlertRow, alerts_of, alerts_to_show
from store.errors import FAILED, StoreUnavailable
from store.session import Database

PATIENCE_S = 0.25
"""An alert waits here rather than at the database: those behind it are to reach the teachers."""
MOST_OLDER = 1000
"""Of alerts to be reviewed that a first page has beyond its own: 1 MB. Who leaves more of them undone asks for more."""
SETTLE_S = 2.0
"""Teachers are told first: a verdict can come while the alert is being written, and waits for that."""


class AlertRows:
    """Keeps alerts and what changes of them as rows, in order, for the alert service."""

    def __init__(self, database: Database, event_log: EventLog) -> None:
        self._database = database
        self._event_log = event_log
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._backlog = AlertBacklog()
        self._open: dict[str, AlertRow] = {}
        """Alerts under way, so that nothing has to be read to tell of their end."""
        self._is_refused = False

    @property
    def waiting(self) -> int:
        """How many alerts are not kept yet."""
        return self._backlog.waiting

    def take(self, row: AlertRow) -> None:
        """Take a new alert; `write` keeps it."""
        with self._lock:
            self._open[row.id] = row
        if not self._backlog.add(row):
            self._event_log.warn("alert-not-kept", alert=row.id, kind=row.kind, why="too many wait")

    def take_end(self, alert_id: str, at: datetime) -> AlertRow | None:
        """Take the end of an alert likewise and return its row; None for an alert that is not known."""
        with self._lock:
            row = self._open.pop(alert_id, None)
        row = row or _read(self._database, alert_id)
        if row is None:
            return None
        self._backlog.change(row, ended_at=at)
        return row

    def take_changes(self, alerts: Iterable[str], change: Callable[[AlertRow], Mapping[str, Any]]) -> list[AlertRow]:
        """Take new values of columns, which `change` makes of a row, and return the rows of alerts that are known."""
        rows = [row for one in alerts if (row := self._find(one)) is not None]
        for row in rows:
            self._backlog.change(row, **change(row))
        return rows

    def write(self) -> None:
        """Write what was taken, unless the last try failed: then `retry` does, as time goes by."""
        if not self._is_refused:
            self.retry()

    def settle(self, alert_id: str | None = None) -> None:
        """Write an alert, or all that wait, before something else is done; StoreUnavailable where that fails."""
        if _waits(self._backlog, alert_id):
            self.retry(SETTLE_S)
        if _waits(self._backlog, alert_id):
            raise _refusal(self._database)

    def find_waiting(self, alert_id: str) -> AlertRow | None:
        """Return an alert that is not in the database yet."""
        return self._backlog.find(alert_id)

    def changed(self, row: AlertRow) -> None:
        """Take a row that was changed in the database, so that its end is told with what a teacher made of it."""
        with self._lock:
            if row.id in self._open:
                self._open[row.id] = row

    def page(self, session: Session, room_id: str, before: datetime | None, limit: int) -> list[AlertRow]:
        """Return a room's alerts, newest first, those that wait among them; `before` continues an earlier page.

        The first page goes on with older alerts: of incidents that are to be reviewed, and of those that it cuts.
        """
        kept = alerts_of(session, room_id, before, limit)
        rows = _newest_first(self._backlog.laid_over(kept, room_id, before))[:limit]
        if before is not None or len(rows) < limit:
            return rows
        end, incidents = rows[-1].raised_at, {row.incident_id for row in rows}
        older = alerts_to_show(session, room_id, end, incidents, MOST_OLDER)
        return rows + _newest_first(self._backlog.laid_over(older, room_id, end))

    def retry(self, timeouts: float = 0.0) -> None:
        """Write what waits, after whoever writes now where there is `timeouts`; never raises StoreUnavailable."""
        is_free = self._writing.acquire(blocking=False)
        if not is_free and not (timeouts and self._writing.acquire(timeout=timeouts)):
            return  # who writes now goes on until nothing waits
        try:
            while any(due := self._backlog.due()):
                self._write(due)
            self._is_refused = False
        except StoreUnavailable:
            self._is_refused = True
        finally:
            self._writing.release()

    def _find(self, alert_id: str) -> AlertRow | None:
        known = self._backlog.find(alert_id) or self._open.get(alert_id)
        # one that can neither be found nor read now keeps its own incident
        with suppress(StoreUnavailable):
            known = known or _read(self._database, alert_id)
        return known

    def _write(self, due: Waiting) -> None:
        try:
            self._write_together(due)
        except DBAPIError:
            # One of them cannot be kept at all, as its room was deleted meanwhile; the others can.
            self._write_one_by_one(due)

    def _write_one_by_one(self, due: Waiting) -> None:
        new, changes = due
        for part in [*(([row], {}) for row in new), *(([], {one: values}) for one, values in changes.items())]:
            try:
                self._write_together(part)
            except DBAPIError as error:
                self._backlog.drop(part)
                self._event_log.warn("alert-not-kept", alert=next(iter(part[1]), None) or part[0][0].id, why=error.orig)

    def _write_together(self, due: Waiting) -> None:
        new, changes = due
        with self._database.session(PATIENCE_S) as session:
            for row in new:
                session.merge(row)
            session.flush()
            for alert_id, values in changes.items():
                session.execute(update(AlertRow).where(AlertRow.id == alert_id).values(**values))
        self._backlog.drop(due)


def _newest_first(rows: Iterable[AlertRow]) -> list[AlertRow]:
    return sorted(rows, key=lambda row: (-row.raised_at.timestamp(), row.id))


def _waits(backlog: AlertBacklog, alert_id: str | None) -> bool:
    return any(backlog.due()) if alert_id is None else backlog.find(alert_id) is not None


def _refusal(database: Database) -> StoreUnavailable:
    trouble = database.trouble
    return StoreUnavailable(trouble.code if trouble else FAILED, trouble.why if trouble else "not kept yet")


def _read(database: Database, alert_id: str) -> AlertRow | None:
    with database.read() as session:
        return session.get(AlertRow, alert_id)
