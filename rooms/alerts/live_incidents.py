"""The incidents of live rooms as they grow: every new alert gets one, and the database has it for a later start."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from core.rule_catalogue import RuleCatalogue
from rooms.alerts.incidents import LONGEST_S, IncidentGrouping, Noticed, severity_in
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.setup.states import ParticipantState
from store.alerts import AlertRow, alerts_since
from store.errors import StoreUnavailable


class Incidents:
    """Gives the alerts of every room their incidents; may be called from any thread."""

    def __init__(self, context: RoomContext, catalogue: RuleCatalogue) -> None:
        self._database = context.database
        self._with_causes = frozenset(kind for kind, rule in catalogue.items() if rule.common_cause)
        self._rooms: dict[str, IncidentGrouping] = {}
        self._lock = threading.Lock()
        context.signals.closed.connect(self._forget)

    def place(self, room: LiveRoom, row: AlertRow) -> Mapping[str, str]:
        """Give a new alert its incident; return the earlier alerts that turn out to be part of it, incident by id.

        An alert in an incident of the whole room becomes a notice.
        """
        grouping = self._grouping(room, row)
        with self._lock:
            placed = grouping.place(_noticed(row), _admitted(room))
        row.incident_id = placed.pop(row.id)
        row.severity = severity_in(row.incident_id, row.severity)
        return placed

    def _grouping(self, room: LiveRoom, row: AlertRow) -> IncidentGrouping:
        known = self._rooms.get(room.id)
        if known is not None:
            return known
        grouping = IncidentGrouping(self._with_causes)
        # Without a database an alert begins an incident anew; that is no reason to keep it from anybody.
        with suppress(StoreUnavailable), self._database.read() as session:
            for earlier in alerts_since(session, room.id, row.raised_at - timedelta(seconds=LONGEST_S)):
                grouping.resume(_noticed(earlier), earlier.incident_id)
        with self._lock:
            return self._rooms.setdefault(room.id, grouping)

    def _forget(self, room: LiveRoom) -> None:
        with self._lock:
            self._rooms.pop(room.id, None)


def _noticed(row: AlertRow) -> Noticed:
    return Noticed(row.id, row.participant_id, row.kind, row.raised_at.timestamp())


def _admitted(room: LiveRoom) -> int:
    return sum(one.state == ParticipantState.ADMITTED for one in list(room.students.values()))
