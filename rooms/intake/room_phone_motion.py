"""Whether the phone that films the room is being handled, as a condition on the student's card."""

from collections.abc import Sequence

from core.types import Observation, ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student

HANDLED_FROM = 0.8  # m/s2 (RMS of a second): typing on the same table gives 0.2 at most
CALM_AFTER = 10.0  # seconds


class RoomPhoneMotion:
    """Observer of readings; keeps `handling` of a participant, and has changes told."""

    def __init__(self, context: RoomContext) -> None:
        self._directory = context.directory
        self._changed = context.signals.students.condition_changed

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Take the facts of readings."""
        for seen in observations:
            room = self._directory.room(seen.room)
            participant = room.students.get(seen.participant) if room else None
            if room is not None and participant is not None and seen.kind is ObservationKind.MOVED:
                self._feel(room, participant, float(seen.values["shaken"]), seen.at)

    def _feel(self, room: LiveRoom, participant: Student, shaken: float, at: float) -> None:
        known = participant.handling
        if shaken >= HANDLED_FROM:
            known.at = at
        is_moving = known.at is not None and 0.0 <= at - known.at <= CALM_AFTER
        if known.is_moving != is_moving:
            known.is_moving = is_moving
            self._changed.send(room, participant=participant)
