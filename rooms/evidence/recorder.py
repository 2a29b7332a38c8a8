"""What begins with an alert: the student is looked at closely, and a capsule of its pictures is waited for."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.rule_catalogue import RuleCatalogue
from core.types import Alert, Severity
from evidence.frame_ring import FrameRing, Window
from evidence.manifest import Circumstances
from rooms.alerts.effective_rules import effective_rules
from rooms.evidence.unseen import UnseenPictures
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Participant, Student
from rooms.live.picture_relay import WEBCAM
from rooms.live.views import CAPSULE
from rooms.setup.states import RoomState
from store.alerts import OF_ROOM, AlertRow
from store.evidence import PENDING

BEFORE_S, AFTER_S = 20.0, 10.0
"""How much of a capsule lies before and after the moment in which its alert was raised."""
MOST_CLOSE_UPS = 10
"""Students of a room whose devices are asked for more pictures at once: a fault that all have must not become worse."""

Models = Mapping[str, str]
"""The SHA-256 of each model file, by its name."""


@dataclass(eq=False, slots=True)
class Pending:
    """A capsule that is waited for; `window` has its pictures once they are all there."""

    alert: Alert
    room: LiveRoom
    student: Student
    circumstances: Circumstances
    incident: str = ""
    window: Window | None = None
    is_listed: bool = False
    """Whether the database knows of it."""
    given_up_at: float = 0.0

    @property
    def begin(self) -> float:
        """When its pictures begin, in server seconds."""
        return self.alert.raised_at - BEFORE_S

    @property
    def end(self) -> float:
        """When its last picture may come."""
        return self.window.end if self.window else self.alert.raised_at + AFTER_S


class Recorder:
    """Hears of alerts, as keeper and as listener of the alert service; may be called from any thread.

    Each alert has a capsule of its own, also where those of one incident overlap: it is shown, exported and erased
    alone. Notices have none, nor has what a whole room had in common: they count against nobody.
    """

    def __init__(
        self, context: RoomContext, ring: FrameRing, unseen: UnseenPictures, catalogue: RuleCatalogue, models: Models
    ) -> None:
        self._clock = context.clock
        self._close_up_changed = context.signals.students.close_up_changed
        self._ring = ring
        self._unseen = unseen
        self._catalogue = catalogue
        self._models = models
        self._lock = threading.Lock()
        self._pending: dict[str, Pending] = {}

    def keep(self, room: LiveRoom, participant: Student, alert: Alert) -> Mapping[str, Any]:
        """Begin a capsule for a new alert; the alert's row says that it is on its way."""
        if alert.severity is Severity.NOTICE or room.state == RoomState.ENDED:
            return {}
        pending = Pending(alert, room, participant, self._circumstances(room, participant, alert))
        with self._lock:
            self._pending[alert.id] = pending
        self._ring.look_closely(room.id, participant.id, pending.end)
        self._close_up(room)
        return {CAPSULE: {"state": PENDING, "why": ""}}

    def alert_changed(self, room: LiveRoom, row: AlertRow) -> None:
        """Learn which incident an alert belongs to, and when it ended."""
        pending = self._pending.get(row.id)
        if pending is not None:
            pending.incident = row.incident_id
            if row.ended_at is not None and pending.alert.ended_at is None:
                pending.alert = replace(pending.alert, ended_at=row.ended_at.timestamp())

    def waiting(self, room: str | None = None) -> list[Pending]:
        """List the capsules that are waited for, of one room or of all: of critical alerts first, then the oldest."""
        with self._lock:
            waiting = [one for one in self._pending.values() if room in (None, one.room.id)]
        return sorted(waiting, key=lambda one: one.alert.severity != Severity.CRITICAL)

    def cut(self, is_due: Callable[[Pending], bool]) -> None:
        """Take the pictures of those that are due out of the ring: from now on they cannot be lost."""
        now = self._clock.now()
        for one in self.waiting():
            if one.window is None and is_due(one):
                window = self._ring.window(one.room.id, one.student.id, one.begin, min(one.end, now))
                unseen = self._unseen.between(one.student.id, one.begin, one.end)
                offsets = _clock_offsets(one.room, one.student)
                one.circumstances = replace(one.circumstances, clock_offsets=offsets, unseen=unseen)
                one.window, one.given_up_at = window, now + 60.0
                self._close_up(one.room)

    def is_waiting(self, pending: Pending) -> bool:
        """Say whether a capsule is still waited for."""
        return pending.alert.id in self._pending

    def done(self, pending: Pending) -> None:
        """Wait no longer for a capsule, whatever has become of it."""
        with self._lock:
            self._pending.pop(pending.alert.id, None)

    def give_up(self, alert: str) -> None:
        """Wait no longer for the capsule of an alert that is taken back."""
        with self._lock:
            given_up = self._pending.pop(alert, None)
        if given_up is not None:
            self._close_up(given_up.room)

    def newest_picture(self, room: str, participant: str) -> bytes | None:
        """Return the newest picture that a student's webcam sent; None where there is none of late."""
        window = self._ring.window(room, participant, 0.0, self._clock.now())
        pictures = [frame.jpeg for frame in window.frames if frame.channel == WEBCAM]
        return pictures[-1] if pictures else None

    def forget(self, room: str, participant: str | None = None) -> None:
        """Forget the pictures of a student, or of a whole room."""
        self._ring.forget(room, participant)

    def sweep(self) -> None:
        """Forget pictures that are too old."""
        self._ring.sweep()

    def _circumstances(self, room: LiveRoom, participant: Student, alert: Alert) -> Circumstances:
        # as they are for whoever has no accommodations: an alert that those soften is a notice and has no capsule, and
        # nobody else may learn of them
        rule = effective_rules(room, None, self._catalogue).get(str(alert.kind))
        if rule is None:  # a person raised it
            return Circumstances(settings=None, models=self._models)
        sources = {name: str(source) for name, source in rule.sources.items()}
        return Circumstances(settings=rule.settings, sources=sources, models=self._models)

    def _close_up(self, room: LiveRoom) -> None:
        """Ask those students for more pictures whose capsules are being filled, the first of them."""
        filling = [one.student for one in self.waiting(room.id) if one.window is None]
        wanted = list({student.id: student for student in filling}.values())[:MOST_CLOSE_UPS]
        for student in list(room.students.values()):
            if student.close_up != (is_wanted := student in wanted):
                student.close_up = is_wanted
                self._close_up_changed.send(room, participant=student)


def is_of_room(pending: Pending) -> bool:
    """Say whether the alert turned out to be what a whole room had in common."""
    return pending.incident.startswith(OF_ROOM)


def _clock_offsets(room: LiveRoom, student: Student) -> dict[str, int]:
    devices: list[Participant] = [student, *room.phones_of(student).values()]
    known = ((device.channel, device.uplink.clock.ahead_ms) for device in devices)
    return {channel: ahead for channel, ahead in known if ahead is not None}
