"""A teacher flags a student by hand: an alert that no rule raised, with the last seconds kept as with every other."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from core.flag import FLAGGED, TEXT
from core.types import Alert, Severity
from rooms.alerts.alert_service import AlertService
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from store.alerts import AlertRow
from store.desk import ActionRow
from store.evidence import CapsuleRow

Picture = Callable[[str, str], bytes | None]
"""Returns the newest webcam picture that is kept of a student of a room."""


class Flags:
    """Raises such an alert, and takes one back that was a slip of the hand."""

    def __init__(
        self,
        context: RoomContext,
        alert_service: AlertService,
        files: EvidenceFolder,
        picture: Picture,
        forget_capsule: Callable[[str], None],
    ) -> None:
        self._database = context.database
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._alert_service = alert_service
        self._files = files
        self._picture = picture
        self._forget_capsule = forget_capsule

    def raise_(self, room: LiveRoom, student: Student, action: ActionRow) -> None:
        """Raise the alert of an action; it has the action's id, and the teacher's words as its note."""
        at = action.at.timestamp()
        alert = Alert(
            id=action.id,
            room=room.id,
            participant=student.id,
            kind=FLAGGED,
            severity=Severity.WARNING,
            started_at=at,
            raised_at=at,
            text=TEXT,
            numbers={"by": action.person_name},
            evidence=self._picture(room.id, student.id),
            hint=False,
        )
        self._alert_service.alert_raised(alert)
        self._alert_service.alert_ended(replace(alert, ended_at=at))
        if action.note:
            self._alert_service.change([alert.id], lambda _row: {"note": action.note})

    def take_back(self, room: LiveRoom, alert: str) -> None:
        """Delete the alert with all that was kept with it; StoreUnavailable."""
        self._alert_service.rows.settle(alert)
        self._forget_capsule(alert)
        with self._database.session() as session:
            for row in (session.get(AlertRow, alert), session.get(CapsuleRow, alert)):
                if row is not None:
                    session.delete(row)
        with suppress(OSError):  # what stays is swept with its room
            self._files.drop(room.id, alert)
        self._broadcaster.to_teachers(room, "withdrawn", {"alert": alert})
