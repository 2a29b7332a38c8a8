"""Who is live: rooms, participants, teachers as the running server knows them; the database keeps what must survive."""

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rooms.live.components import (
    Accommodated,
    AdmissionStatus,
    Browser,
    Capture,
    ConditionsTold,
    Handling,
    IdentityCheck,
    ListenedTo,
    PictureSeen,
    Presence,
    Surroundings,
)
from rooms.live.uplink import Uplink
from rooms.protocol.limits import Budget
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import ParticipantState


@dataclass(eq=False, slots=True)
class Phone:
    """A phone that belongs to a participant, as the server sees it now."""

    id: str
    participant: str
    room: str
    role: str
    """`arm`, `head` or `room` (core.types.Role); also the channel of its frames and readings."""
    presence: Presence = field(default_factory=Presence)
    uplink: Uplink = field(default_factory=Uplink)
    capture: Capture | None = None
    health: Mapping[str, Any] = field(default_factory=dict)
    """What the phone said last of itself, as docs/protocol.md names it under `health`."""
    problems: tuple[str, ...] = ()
    """What is wrong with it now, as rooms/live/phone_health.py finds it."""
    proof: dict[str, Any] = field(default_factory=dict)
    """Of the code on the exam page: {"state": "seen" | "not_seen" | "unknown", "at": seconds, "latency": seconds}."""

    @property
    def sid(self) -> str | None:
        """Return the connection that speaks for the phone, None while it is offline."""
        return self.presence.sid

    @property
    def online(self) -> bool:
        """Say whether a connection speaks for the phone's place."""
        return self.presence.sid is not None


@dataclass(eq=False, slots=True, kw_only=True)
class Participant:
    """One participant: who it is, and components that each have one module that writes them.

    A component that is a plain value is written by the module that its docstring names.
    """

    id: str
    room: str
    name: str
    kind: str
    joined_at: datetime
    admission: AdmissionStatus
    presence: Presence = field(default_factory=Presence)
    uplink: Uplink = field(default_factory=Uplink)
    browser: Browser = field(default_factory=Browser)
    picture: PictureSeen = field(default_factory=PictureSeen)
    identity: IdentityCheck = field(default_factory=IdentityCheck)
    accommodations: Accommodated = field(default_factory=Accommodated)
    surroundings: Surroundings = field(default_factory=Surroundings)
    handling: Handling = field(default_factory=Handling)
    listening: ListenedTo = field(default_factory=ListenedTo)
    conditions_told: ConditionsTold = field(default_factory=ConditionsTold)
    capture: Capture | None = None
    """What the student was last told to send, None before; by rooms/participants/teacher_sessions.py."""
    noise: Mapping[str, Any] | None = None
    """{"channel", "since", "level"} while it is loud; by rooms/intake/sensor_levels.py."""
    baseline: Mapping[str, Any] | None = None
    """The neutral pose, from the calibration; by rooms/identity/pose_calibration.py."""
    arm_reference: Mapping[str, Any] | None = None
    """How the arm moves at desk work, from the calibration; by rooms/identity/arm_calibration.py."""
    phones: dict[str, Phone] = field(default_factory=dict)
    """By role, those that are paired."""
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Whether each device is where the exam is taken, by channel: values of PLACE, as it was told last."""

    @property
    def sid(self) -> str | None:
        """Return the connection that speaks for the participant, None while it is offline."""
        return self.presence.sid

    @property
    def online(self) -> bool:
        """Say whether a connection speaks for the participant."""
        return self.presence.sid is not None

    @property
    def state(self) -> str:
        """Return how far the student has come into the room."""
        return self.admission.state

    @property
    def came(self) -> bool:
        """Say whether anybody came to the participant: until then teachers are shown nothing of it."""
        return self.presence.was_online or self.state != ParticipantState.CHECKING


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
    participants: dict[str, Participant] = field(default_factory=dict)
    teachers: dict[str, TeacherLink] = field(default_factory=dict)
    exam: dict[str, Any] | None = None
    muted: dict[str, Any] = field(default_factory=dict)

    def watchers_of(self, participant_id: str) -> list[TeacherLink]:
        """List the teachers' pages that show this participant now."""
        return [
            link
            for link in list(self.teachers.values())
            if participant_id in link.watched or link.focus == participant_id
        ]


class PhoneDirectory:
    """The phones of all rooms by their connections; part of RoomDirectory, under its lock."""

    def __init__(self, lock: AbstractContextManager[Any], rooms: Mapping[str, LiveRoom]) -> None:
        self._lock = lock
        self._rooms = rooms
        self._phones: dict[str, Phone] = {}

    def add(self, phone: Phone) -> Phone:
        """Take a phone in, in the place of an earlier one of its role; KeyError for a participant that is not live."""
        with self._lock:
            self._rooms[phone.room].participants[phone.participant].phones[phone.role] = phone
            return phone

    def drop(self, phone: Phone) -> None:
        """Forget a phone that no longer belongs to its participant; its connection is the caller's to close."""
        with self._lock:
            self._phones.pop(phone.sid or "", None)
            phone.presence.sid = None
            room = self._rooms.get(phone.room)
            participant = room.participants.get(phone.participant) if room else None
            held = participant.phones if participant else {}
            if held.get(phone.role) is phone:
                del held[phone.role]

    def connect(self, phone: Phone, sid: str) -> str | None:
        """Let a connection hold a phone's place and return the one that held it before, if any."""
        with self._lock:
            presence = phone.presence
            before, presence.sid, presence.was_online = presence.sid, sid, True
            self._phones.pop(before or "", None)
            self._phones[sid] = phone
            return before

    def disconnect(self, sid: str) -> Phone | None:
        """Let go of a phone; None when this connection no longer held one."""
        with self._lock:
            phone = self._phones.pop(sid, None)
            if phone is not None:
                phone.presence.sid = None
            return phone

    def of(self, sid: str) -> Phone | None:
        """Find the phone a connection speaks for."""
        return self._phones.get(sid)

    def drop_room(self, room_id: str) -> None:
        """Forget the phones of an ended room."""
        with self._lock:
            for sid in [s for s, phone in self._phones.items() if phone.room == room_id]:
                del self._phones[sid]


class RoomDirectory:
    """Owns every LiveRoom; structure changes under one lock, reads take copies."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._rooms: dict[str, LiveRoom] = {}
        self._participants: dict[str, Participant] = {}
        self._teachers: dict[str, TeacherLink] = {}
        self.phones = PhoneDirectory(self._lock, self._rooms)

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
            self.phones.drop_room(room_id)
            return room

    def room(self, room_id: str) -> LiveRoom | None:
        """Find a live room."""
        return self._rooms.get(room_id)

    def rooms(self) -> list[LiveRoom]:
        """List the live rooms."""
        with self._lock:
            return list(self._rooms.values())

    def add_participant(self, participant: Participant) -> Participant:
        """Take a participant in, or give back the one that is there already."""
        with self._lock:
            return self._rooms[participant.room].participants.setdefault(participant.id, participant)

    def drop_participant(self, room_id: str, participant_id: str) -> None:
        """Forget a participant that nobody came to."""
        with self._lock:
            room = self._rooms.get(room_id)
            participant = room.participants.pop(participant_id, None) if room else None
            if participant is not None and participant.sid is not None:
                self._participants.pop(participant.sid, None)

    def connect_participant(self, participant: Participant, sid: str, origin: str = "") -> str | None:
        """Let a connection speak for the participant and return the one that held it before, if any."""
        with self._lock:
            presence = participant.presence
            before, presence.sid, presence.origin, presence.was_online = presence.sid, sid, origin, True
            if before is not None:
                self._participants.pop(before, None)
            self._participants[sid] = participant
            return before

    def disconnect_participant(self, sid: str) -> Participant | None:
        """Let go of a participant; None when this connection no longer held one (another tab took over)."""
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
