"""Who is live: rooms, participants, teachers as the running server knows them; the database keeps what must survive."""

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rooms.live.client_clock import ClientClock
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
    """A role, such as `arm` (core.phone_roles.ROLES); also the channel of its frames and readings."""
    sid: str | None = None
    budget: Budget | None = None
    last_sequence: int = -1
    """Of its pictures."""
    sequences: dict[str, int] = field(default_factory=dict)
    """The last number of each kind of reading."""
    clock: ClientClock = field(default_factory=ClientClock)
    capture: tuple[float, int, float] | None = None
    health: Mapping[str, Any] = field(default_factory=dict)
    """What the phone said last of itself, as docs/protocol.md names it under `health`."""
    heard_at: float = 0.0
    """When the last frame or reading came, in server seconds."""
    pictured_at: float = 0.0
    """When the last frame came, or the phone was last asked to begin."""
    moved_at: float = 0.0
    """When the last motion came, or the phone connected."""
    problems: tuple[str, ...] = ()
    """What is wrong with it now, as rooms/live/phone_health.py finds it."""
    was_online: bool = False
    """Whether a connection held its place before, also before a restart."""
    proof: dict[str, Any] = field(default_factory=dict)
    """Of the code on the exam page: {"state": "seen" | "not_seen" | "unknown", "at": seconds, "latency": seconds}."""

    @property
    def online(self) -> bool:
        """Say whether a connection speaks for the phone's place."""
        return self.sid is not None


@dataclass(eq=False, slots=True)
class Participant:
    """One participant as the server sees them now; identity and state follow the database."""

    id: str
    room: str
    name: str
    kind: str
    state: str
    joined_at: datetime
    sid: str | None = None
    """The one connection that speaks for the participant; None while offline."""
    camera: str = "none"
    page: str = "visible"
    picture: str = "unknown"
    faces: int | None = None
    last_sequence: int = -1
    sequences: dict[str, int] = field(default_factory=dict)
    """The last number of each kind of reading of the student's computer."""
    clock: ClientClock = field(default_factory=ClientClock)
    budget: Budget | None = None
    capture: tuple[float, int, float] | None = None
    """What the student was last told to send: fps, width, quality."""
    looked_at: float = 0.0
    identity: str = "unknown"
    """`unknown`, `enrolled`, `authorized`, `unsure` or `mismatch`."""
    identity_reason: str | None = None
    """Why the last comparison could not tell, while it could not."""
    reference: str = "none"
    """What the face is compared with: `none`, `check` (pictures of the system check) or `photo`."""
    was_absent: bool = False
    was_online: bool = False
    """Whether a connection held the participant before, also before a restart."""
    doubts: int = 0
    """Comparisons since one failed, until one succeeds."""
    was_judged: bool = False
    """Whether the last picture that was analysed counted, as in a running exam."""
    accommodations: tuple[str, ...] = ()
    """What is judged otherwise for this student; which is told to nobody but the teacher who set it."""
    accommodated_by: int | None = None
    baseline: dict[str, Any] | None = None
    source: Mapping[str, Any] | None = None
    """What the browser said last of the camera itself."""
    phones: dict[str, Phone] = field(default_factory=dict)
    """By role, those that are paired."""
    phones_told_at: float = 0.0
    """When student, phones and teachers were last told how the phones are."""
    is_stale: bool = False
    """Something changed since that nobody was told yet."""
    origin: str = ""
    """The address at which the student's browser found us, where a phone finds us too."""
    microphone: str = "off"
    """`off`, `on`, `denied` or `none`: of the student's computer."""
    listened: bool = False
    """Whether a teacher listens live at this moment, on whatever channel."""
    conditions: dict[str, Any] = field(default_factory=dict)
    """Of the surroundings, each None or missing while it is not known: `lux`, `luminance` (0 to 255), `sound_floor`
    (dBFS), `place` {"state", "accuracy"}, `room_motion` (bool: the room phone was moved)."""
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Whether each device is where the exam is taken, by channel: values of PLACE, as it was told last."""
    arm_reference: dict[str, Any] | None = None
    """How this student's arm moves at desk work, from the calibration."""

    @property
    def online(self) -> bool:
        """Say whether a connection speaks for the participant."""
        return self.sid is not None

    @property
    def came(self) -> bool:
        """Say whether anybody came to the participant: until then teachers are shown nothing of it."""
        return self.was_online or self.state != ParticipantState.CHECKING


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
            phone.sid = None
            room = self._rooms.get(phone.room)
            participant = room.participants.get(phone.participant) if room else None
            held = participant.phones if participant else {}
            if held.get(phone.role) is phone:
                del held[phone.role]

    def connect(self, phone: Phone, sid: str) -> str | None:
        """Let a connection hold a phone's place and return the one that held it before, if any."""
        with self._lock:
            before, phone.sid = phone.sid, sid
            self._phones.pop(before or "", None)
            self._phones[sid] = phone
            return before

    def disconnect(self, sid: str) -> Phone | None:
        """Let go of a phone; None when this connection no longer held one."""
        with self._lock:
            phone = self._phones.pop(sid, None)
            if phone is not None:
                phone.sid = None
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

    def connect_participant(self, participant: Participant, sid: str) -> str | None:
        """Let a connection speak for the participant and return the one that held it before, if any."""
        with self._lock:
            before, participant.sid = participant.sid, sid
            if before is not None:
                self._participants.pop(before, None)
            self._participants[sid] = participant
            return before

    def disconnect_participant(self, sid: str) -> Participant | None:
        """Let go of a participant; None when this connection no longer held one (another tab took over)."""
        with self._lock:
            participant = self._participants.pop(sid, None)
            if participant is not None:
                participant.sid = None
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
