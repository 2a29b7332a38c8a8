"""The objects of docs/protocol.md as types: what events, acknowledgements and histories are made of.

Plain dicts at run time, so that sending one costs nothing but its encoding; a test compares them with the document.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict


class ProofView(TypedDict):
    """Whether a phone films the exam page now."""

    state: str
    at: int | None
    latency_ms: int | None


class PhoneView(TypedDict):
    """`PhoneView`: a phone of one role, or that there is none."""

    role: str
    required: bool
    state: str
    healthy: bool
    problems: list[str]
    battery: float | None
    charging: bool | None
    awake: str | None
    visible: bool | None
    orientation: str | None
    network: str | None
    camera: str | None
    motion: str | None
    microphone: str | None
    heard_at: int | None
    proof: ProofView | None


class Light(TypedDict):
    """How bright it is: at a phone, and in the webcam's picture."""

    lux: float | None
    luminance: float | None


class Conditions(TypedDict):
    """What is known of a student's surroundings."""

    light: Light
    sound_floor: float | None
    noise: Mapping[str, Any] | None
    place: Mapping[str, Any] | None
    room_motion: bool | None


class HandView(TypedDict):
    """Why a student asks for a teacher, since when (ms), and who saw it; and since when a break lasts."""

    reason: str | None
    since: int | None
    seen_by: str
    break_since: int | None


class StandingView(TypedDict):
    """Whether a teacher holds a student's exam, by which action, why and since when (ms); and the extra time."""

    state: str
    action: str
    reason: str
    note: str
    by: str
    since: int | None
    minutes: int


class ParticipantView(TypedDict):
    """`Participant`."""

    id: str
    name: str
    kind: str
    state: str
    online: bool
    camera: str
    page: str
    picture: str
    faces: int | None
    identity: str
    identity_reason: str | None
    reference: str
    adjusted: bool
    hand: HandView
    standing: StandingView
    joined_at: int | None
    phones: list[PhoneView]
    microphone: str
    listened: bool
    conditions: Conditions


class AlertView(TypedDict):
    """`Alert`."""

    id: str
    participant: str
    name: str
    channel: str
    kind: str
    score: int | None
    severity: str
    text: str
    numbers: Mapping[str, Any]
    started_at: int | None
    raised_at: int | None
    ended_at: int | None
    evidence: str | None
    sound: str | None
    words: str | None
    capsule: Mapping[str, str | None] | None
    incident: str
    verdict: str
    note: str
    handled_by: str | None


class SenderView(TypedDict):
    """Who wrote a message."""

    kind: str
    id: str
    name: str


class AddresseeView(TypedDict):
    """To whom a message is; `id` of a student."""

    kind: str
    id: str | None


# `from` is no name that a class could have
MessageView = TypedDict(
    "MessageView",
    {"id": int, "client_id": str, "from": SenderView, "to": AddresseeView, "text": str, "sent_at": int | None},
)


class HistoryView(TypedDict):
    """A page of messages."""

    messages: list[MessageView]
    more: bool


class RoomView(TypedDict):
    """`Room`."""

    id: str
    code: str
    title: str
    state: str
    started_at: int | None
    ended_at: int | None


class ErrorView(TypedDict):
    """An error, as an acknowledgement carries it."""

    code: str
    text: str
    params: Mapping[str, int | float | str]
    retry_after: NotRequired[float]


class CaptureView(TypedDict):
    """What to send from now on: pictures a second, their width in pixels, quality from 0 to 1, thumbnails a second."""

    fps: float
    width: int
    quality: float
    thumbnails: float


class TeacherView(TypedDict):
    """Who teaches in a room, and whether a page of theirs is open."""

    id: int
    name: str
    online: bool


class ClaimView(TypedDict):
    """Which teacher looks after an incident, and until when, in ms, if nothing is done with it."""

    incident: str
    person: int
    name: str
    until: int


class ActionView(TypedDict):
    """`Action`: what a teacher did about a student, and when (ms) what became of it."""

    id: str
    participant: str
    verb: str
    reason: str
    note: str
    minutes: int | None
    by: str
    person: int
    at: int | None
    delivered: int | None
    acknowledged: int | None
    undone: int | None
    confirmed: int | None
    refused: int | None
    decided_by: str


class NewsView(TypedDict):
    """An action that its student has not read yet."""

    id: str
    verb: str
    reason: str
    note: str
    minutes: int | None
    by: str
    at: int | None


class CaseView(TypedDict):
    """`Case`: how far two people have come with an incident, as one of them may see it."""

    incident: str
    state: str
    until: int | None
    first_by: str
    first: str | None
    first_note: str
    own: bool
    second_by: str
    second: str | None
    second_note: str
    final_by: str
    outcome: str | None


class AnswerView(TypedDict):
    """What a student said of an incident."""

    incident: str
    participant: str
    text: str
    at: int | None


class OwnIncidentView(TypedDict):
    """An incident about the student who is told of it; `kinds` are translation keys."""

    id: str
    kinds: list[str]
    since: int | None
    answers: list[AnswerView]
    may_add: bool


class ProblemView(TypedDict):
    """`Problem`: something that does not work for a student."""

    id: str
    participant: str
    category: str
    text: str
    at: int | None
    solved_by: str
    solved_at: int | None


class MutedKind(TypedDict):
    """How often one kind of alert was called right and wrong, and whether and by whom it is muted."""

    right: int
    wrong: int
    quiet: bool
    by: str | None
