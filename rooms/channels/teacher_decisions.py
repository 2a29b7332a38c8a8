"""What a teacher decides about one student: entry, removal, accommodations, listening."""

from collections.abc import Sequence
from typing import Any

from rooms.intake.live_listening import Listening
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.participants.accommodations import Accommodations
from rooms.participants.admission import Admission


class TeacherDecisions:
    """Hands each decision to the part that carries it out; for the teachers' channel."""

    def __init__(self, admission: Admission, accommodations: Accommodations, listening: Listening) -> None:
        self._admission = admission
        self._accommodations = accommodations
        self._listening = listening

    def admit(self, room: LiveRoom, link: TeacherLink, participant: str, admit: bool) -> None:
        """Let a waiting student in, or refuse; UserError `unknown_participant` or `bad_move`."""
        self._admission.admit(room, participant, admit, link.name)

    def remove(self, room: LiveRoom, link: TeacherLink, participant: str) -> str | None:
        """Send a student out and return the connection that is to be closed, if there is one."""
        self._admission.remove(room, participant, link.name)
        return room.students[participant].sid

    def accommodate(
        self, room: LiveRoom, link: TeacherLink, participant: str, wanted: Sequence[str] | None
    ) -> dict[str, Any]:
        """Set what is judged otherwise for a student, `wanted` None only asks; UserError `unknown_participant`."""
        return self._accommodations.adjust(room, participant, wanted, (link.person, link.name))

    def listen(self, room: LiveRoom, link: TeacherLink, participant: str, channel: str, on: bool) -> None:
        """Begin or stop to hear a microphone live; raises as `Listening.listen` does."""
        self._listening.listen(room, link, participant, channel, on)
