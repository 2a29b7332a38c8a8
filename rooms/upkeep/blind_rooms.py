"""Running exams from which nobody's pictures come any more, though they did: people are told outside the page."""

from core.delivery.notices import Notice, NoticeKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.notices import post_notice
from rooms.setup.states import ParticipantState, RoomState

BLIND_S = 30.0
"""A reload or a short gap of the network is over by then."""
FEWEST = 2
"""Of one student that is an ordinary alert."""


class BlindRooms:
    """Watcher that tells once of each time that a room is blind."""

    def __init__(self, context: RoomContext) -> None:
        self._context = context
        self._seeing: set[str] = set()
        """The rooms from which pictures came since they were last told of."""

    def look_around(self) -> None:
        """Look at each running exam; about every two seconds."""
        now = self._context.clock.now()
        running = [room for room in self._context.directory.rooms() if room.state == RoomState.RUNNING]
        self._seeing &= {room.id for room in running}
        for room in running:
            last = _last_picture(room)
            if last is None:
                continue
            if now - last < BLIND_S:
                self._seeing.add(room.id)
            elif room.id in self._seeing and post_notice(self._context, _notice(room, now)):
                self._seeing.discard(room.id)


def _last_picture(room: LiveRoom) -> float | None:
    """Return when the last picture of anybody came; None where too few are there to say anything."""
    inside = [one for one in list(room.students.values()) if one.state == ParticipantState.ADMITTED]
    came = [one.uplink.pictured_at for one in inside if one.hand.break_since is None and one.uplink.pictured_at]
    return max(came) if len(came) >= FEWEST else None


def _notice(room: LiveRoom, now: float) -> Notice:
    students = sum(one.state == ParticipantState.ADMITTED for one in list(room.students.values()))
    return Notice(kind=NoticeKind.ROOM_BLIND, at=now, room=room.id, facts={"students": students})
