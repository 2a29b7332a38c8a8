"""Who looks after which incident, so that two teachers do not answer the same one.

A claim has a name and holds nobody off: another teacher may take the incident over. It ends when it is given back, when
its teacher did nothing with the incident for IDLE_S, and with the room. Nothing of it is kept.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.errors import UserError
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.protocol.events import TEACHER
from rooms.protocol.objects import ClaimView
from rooms.protocol.outgoing import Claims as ClaimsEvent

IDLE_S = 90.0
"""Long enough to look at an incident and write to the student; a teacher who left for the corridor must not hold it."""
MOST_CLAIMS = 200
"""Of one room: one for each student is more than teachers can look after."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One teacher's claim on one incident; `until` in seconds since the epoch."""

    incident: str
    person: int
    name: str
    until: float


class Claims:
    """Keeps the claims of live rooms and tells their teachers; may be called from any thread."""

    def __init__(self, context: RoomContext) -> None:
        self._broadcaster = context.broadcaster
        self._directory = context.directory
        self._event_log = context.event_log
        self._clock = context.clock
        self._rooms: dict[str, dict[str, Claim]] = {}
        self._lock = threading.Lock()
        context.signals.closed.connect(self._closed)
        context.signals.teacher_joined.connect(self._welcome)

    def claim(self, room: LiveRoom, link: TeacherLink, incident: str, take_over: bool) -> ClaimsEvent:
        """Have a teacher look after an incident, and return all claims of the room.

        Raises:
            UserError: `claimed` by somebody else, where it is not to be taken over; `too_many_claims`.
        """
        with self._lock:
            known = self._current(room)
            other = known.get(incident)
            if other is not None and other.person != link.person and not take_over:
                raise UserError("claimed", "%(name)s looks after this incident.", name=other.name)
            if incident not in known and len(known) >= MOST_CLAIMS:
                raise UserError("too_many_claims", "Too many incidents of this room are being looked after.")
            known[incident] = Claim(incident, link.person, link.name, self._clock.now() + IDLE_S)
        self._event_log.note("incident-claimed", room=room.code, incident=incident, by=link.name)
        return self._tell(room)

    def release(self, room: LiveRoom, link: TeacherLink, incident: str) -> ClaimsEvent:
        """Give an incident back; of somebody else's nothing happens. Return all claims of the room."""
        return self._change_own(room, link, incident, lambda known, _own: known.pop(incident))

    def renew(self, room: LiveRoom, link: TeacherLink, incident: str) -> None:
        """Know that a teacher does something with an incident: a claim of theirs goes on."""
        until = self._clock.now() + IDLE_S
        self._change_own(
            room, link, incident, lambda known, own: known.__setitem__(incident, replace(own, until=until))
        )

    def look_around(self) -> None:
        """End the claims with which nothing happened; called about every two seconds."""
        for room in self._directory.rooms():
            with self._lock:
                before = len(self._rooms.get(room.id, ()))
                is_same = before == len(self._current(room))
            if not is_same:
                self._tell(room)

    def view(self, room: LiveRoom) -> ClaimsEvent:
        """Return the `claims` event of a room."""
        with self._lock:
            return {"claims": [_view(one) for one in self._current(room).values()]}

    def _change_own(
        self, room: LiveRoom, link: TeacherLink, incident: str, change: Callable[[dict[str, Claim], Claim], object]
    ) -> ClaimsEvent:
        with self._lock:
            known = self._current(room)
            own = known.get(incident)
            is_own = own is not None and own.person == link.person
            if own is not None and is_own:
                change(known, own)
        return self._tell(room) if is_own else self.view(room)

    def _current(self, room: LiveRoom) -> dict[str, Claim]:
        """Return the claims that go on; the caller holds the lock."""
        now = self._clock.now()
        known = {key: one for key, one in self._rooms.get(room.id, {}).items() if one.until > now}
        self._rooms[room.id] = known
        return known

    def _tell(self, room: LiveRoom) -> ClaimsEvent:
        told = self.view(room)
        self._broadcaster.to_teachers(room, "claims", told)
        return told

    def _welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        self._broadcaster.to_sid(TEACHER, link.sid, "claims", self.view(room))

    def _closed(self, room: LiveRoom) -> None:
        with self._lock:
            self._rooms.pop(room.id, None)


def _view(claim: Claim) -> ClaimView:
    return {
        "incident": claim.incident,
        "person": claim.person,
        "name": claim.name,
        "until": int(claim.until * 1000),
    }
