"""Keeps a student's accommodations (rooms/protocol/accommodation_kinds.py), and the reason to whoever set them."""

from collections.abc import Callable, Sequence
from typing import Any

from core.errors import UserError
from rooms.live.components import Accommodated
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.protocol.accommodation_kinds import EXEMPTIONS
from store.rooms import ParticipantRow


class Accommodations:
    """Keeps what is adjusted for a student, applies it at once, and guards the reason."""

    def __init__(self, context: RoomContext, rules_changed: Callable[[LiveRoom], None]) -> None:
        self._database = context.database
        self._rules_changed = rules_changed
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log

    def shown(self, participant: Student, person: int) -> dict[str, Any]:
        """Return what a teacher may know: that there are some, and which if this teacher set them."""
        is_own = participant.accommodations.by in (None, person)
        return {
            "adjusted": bool(participant.accommodations.kinds),
            "accommodations": list(participant.accommodations.kinds) if is_own else None,
        }

    def adjust(
        self, room: LiveRoom, participant_id: str, wanted: Sequence[str] | None, person: tuple[int, str]
    ) -> dict[str, Any]:
        """Set a student's accommodations, `wanted` None only asks; UserError `unknown_participant`."""
        participant = room.students.get(participant_id)
        if participant is None:
            raise UserError("unknown_participant", "This person is not in the room.")
        user_id, user_name = person
        if wanted is not None:
            self._keep(participant, tuple(name for name in EXEMPTIONS if name in wanted), user_id)
            # how many and by whom, not which: the log has more readers than the teacher who knows why
            self._event_log.note(
                "adjusted",
                room=room.code,
                student=participant.name,
                accommodations=len(participant.accommodations.kinds),
                by=user_name,
            )
            self._rules_changed(room)
            self._broadcaster.participant_changed(room, participant)
        return self.shown(participant, user_id)

    def _keep(self, participant: Student, kinds: tuple[str, ...], user_id: int) -> None:
        by = user_id if kinds else None
        with self._database.session() as session:
            row = session.get(ParticipantRow, participant.id)
            if row is None:
                raise UserError("unknown_participant", "This person is not in the room.")
            row.accommodations = list(kinds)
            row.accommodated_by = by
        participant.accommodations = Accommodated(kinds, by)
