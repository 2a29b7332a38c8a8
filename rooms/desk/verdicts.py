"""Teachers' verdicts on alerts and incidents: kept first, then told to the other teachers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from core.errors import UserError
from rooms.alerts.alert_rows import AlertRows
from rooms.desk.steps import Person, Said, next_round, step_row
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.views import alert_view, milliseconds, name_in
from rooms.protocol.objects import AlertView
from store.alerts import AlertRow, alerts_of_incident
from store.desk import steps_of

Decided = Callable[[Sequence[AlertRow], Person], None]
"""Keeps in the chain who judged which alerts."""


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
        decided: Decided,
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
            self._add_step(session, [row], Decision(verdict=verdict, note=note), person)
        self._decided([row], person)
        return self._told(room, row, person)

    def review_incident(
        self, room: LiveRoom, incident: str, decision: Decision, person: Person, is_step: bool = True
    ) -> list[AlertView]:
        """Keep a decision on every alert of an incident; UserError `unknown_incident`, StoreUnavailable.

        Without `is_step` it is the outcome of what two people decided, which is kept already.
        """
        self._rows.settle()
        with self._database.session() as session:
            rows = [row for row in alerts_of_incident(session, room.id, incident) if decision.covers(row)]
            if not rows:
                raise UserError("unknown_incident", "This incident is not in the room.")
            for row in rows:
                self._judge(row, decision.verdict, decision.note, person)
            if is_step:
                self._add_step(session, rows, decision, person)
        if decision.verdict is not None and is_step:
            self._decided(rows, person)
        return [self._told(room, row, person) for row in rows]

    def kinds_of(self, room: LiveRoom, incident: str) -> frozenset[str]:
        """Return the kinds of alert in an incident; UserError `unknown_incident`, StoreUnavailable."""
        self._rows.settle()
        with self._database.read() as session:
            kinds = frozenset(row.kind for row in alerts_of_incident(session, room.id, incident))
        if not kinds:
            raise UserError("unknown_incident", "This incident is not in the room.")
        return kinds

    def _add_step(self, session: Session, rows: Sequence[AlertRow], decision: Decision, person: Person) -> None:
        if decision.verdict is not None:
            number = next_round(steps_of(session, rows[0].room_id, rows[0].incident_id or rows[0].id))
            note = decision.note or ""
            said = Said(step="decided", round=number, verdict=decision.verdict, note=note, person=person)
            session.add(step_row(rows, said, self._now()))

    def _judge(self, row: AlertRow, verdict: str | None, note: str | None, person: Person) -> None:
        row.note = row.note if note is None else note
        if verdict is None:
            return
        row.verdict = verdict
        row.handled_by = person[0]
        row.handled_at = self._now()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)

    def _told(self, room: LiveRoom, row: AlertRow, person: Person) -> AlertView:
        self._rows.changed(row)
        self._event_log.note(
            "alert-reviewed", room=room.code, alert=row.id, kind=row.kind, verdict=row.verdict, by=person[1]
        )
        view = alert_view(row, name_in(room, row), person[1])
        self._tell(room, row, view)
        return view
