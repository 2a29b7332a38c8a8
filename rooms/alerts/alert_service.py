"""Alerts on their way from detection to people: a kept picture, a row, a line in the log, an emit to the teachers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from core.types import Alert, Frame, Observation, Severity
from rooms.alerts.alert_rows import AlertRows
from rooms.alerts.event_names import SCORE
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.alerts.incidents import severity_in
from rooms.alerts.live_incidents import Incidents
from rooms.alerts.observers import ObserverList
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.live.views import alert_view, name_in
from rooms.protocol.objects import AlertView
from rooms.protocol.outgoing import Hint
from store.alerts import AlertRow
from store.errors import StoreUnavailable
from store.users import User


class EvidenceKeeper(Protocol):
    """Who has more to keep with an alert than its picture: sound, words."""

    def keep(self, room: LiveRoom, participant: Student, alert: Alert) -> Mapping[str, Any]:
        """Keep it, and return numbers for the alert's row that say what there is."""
        ...


class AlertListener(Protocol):
    """Who wants to hear of every alert that is new, over, or judged by a teacher."""

    def alert_changed(self, room: LiveRoom, row: AlertRow) -> None:
        """Take an alert as it is now."""
        ...


class AlertService:
    """Detection's AlertSink: keeps what was concluded and tells whom it concerns."""

    def __init__(
        self,
        context: RoomContext,
        evidence: EvidenceFolder,
        incidents: Incidents,
        observers: ObserverList,
        hint_for: Callable[[Alert], str],
        listeners: Sequence[AlertListener] = (),
        keepers: Sequence[EvidenceKeeper] = (),
    ) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._evidence = evidence
        self._incidents = incidents
        self._observers = observers
        self._event_log = context.event_log
        self._clock = context.clock
        self._hint_for = hint_for
        self._listeners = list(listeners)
        self._keepers = keepers
        self.rows = AlertRows(context.database, context.event_log)
        self._hinted: set[str] = set()

    def also_tell(self, listener: AlertListener) -> None:
        """Have another part hear of alerts, which itself stands on this one."""
        self._listeners.append(listener)

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        self._observers.observed(frame, observations)

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Take the facts of readings."""
        self._observers.sensed(observations, judged)

    def alert_raised(self, alert: Alert) -> None:
        """Keep a new alert with its picture and tell the teachers, and the student where the room says so."""
        place = self._place(alert)
        if place is None:
            return
        room, participant = place
        row = _row(alert, self._keep_picture(room, participant, alert))
        for keeper in self._keepers:
            row.numbers = {**row.numbers, **keeper.keep(room, participant, alert)}
        moves = self._incidents.place(room, row)
        facts = {"kind": alert.kind, "severity": row.severity, "score": row.numbers.get(SCORE)}
        self._event_log.note("alert-raised", room=room.code, student=participant.name, **facts)
        # People first: a database that takes nothing, or takes its time, is no reason not to tell them.
        self.rows.take(row)
        self.tell(room, row, alert_view(row, participant.name))
        self._tell_moves(room, moves)
        if alert.hint:
            self._hint(participant, alert)
        self.rows.write()

    def alert_ended(self, alert: Alert) -> None:
        """Close an alert's row and say that it is over."""
        row = self.rows.take_end(alert.id, _moment(alert.ended_at or self._clock.now()))
        place = self._place(alert)
        if row is not None and place is not None:
            self._tell_end(alert, row, *place)
        self.rows.write()

    def change(self, alerts: Sequence[str], change: Callable[[AlertRow], Mapping[str, Any]]) -> None:
        """Keep new values of columns of some alerts, which `change` makes of a row, and tell the teachers."""
        for row in self.rows.take_changes(alerts, change):
            room = self._directory.room(row.room_id)
            if room is not None:
                self.tell(room, row, alert_view(row, name_in(room, row), self._handler(row)))
        self.rows.write()

    def _tell_moves(self, room: LiveRoom, moves: Mapping[str, str]) -> None:
        """Tell that earlier alerts turned out to be part of another incident."""
        for row in self.rows.take_changes(moves, lambda row: _moved(row, moves[row.id])):
            self.tell(room, row, alert_view(row, name_in(room, row), self._handler(row)))

    def _tell_end(self, alert: Alert, row: AlertRow, room: LiveRoom, participant: Student) -> None:
        self.tell(room, row, alert_view(row, participant.name, self._handler(row)))
        if alert.id in self._hinted:
            self._hinted.discard(alert.id)
            self._broadcaster.to_participant(
                participant, "hint", {"kind": str(alert.kind), "channel": alert.channel, "over": True}
            )

    def page(self, room: LiveRoom, before_ms: float | None, limit: int) -> list[AlertView]:
        """Return a room's alerts, newest first, as the teacher's page shows them."""
        before = None if before_ms is None else _moment(before_ms / 1000)
        with self._database.read() as session:
            rows = self.rows.page(session, room.id, before, limit)
            people = {who: _name_of(session.get(User, who)) for who in {r.handled_by for r in rows if r.handled_by}}
        return [alert_view(row, name_in(room, row), people.get(row.handled_by or 0)) for row in rows]

    def tell(self, room: LiveRoom, row: AlertRow, view: AlertView) -> None:
        """Tell the teachers of a room, and who listens, an alert as it is now."""
        self._broadcaster.to_teachers(room, "alert", view)
        for listener in self._listeners:
            listener.alert_changed(room, row)

    def _handler(self, row: AlertRow) -> str | None:
        if row.handled_by is None:
            return None
        with suppress(StoreUnavailable), self._database.read() as session:
            return _name_of(session.get(User, row.handled_by))
        return None

    def _place(self, alert: Alert) -> tuple[LiveRoom, Student] | None:
        room = self._directory.room(alert.room)
        participant = room.students.get(alert.participant) if room else None
        return (room, participant) if room and participant else None

    def _keep_picture(self, room: LiveRoom, participant: Student, alert: Alert) -> str | None:
        if alert.evidence is None:
            return None
        try:
            return self._evidence.keep(alert.room, alert.id, alert.evidence)
        except OSError as error:
            # The alert itself matters more than its picture.
            self._event_log.warn("evidence-lost", room=room.code, student=participant.name, kind=alert.kind, why=error)
            return None

    def _hint(self, participant: Student, alert: Alert) -> None:
        text = self._hint_for(alert)
        self._hinted.add(alert.id)
        told: Hint = {
            "kind": str(alert.kind),
            "channel": alert.channel,
            "text": text,
            "numbers": dict(alert.numbers),
            "severity": str(alert.severity),
        }
        self._broadcaster.to_participant(participant, "hint", told)


def _moved(row: AlertRow, incident: str) -> dict[str, str]:
    return {"incident_id": incident, "severity": severity_in(incident, row.severity)}


def _row(alert: Alert, evidence: str | None) -> AlertRow:
    return AlertRow(
        id=alert.id,
        room_id=alert.room,
        participant_id=alert.participant,
        channel=alert.channel,
        kind=str(alert.kind),
        severity=str(alert.severity),
        text=alert.text,
        numbers=_numbers(alert),
        started_at=_moment(alert.started_at),
        raised_at=_moment(alert.raised_at),
        ended_at=None,
        evidence=evidence,
        incident_id=alert.id,
        verdict="new",
        note="",
    )


def alert_of(row: AlertRow) -> Alert:
    """Return the alert that a row was made of, without its picture."""
    return Alert(
        id=row.id,
        room=row.room_id,
        participant=row.participant_id,
        kind=row.kind,
        severity=Severity(row.severity),
        started_at=row.started_at.timestamp(),
        raised_at=row.raised_at.timestamp(),
        text=row.text,
        numbers=row.numbers,
        channel=row.channel,
    )


def _numbers(alert: Alert) -> dict[str, Any]:
    marks = [list(mark) for mark in alert.marks]
    return {**alert.numbers, "marks": marks} if marks else dict(alert.numbers)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _name_of(person: User | None) -> str | None:
    return person.name if person else None
