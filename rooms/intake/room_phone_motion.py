"""Whether the phone that films the room is being handled, as a condition on the student's card."""

from collections.abc import Sequence

from core.types import Observation, ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, Participant

HANDLED_FROM = 0.8  # m/s2 (RMS of a second): typing on the same table gives 0.2 at most
CALM_AFTER = 10.0  # seconds


class RoomPhoneMotion:
    """Observer of readings; keeps `room_motion` of a participant's conditions, and has changes told."""

    def __init__(self, context: RoomContext) -> None:
        self._directory = context.directory
        self._changed = context.signals.condition_changed

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Take the facts of readings."""
        for seen in observations:
            room = self._directory.room(seen.room)
            participant = room.participants.get(seen.participant) if room else None
            if room is not None and participant is not None and seen.kind is ObservationKind.MOVED:
                self._feel(room, participant, float(seen.values["shaken"]), seen.at)

    def _feel(self, room: LiveRoom, participant: Participant, shaken: float, at: float) -> None:
        known = participant.conditions
        if shaken >= HANDLED_FROM:
            known["room_handled_at"] = at
        handled_at = known.get("room_handled_at")
        is_moving = handled_at is not None and 0.0 <= at - handled_at <= CALM_AFTER
        if known.get("room_motion") != is_moving:
            known["room_motion"] = is_moving
            self._changed.send(room, participant=participant)
