"""What the server sees in the newest pictures: for the teacher's tiles and the student's system check."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.types import Frame, Observation, ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.protocol.outgoing import Look
from rooms.setup.states import ParticipantState

CHECK_INTERVAL_S = 0.5
"""During the system check a student hears back at most this often."""


class PictureStatus:
    """Turns the facts of analysed frames into tile states, and sends only what changed."""

    def __init__(self, context: RoomContext) -> None:
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._clock = context.clock
        context.signals.students.camera_changed.connect(self._camera_changed)

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        room = self._directory.room(frame.room)
        participant = room.students.get(frame.participant) if room else None
        if room is None or participant is None or frame.channel != "webcam":
            return
        facts = {observation.kind: observation.values for observation in observations}
        seen = participant.picture
        seen.luminance = facts.get(ObservationKind.PICTURE, {}).get("luminance")
        state, faces = _state(facts, participant), _faces(facts)
        changed, regrouped = state != seen.state, _group(faces) != _group(seen.faces)
        seen.state, seen.faces = state, faces
        if changed or regrouped:
            self._broadcaster.participant_changed(room, participant)
        self._tell_student(room, participant, facts, changed)

    def _camera_changed(self, _room: LiveRoom, participant: Student) -> None:
        """Forget what a camera showed that shows nothing now."""
        if participant.browser.camera != "on":
            participant.picture.state, participant.picture.faces = "unknown", None

    def _tell_student(
        self,
        room: LiveRoom,
        participant: Student,
        facts: Mapping[ObservationKind, Mapping[str, Any]],
        changed: bool,
    ) -> None:
        now, seen = self._clock.now(), participant.picture
        checking = participant.state == ParticipantState.CHECKING and now - seen.told_at >= CHECK_INTERVAL_S
        if not (changed or checking):
            return
        seen.told_at = now
        measured = facts.get(ObservationKind.PICTURE, {})
        told: Look = {
            "picture": seen.state,
            "luminance": measured.get("luminance"),
            "blur": measured.get("blur"),
            "faces": seen.faces,
            "at": int(now * 1000),
        }
        self._broadcaster.to_participant(participant, "look", told)


def _state(facts: Mapping[ObservationKind, Mapping[str, Any]], participant: Student) -> str:
    measured = facts.get(ObservationKind.PICTURE)
    return participant.picture.state if measured is None else str(measured["state"])


def _faces(facts: Mapping[ObservationKind, Mapping[str, Any]]) -> int | None:
    seen = facts.get(ObservationKind.FACES)
    return None if seen is None else int(seen["count"])


def _group(faces: int | None) -> int | None:
    # A tile shows none, one or several; which number of several is not worth an event.
    return None if faces is None else min(faces, 2)
