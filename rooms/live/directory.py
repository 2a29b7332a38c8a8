"""Who is live: rooms, participants, teachers as the running server knows them; the database keeps what must survive."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rooms.live.participant import Participant, Phone, Student
from rooms.protocol.limits import Budget
from rooms.setup.room_settings import RoomSettings

MOST_LARGE_TILES = 25
"""A page that shows more students is sent thumbnails of them."""


@dataclass(eq=False, slots=True)
class TeacherLink:
    """One open page of one teacher."""

    sid: str
    person: int
    name: str
    room: str
    budget: Budget
    watched: frozenset[str] = frozenset()
    focus: str | None = None
    close: frozenset[str] = frozenset()
    """Of those who are on the screen the few that are shown larger."""

    def shows_small(self, participant: str) -> bool:
        """Say whether a participant has a small tile here: many are shown, and nobody looks closely at this one."""
        is_crowd = len(self.watched) > MOST_LARGE_TILES and participant in self.watched
        return is_crowd and participant not in self.close and participant != self.focus

    @property
    def small(self) -> frozenset[str]:
        """Those who have a small tile here."""
        return frozenset(filter(self.shows_small, self.watched))


@dataclass(eq=False, slots=True)
class LiveRoom:
    """A room that has not ended."""

    id: str
    code: str
    title: str
    state: str
    settings: RoomSettings
    started_at: datetime | None = None
    ended_at: datetime | None = None
    students: dict[str, Student] = field(default_factory=dict)
    """By their id."""
    phones: dict[str, dict[str, Phone]] = field(default_factory=dict)
    """Those that are paired, by the id of their owner and by role."""
    teachers: dict[str, TeacherLink] = field(default_factory=dict)
    exam: dict[str, Any] | None = None
    muted: dict[str, Any] = field(default_factory=dict)

    def phones_of(self, student: Student) -> dict[str, Phone]:
        """Return a student's phones by role."""
        return dict(self.phones.get(student.id, {}))

    def phone_of(self, student: Student, role: str) -> Phone | None:
        """Find the phone that a student has for a role."""
        return self.phones.get(student.id, {}).get(role)

    def phone(self, phone_id: str) -> Phone | None:
        """Find a phone by its id."""
        held = (phone for phones in list(self.phones.values()) for phone in list(phones.values()))
        return next((phone for phone in held if phone.id == phone_id), None)

    def take_out(self, participant: Participant) -> list[Participant]:
        """Forget a participant and, of a student, the phones; return whom that was."""
        if isinstance(participant, Phone):
            held = self.phones.get(participant.owner.id, {})
            if held.get(participant.role) is participant:
                del held[participant.role]
            return [participant]
        self.students.pop(participant.id, None)
        return [participant, *self.phones.pop(participant.id, {}).values()]

    def watchers_of(self, participant_id: str) -> list[TeacherLink]:
        """List the teachers' pages that show this student now."""
        return [
            link
            for link in list(self.teachers.values())
            if participant_id in link.watched or link.focus == participant_id
        ]


class RoomDirectory:
    """Owns every LiveRoom; structure changes under one lock, reads take copies."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._rooms: dict[str, LiveRoom] = {}
        self._participants: dict[str, Participant] = {}
        self._teachers: dict[str, TeacherLink] = {}

    def add_room(self, room: LiveRoom) -> LiveRoom:
        """Take a room in, or give back the one that is there already."""
        with self._lock:
            return self._rooms.setdefault(room.id, room)

    def drop_room(self, room_id: str) -> LiveRoom | None:
        """Forget an ended room and who was in it."""
        with self._lock:
            room = self._rooms.pop(room_id, None)
            for sid in [s for s, participant in self._participants.items() if participant.room == room_id]:
                del self._participants[sid]
            for sid in [s for s, link in self._teachers.items() if link.room == room_id]:
                del self._teachers[sid]
            return room

    def room(self, room_id: str) -> LiveRoom | None:
        """Find a live room."""
        return self._rooms.get(room_id)

    def rooms(self) -> list[LiveRoom]:
        """List the live rooms."""
        with self._lock:
            return list(self._rooms.values())

    def add_student(self, student: Student) -> Student:
        """Take a student in, or give back the one that is there already."""
        with self._lock:
            return self._rooms[student.room].students.setdefault(student.id, student)

    def add_phone(self, phone: Phone) -> Phone:
        """Take a phone in, in the place of an earlier one of its role; KeyError for an owner that is not live."""
        with self._lock:
            room = self._rooms[phone.room]
            owner = room.students[phone.owner.id]
            room.phones.setdefault(owner.id, {})[phone.role] = phone
            return phone

    def drop(self, participant: Participant) -> None:
        """Forget a participant and, of a student, the phones; connections are the caller's to close."""
        with self._lock:
            room = self._rooms.get(participant.room)
            for gone in room.take_out(participant) if room else [participant]:
                self._participants.pop(gone.sid or "", None)
                gone.presence.sid = None

    def connect(self, participant: Participant, sid: str, origin: str = "") -> str | None:
        """Let a connection speak for a participant and return the one that did before, if any."""
        with self._lock:
            presence = participant.presence
            before, presence.sid, presence.origin, presence.was_online = presence.sid, sid, origin, True
            self._participants.pop(before or "", None)
            self._participants[sid] = participant
            return before

    def disconnect(self, sid: str) -> Participant | None:
        """Let go of a participant; None when this connection no longer spoke for one (another page took over)."""
        with self._lock:
            participant = self._participants.pop(sid, None)
            if participant is not None:
                participant.presence.sid = None
            return participant

    def participant_of(self, sid: str) -> Participant | None:
        """Find the participant a connection speaks for."""
        return self._participants.get(sid)

    def connect_teacher(self, link: TeacherLink) -> None:
        """Take a teacher's page in."""
        with self._lock:
            self._rooms[link.room].teachers[link.sid] = link
            self._teachers[link.sid] = link

    def disconnect_teacher(self, sid: str) -> TeacherLink | None:
        """Let go of a teacher's page."""
        with self._lock:
            link = self._teachers.pop(sid, None)
            room = self._rooms.get(link.room) if link else None
            if room is not None:
                room.teachers.pop(sid, None)
            return link

    def teacher_of(self, sid: str) -> TeacherLink | None:
        """Find the teacher behind a connection."""
        return self._teachers.get(sid)

    def links_of(self, person: int) -> list[TeacherLink]:
        """List the open pages of one person, in whatever room."""
        with self._lock:
            return [link for link in self._teachers.values() if link.person == person]
