"""What the server sees in the newest pictures: for the teacher's tiles and the student's system check."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.clock import Clock
from core.types import Frame, Observation, ObservationKind
from rooms.broadcast import Broadcaster
from rooms.directory import LiveRoom, RoomDirectory, Seat
from rooms.states import ParticipantState

CHECK_INTERVAL_S = 0.5
"""During the system check a student hears back at most this often."""


class Looks:
    """Turns the facts of analysed frames into tile states, and sends only what changed."""

    def __init__(self, directory: RoomDirectory, broadcaster: Broadcaster, clock: Clock) -> None:
        self._directory = directory
        self._broadcaster = broadcaster
        self._clock = clock

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        room = self._directory.room(frame.room)
        seat = room.seats.get(frame.participant) if room else None
        if room is None or seat is None or frame.channel != "webcam":
            return
        facts = {observation.kind: observation.values for observation in observations}
        seat.conditions["luminance"] = facts.get(ObservationKind.PICTURE, {}).get("luminance")
        picture, faces = _picture(facts, seat), _faces(facts)
        changed = picture != seat.picture
        regrouped = _group(faces) != _group(seat.faces)
        seat.picture, seat.faces = picture, faces
        if changed or regrouped:
            self._broadcaster.seat_changed(room, seat)
        self._tell_student(room, seat, facts, changed)

    def _tell_student(
        self, room: LiveRoom, seat: Seat, facts: Mapping[ObservationKind, Mapping[str, Any]], changed: bool
    ) -> None:
        now = self._clock.now()
        checking = seat.state == ParticipantState.CHECKING and now - seat.looked_at >= CHECK_INTERVAL_S
        if not (changed or checking):
            return
        seat.looked_at = now
        measured = facts.get(ObservationKind.PICTURE, {})
        told = {
            "picture": seat.picture,
            "luminance": measured.get("luminance"),
            "blur": measured.get("blur"),
            "faces": seat.faces,
            "at": int(now * 1000),
        }
        self._broadcaster.to_seat(seat, "look", told)


def _picture(facts: Mapping[ObservationKind, Mapping[str, Any]], seat: Seat) -> str:
    measured = facts.get(ObservationKind.PICTURE)
    return seat.picture if measured is None else str(measured["state"])


def _faces(facts: Mapping[ObservationKind, Mapping[str, Any]]) -> int | None:
    seen = facts.get(ObservationKind.FACES)
    return None if seen is None else int(seen["count"])


def _group(faces: int | None) -> int | None:
    # A tile shows none, one or several; which number of several is not worth an event.
    return None if faces is None else min(faces, 2)
