"""Keeps what is judged otherwise for a student (rooms/adjustments.py), and keeps the reason to whoever set it."""

from collections.abc import Sequence
from typing import Any

from core.errors import UserError
from rooms.adjustments import EXEMPTIONS
from rooms.attendance import Attendance
from rooms.broadcast import Broadcaster
from rooms.directory import LiveRoom, Seat
from rooms.journal import Journal
from store.rooms import Participant
from store.session import Database


class Exemptions:
    """Keeps what is adjusted for a student, applies it at once, and guards the reason."""

    def __init__(self, database: Database, attendance: Attendance, broadcaster: Broadcaster, journal: Journal) -> None:
        self._database = database
        self._attendance = attendance
        self._broadcaster = broadcaster
        self._journal = journal

    def shown(self, seat: Seat, person: int) -> dict[str, Any]:
        """Return what a teacher may know: that there are some, and which if this teacher set them."""
        is_own = seat.adjusted_by in (None, person)
        return {"adjusted": bool(seat.exemptions), "exemptions": list(seat.exemptions) if is_own else None}

    def adjust(
        self, room: LiveRoom, participant: str, wanted: Sequence[str] | None, person: tuple[int, str]
    ) -> dict[str, Any]:
        """Set a student's exemptions, `wanted` None only asks; UserError `unknown_person`."""
        seat = room.seats.get(participant)
        if seat is None:
            raise UserError("unknown_person", "This person is not in the room.")
        person_id, person_name = person
        if wanted is not None:
            self._keep(seat, tuple(name for name in EXEMPTIONS if name in wanted), person_id)
            # how many and by whom, not which: the log has more readers than the teacher who knows why
            self._journal.note(
                "adjusted", room=room.code, student=seat.name, exemptions=len(seat.exemptions), by=person_name
            )
            self._attendance.tell_adjusted(room, seat)
            self._broadcaster.seat_changed(room, seat)
        return self.shown(seat, person_id)

    def _keep(self, seat: Seat, exemptions: tuple[str, ...], person_id: int) -> None:
        with self._database.session() as session:
            row = session.get(Participant, seat.id)
            if row is None:
                raise UserError("unknown_person", "This person is not in the room.")
            row.exemptions = list(exemptions)
            row.adjusted_by = person_id if exemptions else None
        seat.exemptions, seat.adjusted_by = exemptions, person_id if exemptions else None
