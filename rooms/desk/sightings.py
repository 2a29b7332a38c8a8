"""Which incidents each teacher has seen, so that nobody judges many at once unseen; in memory, while the room is live.

A page says that it showed an incident once its card was on the screen, in front, for a second, or was opened.
"""

import threading
from collections.abc import Iterable

from core.errors import UserError
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom

MOST_SEEN = 2000
"""Incidents of one teacher in one room; of more the oldest are forgotten, and must be looked at again."""


class Sightings:
    """Keeps until which alert each teacher has seen each incident; may be called from any thread."""

    def __init__(self, context: RoomContext) -> None:
        self._seen: dict[tuple[str, int], dict[str, float]] = {}
        self._lock = threading.Lock()
        context.signals.closed.connect(self._forget)

    def saw(self, room: LiveRoom, person: int, incidents: Iterable[str], until: float) -> None:
        """Know that a teacher saw incidents with all their alerts that were raised until then (ms)."""
        with self._lock:
            seen = self._seen.setdefault((room.id, person), {})
            for incident in incidents:
                newest = max(until, seen.pop(incident, 0.0))
                seen[incident] = newest  # the one that was seen last stands last
            for oldest in list(seen)[: max(0, len(seen) - MOST_SEEN)]:
                del seen[oldest]

    def until(self, room: LiveRoom, person: int, incidents: Iterable[str]) -> dict[str, float]:
        """Return up to when each incident was seen; UserError `unseen` for one that was not, `unlike` for none."""
        with self._lock:
            seen = dict(self._seen.get((room.id, person), {}))
        wanted = list(incidents)
        if not wanted:
            raise UserError("unlike", "Only incidents of the same kind can be judged together.")
        unseen = [one for one in wanted if one not in seen]
        if unseen:
            raise UserError("unseen", "You have not looked at %(count)d of these yet.", count=len(unseen))
        return {one: seen[one] for one in wanted}

    def _forget(self, room: LiveRoom) -> None:
        with self._lock:
            for key in [one for one in self._seen if one[0] == room.id]:
                del self._seen[key]
