"""Frames, observations and alerts: the nouns that travel between rooms and detection."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


class Severity(enum.StrEnum):
    """How much an alert asks of the teacher; NOTICE never counts against the student."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"


class AlertKind(enum.StrEnum):
    """Names of kinds of alert for code that speaks of a certain one.

    A kind is a string that its rule gives (`Rule.kind`); detection.rules.RULES has all of them. A rule of which no
    other code speaks needs no line here.
    """

    FACE_NOT_FOUND = "FACE_NOT_FOUND"
    MULTIPLE_FACES = "MULTIPLE_FACES"
    CAMERA_BLOCKED = "CAMERA_BLOCKED"
    CONNECTION_LOST = "CONNECTION_LOST"
    CAMERA_LOST = "CAMERA_LOST"
    PAGE_HIDDEN = "PAGE_HIDDEN"
    PHONE_DETECTED = "PHONE_DETECTED"
    FORBIDDEN_OBJECT = "FORBIDDEN_OBJECT"
    SECOND_PERSON = "SECOND_PERSON"
    LOOKING_AWAY = "LOOKING_AWAY"
    EYES_CLOSED = "EYES_CLOSED"
    TALKING = "TALKING"
    IDENTITY_MISMATCH = "IDENTITY_MISMATCH"
    CAMERA_REPLACED = "CAMERA_REPLACED"
    LOCATION_OUTSIDE = "LOCATION_OUTSIDE"
    PHONE_CHANNEL_LOST = "PHONE_CHANNEL_LOST"
    SCREEN_NOT_IN_VIEW = "SCREEN_NOT_IN_VIEW"
    CAMERA_MOVED = "CAMERA_MOVED"
    ARM_MOTION = "ARM_MOTION"
    SPEECH_DETECTED = "SPEECH_DETECTED"
    KEYWORD_HEARD = "KEYWORD_HEARD"


class Evidence(enum.StrEnum):
    """What can be kept to show what an alert speaks of."""

    PICTURE = "picture"
    SOUND = "sound"


class ObservationKind(enum.StrEnum):
    """What an observation speaks of; `values` is documented beside each member.

    FACES       {"count": int, "boxes": [[x, y, w, h]...] pixels, "scores": [0..1]..., "points": of the largest}
    PICTURE     {"state": PictureState, "luminance": 0..255, "blur": Laplacian variance, ...}
    CONNECTION  {"online": bool}; of a phone's channel also {"paired": bool}
    CAMERA      {"state": "on" | "denied" | "unplugged" | "muted" | "none"}
    PAGE        {"visible": bool, "focused": bool}
    OBJECTS     {"objects": [{"label": str, "box": [x, y, w, h] pixels, "score": 0..1}...]}
    LANDMARKS   {"yaw", "pitch", "roll": degrees or None, "gaze": {"x", "y": -1..1} or None, "eyes_closed": 0..1,
                 "mouth": 0..1 or None, "coarse": bool}; yaw > 0: turned to the left side of the picture,
                 pitch > 0: upwards
    IDENTITY    {"distance": float or None, "match": "yes" | "no" | "unsure", "reason": str or None}
    SOURCE      what the browser says of the camera itself: {"label": str, "width", "height", "fps", "jitter_ms"}
    BASELINE    this student's own neutral pose: {"yaw", "pitch", "roll", "spread": degrees, "gaze": {"x", "y"} or None,
                 "eyes_closed": 0..1, "coarse": bool}
    MARKERS     {"ids": [int...], "boxes": [[x, y, w, h]...] pixels} of the co-location code that a phone's camera sees
    SCENE       {"signature": [0..255...] the picture in 24 x 18 places, contrast evened out; None: cannot be judged}
    MOVED       {"gravity": [x, y, z] m/s2 in the room phone's own axes, "shaken": m/s2 (RMS)} of about a second
    ARM         one window of the arm's movement: {"family": ArmFamily, "sure": 0..1, "strength": m/s2 (RMS without
                 gravity), "distance": multiples of the student's own spread or None, "simple": bool (what the
                 threshold rule says), "features": [float...] (only while the arm is being calibrated)}
    INPUT       the student typed or used the mouse: {"keys": int, "pointer": int} in the last second
    SOUND       a batch of sound: {"level": dBFS, "floor": dBFS or None, "speech": how sure 0..1 or None, "seconds": of
                 speech in it, "length": seconds in all}; `at` is its end
    WORDS       {"text": str, "phrases": [str...] of the room that were heard, "engine": str, "rough": bool,
                 "alike", "alike_limit": 0..1 or None, "seconds": of the stretch that ends `at`}
    PLACE       {"state": "inside" | "outside" | "unknown", "distance": metres outside or None, "accuracy": metres}
    LIGHT       {"lux": float or None, "luminance": 0..255 or None}
    """

    FACES = "faces"
    PICTURE = "picture"
    CONNECTION = "connection"
    CAMERA = "camera"
    PAGE = "page"
    OBJECTS = "objects"
    LANDMARKS = "landmarks"
    IDENTITY = "identity"
    SOURCE = "source"
    BASELINE = "baseline"
    MARKERS = "markers"
    SCENE = "scene"
    MOVED = "moved"
    ARM = "arm"
    INPUT = "input"
    SOUND = "sound"
    WORDS = "words"
    PLACE = "place"
    LIGHT = "light"


class PictureState(enum.StrEnum):
    """Whether a picture can be judged at all; anything but OK means "cannot see", which is not "guilty"."""

    OK = "ok"
    DARK = "dark"
    OVEREXPOSED = "overexposed"
    BLURRED = "blurred"
    COVERED = "covered"
    FROZEN = "frozen"


class ArmFamily(enum.StrEnum):
    """What an arm seems to do in one window; MOVING where no model is there to tell which movement it is."""

    HAND_TO_FACE = "hand_to_face"
    REACHING = "reaching"
    BODY = "body"
    CALM = "calm"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Frame:
    """One JPEG from one participant's channel, as received; times are server seconds since the epoch."""

    room: str
    participant: str
    sequence: int
    captured_at: float
    received_at: float
    jpeg: bytes
    width: int
    height: int
    channel: str = "webcam"
    judged: bool = True
    """False during the system check: the frame is analysed, and nothing is concluded from it."""


class Role(enum.StrEnum):
    """Names of phone roles for code that speaks of a certain one; core.phone_roles.ROLES has all of them.

    A role is also the channel of its phone; the student's computer is the channel `webcam`.
    """

    ARM = "arm"
    HEAD = "head"
    ROOM = "room"


class ReadingKind(enum.StrEnum):
    """What a batch of readings holds in `data`, little-endian and without padding.

    MOTION      float32 rows of 4: seconds after `at`, then acceleration x, y, z in m/s2 with gravity in it
    SOUND       int16 mono samples at 16 kHz
    """

    MOTION = "motion"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch of what one sensor of one participant's channel measured; `at` is the server's time of its begin."""

    room: str
    participant: str
    channel: str
    kind: ReadingKind
    at: float
    data: bytes
    values: Mapping[str, Any] = field(default_factory=dict)
    """Small facts about the batch: {"level", "floor": dBFS} for sound."""
    judged: bool = True
    """False during the system check: it is analysed, and nothing is concluded from it."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A stateless fact about one frame or one reading; all memory of earlier facts is in the judge."""

    room: str
    participant: str
    kind: ObservationKind
    at: float
    values: Mapping[str, Any]
    channel: str = "webcam"
    sequence: int | None = None


Mark = tuple[str, int, int, int, int]
"""A place in a picture: its label, then x, y, width and height in pixels of the picture that was analysed."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What the judge concluded: which rule, since when, the numbers behind it, and the frame that shows it.

    `text` is an English sentence with %(name)s places for `numbers`; it is also its own translation key.
    `ended_at` is None while the condition lasts; the judge gives the same alert again, with it set, at the end.
    """

    id: str
    room: str
    participant: str
    kind: str
    severity: Severity
    started_at: float
    raised_at: float
    text: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    ended_at: float | None = None
    channel: str = "webcam"
    evidence: bytes | None = field(default=None, repr=False)
    hint: bool = True
    """Whether the student is told, gently; from the room's settings of the rule."""
    marks: tuple[Mark, ...] = ()
    """What in the picture the alert speaks of, to be drawn over a copy of it."""
    shown_by: frozenset[Evidence] = frozenset({Evidence.PICTURE})
    """What may be kept with it; from its rule."""

    def ended(self, at: float) -> "Alert":
        """Return this alert as over at `at`, without its evidence, which was kept when it was raised."""
        return replace(self, ended_at=at, evidence=None)


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """How one rule behaves in one room; seconds throughout.

    `hold` the condition must last this long; `confirm` of the last `window` looks must agree (N of M);
    `release` the all-clear must last this long before the alert ends (hysteresis); `cooldown` from the end of one
    alert to the next of its kind for the same student; `hint` whether the student is told, gently; `strictness`
    divides the measured limits of a rule (degrees, shares), 1.0 leaves them; `watch` which of a rule's cases count
    (objects by label, directions by name), None for the rule's own choice.
    """

    enabled: bool = True
    hold: float = 3.0
    confirm: int = 3
    window: int = 5
    release: float = 2.0
    cooldown: float = 20.0
    hint: bool = True
    severity: Severity = Severity.WARNING
    strictness: float = 1.0
    watch: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class AlertWeight:
    """What of an alert counts for a student's suspicion level: no text, no picture."""

    kind: str
    severity: Severity
    ended_at: float | None = None
