"""Alerts and changes of alerts that the database has not taken yet."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from store.alerts import AlertRow

MOST_WAITING = 10_000
"""About 10 MB. What comes beyond has been shown and is in the log, and is not kept."""

Changes = Mapping[str, Mapping[str, Any]]
"""New values of columns, by alert."""
Waiting = tuple[list[AlertRow], Changes]


class AlertBacklog:
    """What waits to be written, in order; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._new: dict[str, AlertRow] = {}
        self._changes: dict[str, dict[str, Any]] = {}

    @property
    def waiting(self) -> int:
        """How many new alerts wait."""
        return len(self._new)

    def add(self, row: AlertRow) -> bool:
        """Take a new alert; False where too many wait."""
        with self._lock:
            if len(self._new) >= MOST_WAITING:
                return False
            self._new[row.id] = row
            return True

    def change(self, row: AlertRow, **values: Any) -> None:
        """Change columns of an alert, here now and in the database later."""
        with self._lock:
            for column, value in values.items():
                setattr(row, column, value)
            self._changes.setdefault(row.id, {}).update(values)

    def find(self, alert_id: str) -> AlertRow | None:
        """Return a new alert that waits."""
        return self._new.get(alert_id)

    def due(self) -> Waiting:
        """Return a copy of all that waits."""
        with self._lock:
            return list(self._new.values()), {one: dict(values) for one, values in self._changes.items()}

    def drop(self, done: Waiting) -> None:
        """Forget what was written; what changed once more meanwhile stays."""
        new, changes = done
        with self._lock:
            for row in new:
                self._new.pop(row.id, None)
            for alert_id, values in changes.items():
                if self._changes.get(alert_id) == values:
                    del self._changes[alert_id]

    def laid_over(self, kept: Iterable[AlertRow], room_id: str, before: datetime | None) -> Iterable[AlertRow]:
        """Return rows of the database with what waits: new alerts of the room among them, changes made."""
        new, changes = self.due()
        rows = {row.id: row for row in kept}
        for row in new:
            if row.room_id == room_id and (before is None or row.raised_at < before):
                rows.setdefault(row.id, row)
        for alert_id in rows.keys() & changes.keys():
            for column, value in changes[alert_id].items():
                setattr(rows[alert_id], column, value)
        return rows.values()
