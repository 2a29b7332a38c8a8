"""What each event to a browser carries, as types; a test compares them with docs/protocol.md."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict

from rooms.protocol.objects import (
    ActionView,
    AlertView,
    AnswerView,
    CaptureView,
    CaseView,
    ClaimView,
    HandView,
    MessageView,
    MutedKind,
    NewsView,
    OwnIncidentView,
    ParticipantView,
    PhoneView,
    ProblemView,
    RoomView,
    StandingView,
    TeacherView,
)
from rooms.protocol.socket_rooms import PHONE, STUDENT, TEACHER

# ------------------------------------------------------------------------------------ events of several namespaces


class State(TypedDict):
    """`admission`: a participant's new state."""

    state: str


class ListeningEvent(TypedDict):
    """`listening`: who listens live to which microphone."""

    on: bool
    by: str
    channel: str


class CheckpointEvent(TypedDict):
    """`checkpoint`: what the server signed of the room's chain of evidence."""

    size: int
    note: str
    key: str
    at: int


class ProblemsEvent(TypedDict):
    """`problems`: problem reports, new or changed."""

    problems: list[ProblemView]


class Nothing(TypedDict):
    """`replaced`: its name says all."""


# ------------------------------------------------------------------------------------ to students


class StudentWelcome(TypedDict):
    """All that a student's page shows."""

    participant: ParticipantView
    room: RoomView
    capture: CaptureView
    exam: Mapping[str, Any] | None
    messages: list[MessageView]
    notices: list[str]
    sound: Mapping[str, bool]
    place: bool
    server_time: int


class Status(TypedDict):
    """How camera and arm of the student are seen."""

    camera: str
    arm: int | None


class Look(TypedDict):
    """What the server sees in the newest picture."""

    picture: str
    luminance: float | None
    blur: float | None
    faces: int | None
    at: int


class Hint(TypedDict):
    """A gentle word about a condition, or that it is over."""

    kind: str
    channel: str
    text: NotRequired[str]
    numbers: NotRequired[Mapping[str, Any]]
    severity: NotRequired[str]
    over: NotRequired[bool]


class StudentRoom(TypedDict):
    """The room's new state, and the paper where the student may see it now."""

    room: RoomView
    exam: Mapping[str, Any] | None


class PhonesEvent(TypedDict):
    """How a student's phones are."""

    phones: list[PhoneView]
    ready: bool


class ProofCode(TypedDict):
    """The code to show on the exam page, or that none is to be shown."""

    id: int | None
    cells: list[list[int]]
    every: float
    size_mm: float


class StandingEvent(TypedDict):
    """What teachers did about the student's exam, and what of it is new."""

    standing: StandingView
    news: list[NewsView]


class IncidentsEvent(TypedDict):
    """The incidents that the student may answer."""

    incidents: list[OwnIncidentView]


# ------------------------------------------------------------------------------------ to phones


class PhoneWelcome(TypedDict):
    """All that a phone's page shows."""

    phone: PhoneView
    student: str
    room: RoomView
    capture: CaptureView
    needs: Mapping[str, bool]
    listening: bool
    server_time: int


class PhoneRoom(TypedDict):
    """The room's new state, and what is asked of phones of one role."""

    room: RoomView
    needs: Mapping[str, bool]


# ------------------------------------------------------------------------------------ to teachers


class StorageState(TypedDict):
    """Whether the server can keep what happens now."""

    ok: bool
    text: str
    waiting: int


class OneTeacher(TypedDict):
    """Whose page it is."""

    id: int
    name: str


class TeacherWelcome(TypedDict):
    """All that a teacher's page shows."""

    room: RoomView
    teacher: OneTeacher
    teachers: list[TeacherView]
    participants: list[ParticipantView]
    alerts: list[AlertView]
    messages: list[MessageView]
    notices: list[str | dict[str, str]]
    storage: StorageState
    server_time: int


class Teachers(TypedDict):
    """Who teaches in the room."""

    teachers: list[TeacherView]


class Identity(TypedDict):
    """What the comparison of a face has come to."""

    participant: str
    event: str
    reason: str | None
    reference: str
    distance: float | None
    at: int


class TeacherRoom(TypedDict):
    """The room's new state."""

    room: RoomView


class SlowLook(TypedDict):
    """A sentence about one kind of look that comes more seldom than it should."""

    text: str
    numbers: Mapping[str, float]


class Capacity(TypedDict):
    """Whether the server slows the students down, and which looks come too seldom."""

    overloaded: bool
    looks_per_second: float
    text: str
    numbers: Mapping[str, float]
    slow: Sequence[SlowLook]


class Attention(TypedDict):
    """Rows of (participant, score, label, suspicion)."""

    event: str
    scores: Sequence[Sequence[str | int | None]]


class Claims(TypedDict):
    """Every incident of a room that a teacher looks after."""

    claims: list[ClaimView]


class Withdrawn(TypedDict):
    """An alert that was taken back and is gone."""

    alert: str


class ActionsEvent(TypedDict):
    """Actions, new or changed."""

    actions: list[ActionView]


class CasesEvent(TypedDict):
    """Every incident of a room on which two people decide."""

    cases: list[CaseView]


class AnswersEvent(TypedDict):
    """Answers of students."""

    answers: list[AnswerView]


class Muted(TypedDict):
    """Every kind with verdicts or a decision."""

    kinds: Mapping[str, MutedKind]


class Sensors(TypedDict):
    """Rows of arms and of microphones."""

    arms: Sequence[Sequence[Any]]
    sounds: Sequence[Sequence[Any]]


class Heard(TypedDict):
    """A piece of sound for a page that listens."""

    participant: str
    channel: str
    seq: int
    data: bytes


class TickIndex(TypedDict):
    """`tiles`: which pictures a tick carries, in which order."""

    tick: int
    server_time: int
    tiles: list[list[object]]


TYPES_OUT: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        STUDENT: {
            "welcome": StudentWelcome,
            "capture": CaptureView,
            "look": Look,
            "hint": Hint,
            "hand": HandView,
            "standing": StandingEvent,
            "incidents": IncidentsEvent,
            "problems": ProblemsEvent,
            "admission": State,
            "room": StudentRoom,
            "chat": MessageView,
            "phones": PhonesEvent,
            "status": Status,
            "proof": ProofCode,
            "listening": ListeningEvent,
            "checkpoint": CheckpointEvent,
            "replaced": Nothing,
        },
        PHONE: {
            "welcome": PhoneWelcome,
            "capture": CaptureView,
            "phone": PhoneView,
            "listening": ListeningEvent,
            "admission": State,
            "room": PhoneRoom,
            "replaced": Nothing,
        },
        TEACHER: {
            "welcome": TeacherWelcome,
            "tiles": TickIndex,
            "participant": ParticipantView,
            "teachers": Teachers,
            "alert": AlertView,
            "identity": Identity,
            "chat": MessageView,
            "room": TeacherRoom,
            "capacity": Capacity,
            "storage": StorageState,
            "attention": Attention,
            "muted": Muted,
            "claims": Claims,
            "withdrawn": Withdrawn,
            "actions": ActionsEvent,
            "cases": CasesEvent,
            "answers": AnswersEvent,
            "problems": ProblemsEvent,
            "sensors": Sensors,
            "heard": Heard,
            "checkpoint": CheckpointEvent,
        },
    }
)
