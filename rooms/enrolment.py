"""Enrolment: three good pictures of the student at the system check, then a comparison now and then.

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
from rooms.states import ParticipantState
from rooms.vault import Vault
from store.faces import FaceReference
from store.session import Database

DETECTOR = "identity"
GOOD_PICTURES = 3
ALIKE_UNTIL = 0.5  # distance of the three pictures to each other: a stricter limit than for a match later
DOUBTS = 6  # comparisons in a row: three of four must fail for an alert, and some are unsure
STATES: Mapping[str, str] = {"yes": "authorized", "no": "mismatch", "unsure": "unsure"}

Face = list[float]


class Enrolment:
    """Collects and keeps face references, and says whether the student in the picture is the one enrolled."""

    def __init__(
        self,
        database: Database,
        directory: RoomDirectory,
        broadcaster: Broadcaster,
        vault: Vault,
        journal: Journal,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._broadcaster = broadcaster
        self._vault = vault
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
        self._collected[seat.id] = []
        self._reasons.pop(seat.id, None)
        self._tell(seat.id, {"references": [], "enrol": True})

    def done(self, seat: Seat) -> tuple[bool, str | None]:
        """Return whether three good pictures were taken, and if not, why."""
        if self.is_enrolled(seat):
            return True, None
        if seat.id in self._collected:
            return False, self._reasons.get(seat.id, "no face")
        return False, "not started"

    def is_enrolled(self, seat: Seat) -> bool:
        """Say whether this student can be compared with somebody."""
        return seat.identity not in ("unknown", "")

    def resume(self, seat: Seat) -> None:
        """Give detection the references of a student who came back, or after a restart."""
        with self._database.read() as session:
            row = session.get(FaceReference, seat.id)
            sealed = row.sealed if row else None
        faces = self._vault.open(sealed) if sealed else []
        if faces:
            seat.identity = seat.identity if self.is_enrolled(seat) else "enrolled"
            self._tell(seat.id, {"references": faces})

    def forget(self, participant: str) -> None:
        """Drop what is collected of a student who left before it was enough."""
        self._collected.pop(participant, None)
        self._reasons.pop(participant, None)

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame."""
        room = self._directory.room(frame.room)
        seat = room.seats.get(frame.participant) if room else None
        if room is None or seat is None:
            return
        for observation in observations:
            if observation.kind is ObservationKind.IDENTITY:
                self._weigh(room, seat, observation.values)
            elif observation.kind is ObservationKind.FACES:
                self._ask_after_absence(seat, int(observation.values["count"]))

    def _weigh(self, room: LiveRoom, seat: Seat, values: Mapping[str, Any]) -> None:
        if seat.id in self._collected and not self.is_enrolled(seat):
            self._collect(room, seat, values)
        elif self.is_enrolled(seat) and values.get("reason") != "not enrolled":
            self._compare(room, seat, STATES[str(values["match"])])

    def _collect(self, room: LiveRoom, seat: Seat, values: Mapping[str, Any]) -> None:
        face = values.get("embedding")
        if face is None:
            self._reasons[seat.id] = str(values.get("reason") or "no face")
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
        taken_at = datetime.fromtimestamp(self._clock.now(), UTC)
        with self._database.session() as session:
            session.merge(FaceReference(participant_id=seat.id, sealed=self._vault.seal(faces), taken_at=taken_at))
        seat.identity = "enrolled"
        self._tell(seat.id, {"references": faces})
        self._journal.note("enrolled", room=room.code, student=seat.name)
        self._broadcaster.seat_changed(room, seat)

    def _compare(self, room: LiveRoom, seat: Seat, state: str) -> None:
        self._ask_in_doubt(seat, state)
        if state == seat.identity:
            return
        seat.identity = state
        self._journal.note(f"identity-{state}", room=room.code, student=seat.name)
        self._broadcaster.seat_changed(room, seat)

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
