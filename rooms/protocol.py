"""Who may send and who may receive each event, and what its fields are; what is not listed reaches nobody.

docs/protocol.md says the same in words, and a test compares the two.
"""

from collections.abc import Mapping
from types import MappingProxyType

from core.types import AlertKind
from rooms.adjustments import EXEMPTIONS
from rooms.policy import MAX_SAFE_INTEGER, Field, Schema

STUDENT = "/student"
TEACHER = "/teacher"
NAMESPACES = (STUDENT, TEACHER)

CAMERA_STATES = frozenset({"on", "denied", "unplugged", "muted", "none"})
PAGE_STATES = frozenset({"visible", "hidden", "blurred"})
VERDICTS = frozenset({"new", "acknowledged", "dismissed"})
TARGETS = frozenset({"neutral", "top_left", "top_right", "bottom_left", "bottom_right"})

MOST_TILES = 49  # the largest page of the teacher's grid
MOST_TEXT = 64_000  # characters; `check_chat` applies the real limit, with an answer a person understands
MOST_NOTE = 1000  # characters of a teacher's note on an alert
MOST_PADDING = 256 * 1024  # characters or bytes of a probe: as much as one frame

MOST_PIXELS = 100_000  # of a camera's picture, either side: far more than any has
MOST_FPS = 100_000
MOST_JITTER_MS = 3_600_000

ID = Field(str)
COUNT = Field(int, most=MAX_SAFE_INTEGER)
TEXT = Field(str, most=MOST_TEXT)

# Positional arguments, which `check_frame` checks.
POSITIONAL: Schema = MappingProxyType({})

ADDRESSEE: Schema = MappingProxyType(
    {
        "kind": Field(str, choices=frozenset({"student", "teachers", "all"})),
        "id": Field(str, required=False, nullable=True),
    }
)

FROM_STUDENT: Mapping[str, Schema] = MappingProxyType(
    {
        "frame": POSITIONAL,
        "camera": {
            "state": Field(str, choices=CAMERA_STATES),
            "label": Field(str, required=False, nullable=True, most=200),
        },
        "page": {"state": Field(str, choices=PAGE_STATES)},
        "ready": {},
        "chat": {"client_id": ID, "text": TEXT},
        "history": {"after": COUNT},
        "probe": {
            "sent_at": Field((int, float), most=MAX_SAFE_INTEGER),
            "padding": Field((str, bytes), required=False, most=MOST_PADDING),
        },
        "enrol": {"phase": Field(str, choices=frozenset({"start", "done"}))},
        "calibration": {
            "phase": Field(str, choices=frozenset({"start", "point", "done", "skip"})),
            "target": Field(str, required=False, nullable=True, choices=TARGETS),
        },
        "source": {
            "label": Field(str, nullable=True, most=200),
            "width": Field((int, float), required=False, nullable=True, most=MOST_PIXELS),
            "height": Field((int, float), required=False, nullable=True, most=MOST_PIXELS),
            "fps": Field((int, float), required=False, nullable=True, most=MOST_FPS),
            "jitter_ms": Field((int, float), required=False, nullable=True, most=MOST_JITTER_MS),
        },
        "leave": {},
    }
)

FROM_TEACHER: Mapping[str, Schema] = MappingProxyType(
    {
        "watch": {
            "participants": Field(list, most=MOST_TILES, item=ID),
            "focus": Field(str, nullable=True),
        },
        "chat": {"client_id": ID, "to": Field(dict, fields=ADDRESSEE), "text": TEXT},
        "history": {
            "what": Field(str, choices=frozenset({"messages", "alerts"})),
            "after": Field(int, required=False, most=MAX_SAFE_INTEGER),
            "before": Field((int, float, str), required=False, nullable=True, most=MAX_SAFE_INTEGER),
        },
        "admit": {"participant": ID, "admit": Field(bool)},
        "remove": {"participant": ID},
        "room": {"state": Field(str, choices=frozenset({"running", "paused", "ended"}))},
        "review": {
            "alert": ID,
            "verdict": Field(str, choices=VERDICTS),
            "note": Field(str, required=False, nullable=True, most=MOST_NOTE),
        },
        "adjust": {
            "participant": ID,
            "exemptions": Field(
                list,
                required=False,
                nullable=True,
                most=len(EXEMPTIONS),
                item=Field(str, choices=frozenset(EXEMPTIONS)),
            ),
        },
        "quieten": {"kind": Field(str, choices=frozenset(AlertKind)), "quiet": Field(bool)},
    }
)

EVENTS_IN: Mapping[str, Mapping[str, Schema]] = MappingProxyType({STUDENT: FROM_STUDENT, TEACHER: FROM_TEACHER})

EVENTS_OUT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        STUDENT: frozenset({"welcome", "capture", "look", "hint", "admission", "room", "chat", "replaced"}),
        TEACHER: frozenset(
            {
                "welcome",
                "tiles",
                "participant",
                "teachers",
                "alert",
                "identity",
                "chat",
                "room",
                "capacity",
                "attention",
                "quietened",
            }
        ),
    }
)


def may_send(namespace: str, event: str) -> bool:
    """Return whether a client of this namespace may send this event to the server."""
    return event in EVENTS_IN.get(namespace, {})


def may_receive(namespace: str, event: str) -> bool:
    """Return whether the server may send this event to the clients of this namespace."""
    return event in EVENTS_OUT.get(namespace, frozenset())
