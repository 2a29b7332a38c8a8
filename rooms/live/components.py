"""What is known of a participant, in parts: each has one module that writes it, named in its docstring; others read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Capture(NamedTuple):
    """What a device is told to send: pictures a second, their width in pixels, their JPEG quality from 0 to 1."""

    fps: float
    width: int
    quality: float
    thumbnails: float = 0.0
    """Small pictures a second beside those, for pages that show many students; nothing is detected in them."""


@dataclass(slots=True)
class Presence:
    """Whether a connection speaks for the participant; written by rooms/live/directory.py."""

    sid: str | None = None
    """The one connection that does; None while offline."""
    was_online: bool = False
    """Whether a connection did before, also before a restart."""
    origin: str = ""
    """The address at which the browser found us, where a student's phone finds us too."""


@dataclass(slots=True)
class AdmissionStatus:
    """How far a student has come into the room; written by rooms/participants/admission.py."""

    state: str
    """`checking`, `waiting`, `admitted`, `refused`, `removed` or `left`; the database has the same."""


@dataclass(slots=True)
class Browser:
    """What a student's browser says of camera and page; written by rooms/participants/reports.py."""

    camera: str = "none"
    page: str = "visible"
    source: Mapping[str, Any] | None = None
    """Of the camera itself: its name, its size, the rhythm of its pictures."""


@dataclass(slots=True)
class PictureSeen:
    """What the newest picture of a student's webcam shows; written by rooms/intake/picture_status.py."""

    state: str = "unknown"
    faces: int | None = None
    luminance: float | None = None
    """0 to 255."""
    told_at: float = 0.0
    """When the student heard of it last."""


@dataclass(slots=True)
class IdentityCheck:
    """Whether a student is who the references show; written by rooms/identity/identity_status.py."""

    state: str = "unknown"
    """`unknown`, `enrolled`, `authorized`, `unsure` or `mismatch`."""
    reason: str | None = None
    """Why the last comparison could not tell, while it could not."""
    reference: str = "none"
    """What the face is compared with: `none`, `check` (pictures of the system check) or `photo`."""
    was_absent: bool = False
    doubts: int = 0
    """Comparisons since one failed, until one succeeds."""
    was_judged: bool = False
    """Whether the last picture that was looked at counted, as in a running exam."""


@dataclass(slots=True)
class Accommodated:
    """What is judged otherwise for a student; written by rooms/participants/accommodations.py."""

    kinds: tuple[str, ...] = ()
    """Told to nobody but the teacher who set them."""
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Whether a student asks for a teacher or is on a break; written by rooms/desk/hands.py."""

    reason: str | None = None
    """Why the hand is up, None while it is down."""
    since: float | None = None
    """When it went up."""
    seen_by: str = ""
    """The teacher who said that it was seen."""
    break_since: float | None = None
    """When the break began, None outside of one."""


class Order(NamedTuple):
    """One thing that a teacher did about a student's exam, and that holds; `at` in seconds."""

    action: str
    reason: str
    note: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What teachers did about a student's exam, as it holds now; written by rooms/actions/service.py."""

    paused: Order | None = None
    locked: Order | None = None
    ending: Order | None = None
    """The end of the exam that one teacher asked for and no second one has decided about."""
    terminated: Order | None = None
    minutes: int = 0
    """Of extra time, all together."""

    @property
    def state(self) -> str:
        """Return `terminated`, `submitted`, `locked`, `paused`, or "" where the student simply writes."""
        states = {
            "terminated": self.terminated,
            "submitted": self.ending,
            "locked": self.locked,
            "paused": self.paused,
        }
        return next((name for name, order in states.items() if order is not None), "")

    @property
    def is_held(self) -> bool:
        """Say whether the student cannot write now; then nothing is judged either."""
        return self.state != ""

    @property
    def order(self) -> Order | None:
        """Return what the state comes from."""
        return self.terminated or self.ending or self.locked or self.paused


@dataclass(slots=True)
class Surroundings:
    """What the sensors around a student measure, None while unknown; written by rooms/intake/sensor_ingest.py."""

    lux: float | None = None
    sound_floor: float | None = None
    """dBFS."""
    place: Mapping[str, Any] | None = None
    """{"state", "accuracy"}, of the computer if it has told, else of a phone."""
    microphone: str = "off"
    """`off`, `on`, `denied` or `none`: of the student's computer."""


@dataclass(slots=True)
class Handling:
    """Whether the phone that films the room is being moved; written by rooms/intake/room_phone_motion.py."""

    at: float | None = None
    """When it was moved last."""
    is_moving: bool | None = None
    """None while no phone has told of its movement."""


@dataclass(slots=True)
class ListenedTo:
    """Whether a teacher listens to a student live; written by rooms/intake/live_listening.py."""

    on: bool = False
    told: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """By channel: which connection was told, and the names of the teachers."""


@dataclass(slots=True)
class ConditionsTold:
    """What those around a student know of phones and surroundings; written by rooms/participants/phone_status.py."""

    at: float = 0.0
    """When student, phones and teachers were told last."""
    is_stale: bool = False
    """Something changed since."""


@dataclass(slots=True)
class PhoneHealth:
    """How a phone is; written by rooms/participants/phone_status.py."""

    told: Mapping[str, Any] = field(default_factory=dict)
    """What it said last of itself, as docs/protocol.md names it under `health`."""
    problems: tuple[str, ...] = ()
    """What is wrong with it now, as rooms/live/phone_health.py finds it."""
