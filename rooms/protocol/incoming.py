"""What clients send, once checked: the fields of each event as types, for the handlers; a test compares them.

`check_mapping` lets through what rooms/protocol/events.py says of each field, and nothing else.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NotRequired, TypedDict

from rooms.protocol.socket_rooms import PHONE, STUDENT, TEACHER


class Nothing(TypedDict):
    """`ready` and `leave`: their names say all."""


class Page(TypedDict):
    """Whether the exam page is in front."""

    state: str


class Microphone(TypedDict):
    """Whether a microphone is open."""

    state: str


class Camera(TypedDict):
    """Whether a camera is open."""

    state: str
    label: NotRequired[str | None]


class StudentChat(TypedDict):
    """A message to the teachers."""

    client_id: str
    text: str


class StudentHistory(TypedDict):
    """Which messages a page may have missed."""

    after: int
    before: NotRequired[int | None]


class Probe(TypedDict):
    """A measurement of the way there and back."""

    sent_at: float
    padding: NotRequired[str | bytes]


class Phase(TypedDict):
    """A step of `enrol` and of `arm_calibration`."""

    phase: str


class CalibrationStep(TypedDict):
    """A step of `calibration`."""

    phase: str
    target: NotRequired[str | None]


class Source(TypedDict):
    """What the browser says of the camera itself."""

    label: str | None
    width: NotRequired[float | None]
    height: NotRequired[float | None]
    fps: NotRequired[float | None]
    jitter_ms: NotRequired[float | None]


class PhoneRole(TypedDict):
    """Which phone to pair or to let go."""

    role: str


class Input(TypedDict):
    """How often keys and mouse were used in the last second."""

    keys: int
    pointer: int


class SoundPiece(TypedDict):
    """A piece of sound."""

    seq: int
    at: float
    level: float
    floor: float
    data: bytes
    why: str


class Level(TypedDict):
    """How loud it is."""

    at: float
    level: float
    floor: float


class Place(TypedDict):
    """Where a device is."""

    state: str
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    accuracy: NotRequired[float | None]


class MotionBatch(TypedDict):
    """A batch of movement."""

    seq: int
    at: float
    data: bytes


class LightLevel(TypedDict):
    """How bright it is."""

    lux: float


class Health(TypedDict):
    """What a phone says of itself."""

    battery: float | None
    charging: bool | None
    awake: str
    visible: bool
    orientation: str | None
    network: str | None
    camera: str
    motion: str
    microphone: str


class RaisedHand(TypedDict):
    """Whether a student asks for a teacher, and why; null lowers the hand or ends a break."""

    reason: str | None


class Took(TypedDict):
    """Which actions a student's page has shown, or the student read."""

    actions: list[str]
    step: str


class Answer(TypedDict):
    """What a student says of an incident."""

    incident: str
    text: str


class Problem(TypedDict):
    """What does not work for a student."""

    category: str
    text: str


class AnsweredHand(TypedDict):
    """What a teacher does about a hand."""

    participant: str
    answer: str


class Watch(TypedDict):
    """Who is on a teacher's screen."""

    participants: list[str]
    close: NotRequired[list[str]]
    focus: str | None


class Addressee(TypedDict):
    """To whom a teacher writes."""

    kind: str
    id: NotRequired[str | None]


class TeacherChat(TypedDict):
    """A teacher's message."""

    client_id: str
    to: Addressee
    text: str


class TeacherHistory(TypedDict):
    """Which messages or alerts a page asks for."""

    what: str
    after: NotRequired[int]
    before: NotRequired[float | None]


class Admit(TypedDict):
    """Whether a waiting student comes in."""

    participant: str
    admit: bool


class OneParticipant(TypedDict):
    """Whom to take out of the room."""

    participant: str


class RoomState(TypedDict):
    """The state that a room is to have."""

    state: str


class Review(TypedDict):
    """A teacher's verdict on an alert."""

    alert: str
    verdict: str
    note: NotRequired[str | None]


class ReviewIncident(TypedDict):
    """What a teacher says of all alerts of an incident that were raised until then."""

    incident: str
    verdict: NotRequired[str | None]
    note: NotRequired[str | None]
    seen_until: NotRequired[float | None]


class ClaimIncident(TypedDict):
    """Whether a teacher looks after an incident, also where another one does."""

    incident: str
    on: bool
    take_over: NotRequired[bool]


class Accommodate(TypedDict):
    """What is judged otherwise for a student; nothing only asks."""

    participant: str
    accommodations: NotRequired[list[str] | None]


class Act(TypedDict):
    """What a teacher does about some students."""

    participants: list[str]
    verb: str
    client_id: str
    reason: NotRequired[str | None]
    note: NotRequired[str | None]
    minutes: NotRequired[int | None]


class Undo(TypedDict):
    """Which action to undo."""

    action: str


class Decide(TypedDict):
    """Whether a second person confirms the end of an exam."""

    action: str
    agrees: bool


class Saw(TypedDict):
    """Which incidents a teacher has seen, with all their alerts that were raised until then."""

    incidents: list[str]
    until: float


class ReviewAlike(TypedDict):
    """One decision on several incidents of the same kind."""

    incidents: list[str]
    verdict: str
    note: NotRequired[str | None]


class Solve(TypedDict):
    """Whether a reported problem is solved."""

    problem: str
    solved: bool


class Mute(TypedDict):
    """Whether a kind of alert is muted."""

    kind: str
    quiet: bool


class Listen(TypedDict):
    """Which microphone to hear live."""

    participant: str
    channel: str
    on: bool


OF_DEVICES: Mapping[str, type] = MappingProxyType(
    {"sound": SoundPiece, "level": Level, "place": Place, "probe": Probe, "leave": Nothing}
)

TYPES_IN: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        STUDENT: {
            "camera": Camera,
            "page": Page,
            "ready": Nothing,
            "chat": StudentChat,
            "history": StudentHistory,
            "enrol": Phase,
            "calibration": CalibrationStep,
            "arm_calibration": Phase,
            "source": Source,
            "pair": PhoneRole,
            "unpair": PhoneRole,
            "input": Input,
            "microphone": Microphone,
            "hand": RaisedHand,
            "took": Took,
            "answer": Answer,
            "problem": Problem,
            **OF_DEVICES,
        },
        PHONE: {"motion": MotionBatch, "light": LightLevel, "health": Health, **OF_DEVICES},
        TEACHER: {
            "watch": Watch,
            "chat": TeacherChat,
            "history": TeacherHistory,
            "admit": Admit,
            "remove": OneParticipant,
            "rules": OneParticipant,
            "room": RoomState,
            "review": Review,
            "review_incident": ReviewIncident,
            "claim": ClaimIncident,
            "accommodate": Accommodate,
            "hand": AnsweredHand,
            "act": Act,
            "undo": Undo,
            "decide": Decide,
            "saw": Saw,
            "review_incidents": ReviewAlike,
            "solve": Solve,
            "mute": Mute,
            "listen": Listen,
        },
    }
)
"""Every event but `frame`, whose arguments are positional."""
