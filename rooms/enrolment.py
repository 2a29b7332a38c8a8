"""Enrolment: who a student is compared with, a photo or three good pictures of the check, and what came of it.

The numbers of a face stay in the analysis process, in this process's memory and, sealed, in the database; no event
carries them.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.clock import Clock
from core.errors import UserError
from core.ports import Monitor
from core.types import Frame, Observation, ObservationKind
from rooms.broadcast import Broadcaster
from rooms.directory import LiveRoom, RoomDirectory, Seat
from rooms.journal import Journal
from rooms.photo_names import present_seats
from rooms.references import ALIKE_UNTIL, NONE, PHOTO, Face, References
from rooms.states import ParticipantState
from rooms.views import identity_view
from store.errors import StoreUnavailable

DETECTOR = "identity"
GOOD_PICTURES = 3
DOUBTS = 6  # comparisons in a row: three of four must fail for an alert, and some are unsure
STATES: Mapping[str, str] = {"yes": "authorized", "no": "mismatch", "unsure": "unsure"}
UNLIKE = "unlike the photo"


class Enrolment:
    """Collects face references, and says whether the student in the picture is the one they are of."""

    def __init__(
        self,
        references: References,
        directory: RoomDirectory,
        broadcaster: Broadcaster,
        journal: Journal,
        clock: Clock,
    ) -> None:
        self._references = references
        self._directory = directory
        self._broadcaster = broadcaster
        self._journal = journal
        self._clock = clock
        self._monitor: Monitor | None = None
        self._collected: dict[str, list[Face]] = {}
        self._reasons: dict[str, str] = {}

    def connect(self, monitor: Monitor) -> None:
        """Know whom to ask; the monitor is built with what hears from it, so it comes last."""
        self._monitor = monitor

    def start(self, seat: Seat) -> None:
        """Begin to take pictures of a student in the system check; UserError `bad_move` at any other time."""
        if seat.state != ParticipantState.CHECKING:
            raise UserError("bad_move", "Pictures for the comparison are taken during the system check only.")
        if self.done(seat)[0]:
            return
        self._collected[seat.id] = []
        self._reasons.pop(seat.id, None)
        known = self._references.of(seat)
        self._tell(seat.id, {"references": known.faces if known.source == PHOTO else [], "enrol": True})

    def done(self, seat: Seat) -> tuple[bool, str | None]:
        """Return whether the student can be compared, and was found to be like a photo if there is one; else why."""
        if seat.id in self._collected:
            return False, self._reasons.get(seat.id, "no face")
        if seat.reference == PHOTO and seat.identity != STATES["yes"]:
            return False, UNLIKE if seat.identity == STATES["no"] else "not started"
        return (True, None) if self.is_enrolled(seat) else (False, "not started")

    def is_enrolled(self, seat: Seat) -> bool:
        """Say whether this student can be compared with somebody."""
        return seat.identity not in ("unknown", "")

    def resume(self, seat: Seat) -> None:
        """Give detection what a student is compared with: when one comes, comes back, or after a restart."""
        known = self._references.of(seat)
        seat.reference = known.source
        if known.source == NONE:
            return
        seat.identity = seat.identity if self.is_enrolled(seat) else "enrolled"
        self._tell(seat.id, {"references": known.faces})

    def photo_changed(self, room: LiveRoom, key: str) -> None:
        """Compare those anew for whom a photo was given or taken back."""
        for seat in present_seats(room, key):
            self.forget(seat.id)
            seat.identity, seat.identity_reason, seat.doubts = "unknown", None, 0
            self._tell(seat.id, {})
            self.resume(seat)
            self._broadcaster.seat_changed(room, seat)

    def finish(self, seat: Seat) -> None:
        """Take no more pictures of a student whose system check is over: enough or not, now somebody else may come."""
        if seat.id in self._collected and seat.state != ParticipantState.CHECKING:
            self.forget(seat.id)
            self._tell(seat.id, {"references": self._references.of(seat).faces})

    def forget(self, participant: str) -> None:
        """Drop what is collected of a student who left before it was enough, and have the analysis drop its faces.

        Whoever comes back is compared with the same ones as before: `resume` takes them from where they lie sealed.
        """
        self._collected.pop(participant, None)
        self._reasons.pop(participant, None)
        if self._monitor is not None:
            self._monitor.give_context(participant, DETECTOR, {})

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        room = self._directory.room(frame.room)
        seat = room.seats.get(frame.participant) if room else None
        if room is None or seat is None or frame.channel != "webcam":
            return
        self._note_judged(seat, frame.judged)
        for observation in observations:
            if observation.kind is ObservationKind.IDENTITY:
                self._weigh(room, seat, observation.values)
            elif observation.kind is ObservationKind.FACES:
                self._ask_after_absence(seat, int(observation.values["count"]))

    def _weigh(self, room: LiveRoom, seat: Seat, values: Mapping[str, Any]) -> None:
        if self.is_enrolled(seat) and values.get("reason") != "not enrolled":
            self._compare(room, seat, values)
        if seat.id not in self._collected:
            return
        if seat.state == ParticipantState.CHECKING:
            self._collect(room, seat, values)
        else:
            self.finish(seat)

    def _collect(self, room: LiveRoom, seat: Seat, values: Mapping[str, Any]) -> None:
        face, by_photo = values.get("embedding"), seat.reference == PHOTO
        if face is None or (by_photo and values["match"] != "yes"):
            unlike = UNLIKE if values["match"] == "no" else "no face"
            self._reasons[seat.id] = str(values.get("reason") or unlike)
            self._ask(seat.id)
            return
        alike = [kept for kept in self._collected[seat.id] if math.dist(kept, face) <= ALIKE_UNTIL]
        self._collected[seat.id] = [*alike, list(face)][-GOOD_PICTURES:]
        if len(self._collected[seat.id]) < GOOD_PICTURES:
            self._reasons[seat.id] = "more pictures are needed"
            self._ask(seat.id)
            return
        self._keep(room, seat, self._collected.pop(seat.id))

    def _keep(self, room: LiveRoom, seat: Seat, faces: list[Face]) -> None:
        try:
            self._references.keep_taken(seat, faces, datetime.fromtimestamp(self._clock.now(), UTC))
        except StoreUnavailable:
            # nothing the student could mend: the next picture tries again
            self._collected[seat.id], self._reasons[seat.id] = faces, "more pictures are needed"
            self._ask(seat.id)
            return
        self.resume(seat)
        self._journal.note("enrolled", room=room.code, student=seat.name, reference=seat.reference)
        self._broadcaster.seat_changed(room, seat)

    def _compare(self, room: LiveRoom, seat: Seat, values: Mapping[str, Any]) -> None:
        state = STATES[str(values["match"])]
        self._ask_in_doubt(seat, state)
        seat.identity_reason = values.get("reason") if state == "unsure" else None
        if state == seat.identity:
            return
        seat.identity = state
        facts = {"reason": seat.identity_reason, "reference": seat.reference}
        self._journal.note(f"identity-{state}", room=room.code, student=seat.name, **facts)
        self._broadcaster.seat_changed(room, seat)
        self._broadcaster.to_teachers(room, "identity", identity_view(seat, values.get("distance"), self._clock.now()))

    def _note_judged(self, seat: Seat, judged: bool) -> None:
        # What failed in the check counted for nothing: once the exam runs it is looked at again at once.
        if judged and not seat.was_judged:
            seat.doubts = 0
            if seat.identity == STATES["no"]:
                self._ask(seat.id)
        seat.was_judged = judged

    def _ask_after_absence(self, seat: Seat, faces: int) -> None:
        # Whoever sits down after the chair was empty is compared at once: that is when people change places.
        came_back = seat.was_absent and faces == 1
        seat.was_absent = faces == 0 or (seat.was_absent and faces != 1)
        if came_back and self.is_enrolled(seat):
            self._ask(seat.id)

    def _ask_in_doubt(self, seat: Seat, state: str) -> None:
        # One failed comparison says little: the next are made at once, until there are enough to say something.
        if state == "authorized":
            seat.doubts = 0
        elif state == "mismatch" or seat.doubts:
            seat.doubts += 1
        if 0 < seat.doubts < DOUBTS:
            self._ask(seat.id)

    def _tell(self, participant: str, context: Mapping[str, Any]) -> None:
        if self._monitor is not None:
            self._monitor.give_context(participant, DETECTOR, context)
            self._monitor.ask_now(participant, DETECTOR)

    def _ask(self, participant: str) -> None:
        if self._monitor is not None:
            self._monitor.ask_now(participant, DETECTOR)
