"""Enrolment: who a student is compared with, a photo or three good pictures of the check.

The numbers of a face stay in the analysis process, in this process's memory and, sealed, in the database; no event
carries them.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.errors import UserError
from core.ports import Monitor
from core.types import Frame, Observation, ObservationKind
from rooms.identity.identity_status import DETECTOR, STATES, IdentityStatus, is_enrolled
from rooms.identity.photo_names import present_participants
from rooms.identity.references import ALIKE_UNTIL, NONE, PHOTO, Face, References
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.setup.states import ParticipantState
from store.errors import StoreUnavailable

GOOD_PICTURES = 3
UNLIKE = "unlike the photo"


class Enrolment:
    """Collects face references, has the analysis compare with them, and hands over what comes of it."""

    def __init__(self, context: RoomContext, references: References, monitor: Monitor) -> None:
        self._references = references
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._monitor = monitor
        self._status = IdentityStatus(context, monitor)
        self._collected: dict[str, list[Face]] = {}
        self._reasons: dict[str, str] = {}
        context.signals.students.joined.connect(self._joined)
        context.signals.students.admission_changed.connect(self._admission_changed)
        context.signals.when_absent(self.forget)

    def start(self, participant: Student) -> None:
        """Begin to take pictures of a student in the system check; UserError `bad_move` at any other time."""
        if participant.state != ParticipantState.CHECKING:
            raise UserError("bad_move", "Pictures for the comparison are taken during the system check only.")
        if self.done(participant)[0]:
            return
        self._collected[participant.id] = []
        self._reasons.pop(participant.id, None)
        known = self._references.of(participant)
        self._tell(participant.id, {"references": known.faces if known.source == PHOTO else [], "enrol": True})

    def done(self, participant: Student) -> tuple[bool, str | None]:
        """Return whether the student can be compared, and was found to be like a photo if there is one; else why."""
        if participant.id in self._collected:
            return False, self._reasons.get(participant.id, "no face")
        if participant.identity.reference == PHOTO and participant.identity.state != STATES["yes"]:
            return False, UNLIKE if participant.identity.state == STATES["no"] else "not started"
        return (True, None) if is_enrolled(participant) else (False, "not started")

    def resume(self, participant: Student) -> None:
        """Give detection what a student is compared with: when one comes, comes back, or after a restart."""
        known = self._references.of(participant)
        self._status.compare_with(participant, known.source)
        if known.source != NONE:
            self._tell(participant.id, {"references": known.faces})

    def photo_changed(self, room: LiveRoom, key: str) -> None:
        """Compare those anew for whom a photo was given or taken back."""
        for participant in present_participants(room, key):
            self.forget(participant.id)
            self._status.begin_anew(participant)
            self._tell(participant.id, {})
            self.resume(participant)
            self._broadcaster.participant_changed(room, participant)

    def finish(self, participant: Student) -> None:
        """Take no more pictures of a student whose system check is over: enough or not, now somebody else may come."""
        if participant.id in self._collected and participant.state != ParticipantState.CHECKING:
            self.forget(participant.id)
            self._tell(participant.id, {"references": self._references.of(participant).faces})

    def forget(self, participant: str) -> None:
        """Drop what is collected of a student who left before it was enough, and have the analysis drop its faces.

        Whoever comes back is compared with the same ones as before: `resume` takes them from where they lie sealed.
        """
        self._collected.pop(participant, None)
        self._reasons.pop(participant, None)
        self._monitor.give_context(participant, DETECTOR, {})

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        room = self._directory.room(frame.room)
        participant = room.students.get(frame.participant) if room else None
        if room is None or participant is None or frame.channel != "webcam":
            return
        self._status.note_judged(participant, frame.judged)
        for observation in observations:
            if observation.kind is ObservationKind.IDENTITY:
                self._weigh(room, participant, observation.values)
            elif observation.kind is ObservationKind.FACES:
                self._status.ask_after_absence(participant, int(observation.values["count"]))

    def _weigh(self, room: LiveRoom, participant: Student, values: Mapping[str, Any]) -> None:
        if is_enrolled(participant) and values.get("reason") != "not enrolled":
            self._status.take(room, participant, values)
        if participant.id not in self._collected:
            return
        if participant.state == ParticipantState.CHECKING:
            self._collect(room, participant, values)
        else:
            self.finish(participant)

    def _collect(self, room: LiveRoom, participant: Student, values: Mapping[str, Any]) -> None:
        face, by_photo = values.get("embedding"), participant.identity.reference == PHOTO
        if face is None or (by_photo and values["match"] != "yes"):
            unlike = UNLIKE if values["match"] == "no" else "no face"
            self._reasons[participant.id] = str(values.get("reason") or unlike)
            self._monitor.ask_now(participant.id, DETECTOR)
            return
        alike = [kept for kept in self._collected[participant.id] if math.dist(kept, face) <= ALIKE_UNTIL]
        self._collected[participant.id] = [*alike, list(face)][-GOOD_PICTURES:]
        if len(self._collected[participant.id]) < GOOD_PICTURES:
            self._reasons[participant.id] = "more pictures are needed"
            self._monitor.ask_now(participant.id, DETECTOR)
            return
        self._keep(room, participant, self._collected.pop(participant.id))

    def _keep(self, room: LiveRoom, participant: Student, faces: list[Face]) -> None:
        try:
            self._references.keep_taken(participant, faces, datetime.fromtimestamp(self._clock.now(), UTC))
        except StoreUnavailable:
            # nothing the student could mend: the next picture tries again
            self._collected[participant.id], self._reasons[participant.id] = faces, "more pictures are needed"
            self._monitor.ask_now(participant.id, DETECTOR)
            return
        self.resume(participant)
        self._event_log.note(
            "enrolled", room=room.code, student=participant.name, reference=participant.identity.reference
        )
        self._broadcaster.participant_changed(room, participant)

    def _tell(self, participant: str, context: Mapping[str, Any]) -> None:
        self._monitor.give_context(participant, DETECTOR, context)
        self._monitor.ask_now(participant, DETECTOR)

    def _joined(self, _room: LiveRoom, participant: Student) -> None:
        self.resume(participant)

    def _admission_changed(self, _room: LiveRoom, participant: Student) -> None:
        self.finish(participant)
