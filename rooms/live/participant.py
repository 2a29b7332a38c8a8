"""Whoever is in a live room: who it is, and components that each have one module that writes them.

A component that is a plain value is written by the module that its docstring names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rooms.live.components import (
    Accommodated,
    AdmissionStatus,
    Browser,
    Capture,
    ConditionsTold,
    Hand,
    Handling,
    IdentityCheck,
    ListenedTo,
    PhoneHealth,
    PictureSeen,
    Presence,
    Standing,
    Surroundings,
)
from rooms.live.picture_relay import WEBCAM
from rooms.live.uplink import Uplink
from rooms.protocol.socket_rooms import SocketRoom, devices_of, only_phone, rooms_of_phone, rooms_of_student
from rooms.setup.states import ParticipantState


@dataclass(eq=False, slots=True, kw_only=True)
class Participant:
    """Whoever has a connection of its own in a room: a student's computer, or a phone."""

    id: str
    room: str
    kind: str
    """`student` or `phone`."""
    channel: str
    """Of its pictures and readings."""
    presence: Presence = field(default_factory=Presence)
    uplink: Uplink = field(default_factory=Uplink)
    capture: Capture | None = None
    """What it was last told to send, None before; by rooms/participants/teacher_sessions.py."""
    place: Mapping[str, Any] | None = None
    """Whether it is where the exam is taken: values of PLACE, as it told last; by rooms/intake/sensor_ingest.py."""

    @property
    def sid(self) -> str | None:
        """Return the connection that speaks for the participant, None while it is offline."""
        return self.presence.sid

    @property
    def online(self) -> bool:
        """Say whether a connection speaks for the participant."""
        return self.presence.sid is not None

    @property
    def student(self) -> "Student":
        """Return the student, or the one whose phone it is."""
        raise NotImplementedError  # a plain base: an abstract one costs a call for every picture

    @property
    def address(self) -> SocketRoom:
        """Return the Socket.IO room in which it is alone."""
        raise NotImplementedError  # a plain base: an abstract one costs a call for every picture

    @property
    def socket_rooms(self) -> tuple[SocketRoom, ...]:
        """Return where the connection belongs that speaks for it."""
        raise NotImplementedError  # a plain base: an abstract one costs a call for every picture


@dataclass(eq=False, slots=True, kw_only=True)
class Student(Participant):
    """A student, at a computer; identity and state follow the database."""

    kind: str = "student"
    channel: str = WEBCAM
    """Which the computer's microphone has too."""
    name: str
    joined_at: datetime
    admission: AdmissionStatus
    browser: Browser = field(default_factory=Browser)
    picture: PictureSeen = field(default_factory=PictureSeen)
    identity: IdentityCheck = field(default_factory=IdentityCheck)
    accommodations: Accommodated = field(default_factory=Accommodated)
    hand: Hand = field(default_factory=Hand)
    standing: Standing = field(default_factory=Standing)
    surroundings: Surroundings = field(default_factory=Surroundings)
    handling: Handling = field(default_factory=Handling)
    listening: ListenedTo = field(default_factory=ListenedTo)
    close_up: bool = False
    """Whether more pictures are wanted of the student, for the evidence of an alert; by rooms/evidence/recorder.py."""
    conditions_told: ConditionsTold = field(default_factory=ConditionsTold)
    noise: Mapping[str, Any] | None = None
    """{"channel", "since", "level"} while it is loud; by rooms/intake/sensor_levels.py."""
    baseline: Mapping[str, Any] | None = None
    """The neutral pose, from the calibration; by rooms/identity/pose_calibration.py."""
    arm_reference: Mapping[str, Any] | None = None
    """How the arm moves at desk work, from the calibration; by rooms/identity/arm_calibration.py."""

    @property
    def student(self) -> "Student":
        """Return the student."""
        return self

    @property
    def address(self) -> SocketRoom:
        """Return the Socket.IO room of the student's page."""
        return devices_of(self.id)

    @property
    def socket_rooms(self) -> tuple[SocketRoom, ...]:
        """Return where the student's page belongs."""
        return rooms_of_student(self.room, self.id)

    @property
    def state(self) -> str:
        """Return how far the student has come into the room."""
        return self.admission.state

    @property
    def is_spared(self) -> bool:
        """Say whether nothing is judged now: on a break, or held by a teacher."""
        return self.hand.break_since is not None or self.standing.is_held

    @property
    def came(self) -> bool:
        """Say whether anybody came to the place: until then teachers are shown nothing of it."""
        return self.presence.was_online or self.state != ParticipantState.CHECKING


@dataclass(eq=False, slots=True, kw_only=True)
class Phone(Participant):
    """A phone: its role, and whose it is; what it is admitted to, and judged by, is its owner's."""

    kind: str = "phone"
    channel: str = field(init=False)
    """Its role."""
    role: str
    """`arm`, `head` or `room` (core.types.Role)."""
    owner: Student
    health: PhoneHealth = field(default_factory=PhoneHealth)
    proof: Mapping[str, Any] = field(default_factory=dict)
    """Of the code on the exam page: {"state": "seen" | "not_seen" | "unknown", "at": seconds, "latency": seconds};
    by rooms/intake/screen_proof.py."""

    def __post_init__(self) -> None:
        """Take the role for the channel."""
        self.channel = self.role

    @property
    def student(self) -> Student:
        """Return whose phone it is."""
        return self.owner

    @property
    def address(self) -> SocketRoom:
        """Return the Socket.IO room of the phone's page."""
        return only_phone(self.id)

    @property
    def socket_rooms(self) -> tuple[SocketRoom, ...]:
        """Return where the phone's page belongs."""
        return rooms_of_phone(self.room, self.owner.id, self.role, self.id)
