"""Whom a photo is for: names that differ only in case, accents, order or signs between the words are one name."""

from core.names import name_key
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.setup.states import GONE


def participant_key(participant_id: str) -> str:
    """Return what a photo for one participant alone is kept under; no name has such a key."""
    return f"#{participant_id}"


def keys_of(participant: Student) -> tuple[str, str]:
    """Return the keys of photos that are for this student, the surer one first."""
    return participant_key(participant.id), name_key(participant.name)


def present_participants(room: LiveRoom, key: str) -> list[Student]:
    """List the students of the room, not those who left it, whom a photo under this key is for."""
    return [
        participant
        for participant in list(room.students.values())
        if key in keys_of(participant) and participant.state not in GONE
    ]
