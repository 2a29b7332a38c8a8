"""Teachers' verdicts on alerts and incidents: kept first, then told to the other teachers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import UserError
from rooms.alerts.alert_rows import AlertRows
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.views import alert_view, milliseconds, name_in
from rooms.protocol.objects import AlertView
from store.alerts import AlertRow, alerts_of_incident

Person = tuple[int, str]
"""Id and name of a user."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a teacher says of an incident; without a verdict every alert keeps its own, without a note likewise."""

    verdict: str | None = None
    note: str | None = None
    seen_until: float | None = None
    """When the last alert that the teacher saw was raised, ms: a later one is not judged unseen. None: all of them."""

    def covers(self, row: AlertRow) -> bool:
        """Say whether the teacher saw this alert."""
        return self.seen_until is None or (milliseconds(row.raised_at) or 0) <= self.seen_until


class Verdicts:
    """Keeps verdicts; through `tell` everybody hears of an alert, and `decided` keeps who judged what."""

    def __init__(
        self,
        context: RoomContext,
        rows: AlertRows,
        tell: Callable[[LiveRoom, AlertRow, AlertView], None],
        decided: Callable[[Sequence[AlertRow], Person], None],
    ) -> None:
        self._database = context.database
        self._event_log = context.event_log
        self._clock = context.clock
        self._rows = rows
        self._tell = tell
        self._decided = decided

    def review(self, room: LiveRoom, alert: str, verdict: str, note: str | None, person: Person) -> AlertView:
        """Keep a verdict on one alert and return its view; UserError `unknown_alert`, StoreUnavailable."""
        self._rows.settle(alert)
        with self._database.session() as session:
            row = session.get(AlertRow, alert)
            if row is None or row.room_id != room.id:
                raise UserError("unknown_alert", "This alert is not in the room.")
            self._judge(row, verdict, note, person)
        self._decided([row], person)
        return self._told(room, row, person)

    def review_incident(self, room: LiveRoom, incident: str, decision: Decision, person: Person) -> list[AlertView]:
        """Keep a decision on every alert of an incident; UserError `unknown_incident`, StoreUnavailable."""
        self._rows.settle()
        with self._database.session() as session:
            rows = [row for row in alerts_of_incident(session, room.id, incident) if decision.covers(row)]
            if not rows:
                raise UserError("unknown_incident", "This incident is not in the room.")
            for row in rows:
                self._judge(row, decision.verdict, decision.note, person)
        if decision.verdict is not None:
            self._decided(rows, person)
        return [self._told(room, row, person) for row in rows]

    def _judge(self, row: AlertRow, verdict: str | None, note: str | None, person: Person) -> None:
        row.note = row.note if note is None else note
        if verdict is None:
            return
        row.verdict = verdict
        row.handled_by = person[0]
        row.handled_at = datetime.fromtimestamp(self._clock.now(), UTC)

    def _told(self, room: LiveRoom, row: AlertRow, person: Person) -> AlertView:
        self._rows.changed(row)
        self._event_log.note(
            "alert-reviewed", room=room.code, alert=row.id, kind=row.kind, verdict=row.verdict, by=person[1]
        )
        view = alert_view(row, name_in(room, row), person[1])
        self._tell(room, row, view)
        return view
