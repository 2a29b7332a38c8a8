"""Who may send and who may receive each event, and what its fields are; what is not listed reaches nobody.

docs/protocol.md says the same in words, and a test compares the two.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from core.phone_roles import ROLES
from rooms.protocol.accommodation_kinds import EXEMPTIONS
from rooms.protocol.payload_checks import MAX_SAFE_INTEGER, Field, Schema
from rooms.protocol.socket_rooms import PHONE, STUDENT, TEACHER, RoomKind

NAMESPACES = (STUDENT, TEACHER, PHONE)

CONNECTION = frozenset({RoomKind.CONNECTION})
DEVICES = frozenset({RoomKind.DEVICES})
ONE_PHONE = frozenset({RoomKind.PHONE})
PHONES = frozenset({RoomKind.PHONES})
STUDENTS = frozenset({RoomKind.STUDENTS})
TEACHERS = frozenset({RoomKind.TEACHERS})

CAMERA_STATES = frozenset({"on", "denied", "unplugged", "muted", "none"})
PAGE_STATES = frozenset({"visible", "hidden", "blurred"})
HAND_REASONS = frozenset({"question", "break", "technical", "other"})
HAND_ANSWERS = frozenset({"seen", "break", "down"})
VERBS = frozenset({"pause", "resume", "lock", "unlock", "extra_time", "terminate", "flag"})
ACTION_REASONS = frozenset({"technical", "identity", "talk", "rules", "interruption", "agreed", "wish", "other"})
PROBLEM_CATEGORIES = frozenset({"camera", "sound", "network", "paper", "other"})
VERDICTS = frozenset({"new", "acknowledged", "dismissed"})
TARGETS = frozenset({"neutral", "top_left", "top_right", "bottom_left", "bottom_right"})

ARM_PHASES = frozenset({"start", "rest", "type", "write", "done", "skip"})
SENSOR_STATES = frozenset({"on", "denied", "none", "off"})
MOTION_STATES = frozenset({"on", "denied", "none", "silent"})
AWAKE_STATES = frozenset({"kept", "lost", "unsupported"})
ORIENTATIONS = frozenset({"portrait", "landscape"})
PLACE_STATES = frozenset({"known", "denied", "unknown"})
CHANNELS = frozenset({"webcam", *ROLES})
SOUND_REASONS = frozenset({"activity", "listening"})

MOST_TILES = 200  # a room's students, all on one screen
MOST_CLOSE = 8  # those who need somebody, and the one under the pointer
MOST_TEXT = 64_000  # characters; `check_chat` applies the real limit, with an answer a person understands
MOST_NOTE = 1000  # characters of a teacher's note on an alert
MOST_AT_ONCE = 200  # students that one action is about: as many as a room has
MOST_ALIKE = 50  # incidents that one decision is about
MOST_SEEN = 100  # incidents that a page says at once that it showed
MOST_MINUTES = 240  # of extra time
MOST_READ = 50  # actions that a student's page says at once that it showed
MOST_PADDING = 256 * 1024  # characters or bytes of a probe: as much as one frame

MOST_PIXELS = 100_000  # of a camera's picture, either side: far more than any has
MOST_FPS = 100_000
MOST_JITTER_MS = 3_600_000
MOTION_BYTES = 64 * 16  # 64 readings of four 32-bit numbers
SOUND_BYTES = 2 * 16_000  # one second
QUIETEST = -120  # dBFS
MOST_LUX = 200_000  # brighter than the sun at noon
MOST_ACCURACY = 1_000_000  # metres that a place may be off
LAST_MOMENT = 253_402_300_799_000  # ms, the end of the year 9999, which is the last that a database knows
MOST_INPUTS = 1000  # keys or movements in a second

# Of a person, a room, an alert or a message; no id of ours has another character.
ID = Field(str, shape=re.compile(r"[A-Za-z0-9_.:-]*"))
OPTIONAL_ID = replace(ID, required=False, nullable=True)
KIND = Field(str, shape=re.compile(r"[A-Z][A-Z0-9_]{0,31}"))
"""Of alerts; which there are, the rules say."""
COUNT = Field(int, most=MAX_SAFE_INTEGER)
TEXT = Field(str, most=MOST_TEXT, typed=True)

# Positional arguments, which `check_frame` checks.
POSITIONAL: Schema = MappingProxyType({})

ADDRESSEE: Schema = MappingProxyType(
    {
        "kind": Field(str, choices=frozenset({"student", "teachers", "all"})),
        "id": OPTIONAL_ID,
    }
)

LEVEL = Field((int, float), least=QUIETEST, most=0)
MOMENT = Field((int, float), most=MAX_SAFE_INTEGER)
ROLE = Field(str, choices=frozenset(ROLES))

# What a student's computer and phones measure; rooms/intake/readings.py looks into `data`.
SENSES: Mapping[str, Schema] = MappingProxyType(
    {
        "sound": {
            "seq": COUNT,
            "at": MOMENT,
            "level": LEVEL,
            "floor": LEVEL,
            "data": Field(bytes, most=SOUND_BYTES),
            "why": Field(str, choices=SOUND_REASONS),
        },
        "level": {"at": MOMENT, "level": LEVEL, "floor": LEVEL},
        "place": {
            "state": Field(str, choices=PLACE_STATES),
            "latitude": Field((int, float), required=False, nullable=True, least=-90, most=90),
            "longitude": Field((int, float), required=False, nullable=True, least=-180, most=180),
            "accuracy": Field((int, float), required=False, nullable=True, most=MOST_ACCURACY),
        },
    }
)

FROM_STUDENT: Mapping[str, Schema] = MappingProxyType(
    {
        "frame": POSITIONAL,
        "thumbnail": POSITIONAL,
        "camera": {
            "state": Field(str, choices=CAMERA_STATES),
            "label": Field(str, required=False, nullable=True, most=200),
        },
        "page": {"state": Field(str, choices=PAGE_STATES)},
        "ready": {},
        "chat": {"client_id": ID, "text": TEXT},
        "history": {"after": COUNT, "before": Field(int, required=False, nullable=True, most=MAX_SAFE_INTEGER)},
        "probe": {
            "sent_at": Field((int, float), most=MAX_SAFE_INTEGER),
            "padding": Field((str, bytes), required=False, most=MOST_PADDING),
        },
        "enrol": {"phase": Field(str, choices=frozenset({"start", "done"}))},
        "calibration": {
            "phase": Field(str, choices=frozenset({"start", "point", "done", "skip"})),
            "target": Field(str, required=False, nullable=True, choices=TARGETS),
        },
        "arm_calibration": {"phase": Field(str, choices=ARM_PHASES)},
        "source": {
            "label": Field(str, nullable=True, most=200),
            "width": Field((int, float), required=False, nullable=True, most=MOST_PIXELS),
            "height": Field((int, float), required=False, nullable=True, most=MOST_PIXELS),
            "fps": Field((int, float), required=False, nullable=True, most=MOST_FPS),
            "jitter_ms": Field((int, float), required=False, nullable=True, most=MOST_JITTER_MS),
        },
        "pair": {"role": ROLE},
        "unpair": {"role": ROLE},
        "input": {"keys": Field(int, most=MOST_INPUTS), "pointer": Field(int, most=MOST_INPUTS)},
        "microphone": {"state": Field(str, choices=SENSOR_STATES)},
        "hand": {"reason": Field(str, nullable=True, choices=HAND_REASONS)},
        "took": {
            "actions": Field(list, most=MOST_READ, item=ID),
            "step": Field(str, choices=frozenset({"delivered", "acknowledged"})),
        },
        "answer": {"incident": ID, "text": TEXT},
        "problem": {"category": Field(str, choices=PROBLEM_CATEGORIES), "text": TEXT},
        **SENSES,
        "leave": {},
    }
)

FROM_PHONE: Mapping[str, Schema] = MappingProxyType(
    {
        "frame": POSITIONAL,
        "motion": {"seq": COUNT, "at": MOMENT, "data": Field(bytes, most=MOTION_BYTES)},
        **SENSES,
        "light": {"lux": Field((int, float), most=MOST_LUX)},
        "health": {
            "battery": Field((int, float), nullable=True, most=1),
            "charging": Field(bool, nullable=True),
            "awake": Field(str, choices=AWAKE_STATES),
            "visible": Field(bool),
            "orientation": Field(str, nullable=True, choices=ORIENTATIONS),
            "network": Field(str, nullable=True, most=40),
            "camera": Field(str, choices=CAMERA_STATES),
            "motion": Field(str, choices=MOTION_STATES),
            "microphone": Field(str, choices=SENSOR_STATES),
        },
        "probe": FROM_STUDENT["probe"],
        "leave": {},
    }
)

FROM_TEACHER: Mapping[str, Schema] = MappingProxyType(
    {
        "watch": {
            "participants": Field(list, most=MOST_TILES, item=ID),
            "close": Field(list, required=False, most=MOST_CLOSE, item=ID),
            "focus": replace(ID, nullable=True),
        },
        "chat": {"client_id": ID, "to": Field(dict, fields=ADDRESSEE), "text": TEXT},
        "history": {
            "what": Field(str, choices=frozenset({"messages", "alerts"})),
            "after": Field(int, required=False, most=MAX_SAFE_INTEGER),
            "before": Field((int, float), required=False, nullable=True, most=LAST_MOMENT),
        },
        "admit": {"participant": ID, "admit": Field(bool)},
        "remove": {"participant": ID},
        "room": {"state": Field(str, choices=frozenset({"running", "paused", "ended"}))},
        "review": {
            "alert": ID,
            "verdict": Field(str, choices=VERDICTS),
            "note": Field(str, required=False, nullable=True, most=MOST_NOTE, typed=True),
        },
        "review_incident": {
            "incident": ID,
            "verdict": Field(str, required=False, nullable=True, choices=VERDICTS),
            "note": Field(str, required=False, nullable=True, most=MOST_NOTE, typed=True),
            "seen_until": Field((int, float), required=False, nullable=True, most=LAST_MOMENT),
        },
        "claim": {
            "incident": ID,
            "on": Field(bool),
            "take_over": Field(bool, required=False),
        },
        "accommodate": {
            "participant": ID,
            "accommodations": Field(
                list,
                required=False,
                nullable=True,
                most=len(EXEMPTIONS),
                item=Field(str, choices=frozenset(EXEMPTIONS)),
            ),
        },
        "hand": {"participant": ID, "answer": Field(str, choices=HAND_ANSWERS)},
        "act": {
            "participants": Field(list, most=MOST_AT_ONCE, item=ID),
            "verb": Field(str, choices=VERBS),
            "client_id": ID,
            "reason": Field(str, required=False, nullable=True, choices=ACTION_REASONS),
            "note": Field(str, required=False, nullable=True, most=MOST_NOTE, typed=True),
            "minutes": Field(int, required=False, nullable=True, most=MOST_MINUTES),
        },
        "undo": {"action": ID},
        "decide": {"action": ID, "agrees": Field(bool)},
        "saw": {
            "incidents": Field(list, most=MOST_SEEN, item=ID),
            "until": Field((int, float), most=LAST_MOMENT),
        },
        "review_incidents": {
            "incidents": Field(list, most=MOST_ALIKE, item=ID),
            "verdict": Field(str, choices=VERDICTS - {"new"}),
            "note": Field(str, required=False, nullable=True, most=MOST_NOTE, typed=True),
        },
        "solve": {"problem": ID, "solved": Field(bool)},
        "mute": {"kind": KIND, "quiet": Field(bool)},
        "rules": {"participant": ID},
        "listen": {"participant": ID, "channel": Field(str, choices=CHANNELS), "on": Field(bool)},
    }
)

EVENTS_IN: Mapping[str, Mapping[str, Schema]] = MappingProxyType(
    {STUDENT: FROM_STUDENT, TEACHER: FROM_TEACHER, PHONE: FROM_PHONE}
)

# Which Socket.IO rooms each event goes to.
EVENTS_OUT: Mapping[str, Mapping[str, frozenset[RoomKind]]] = MappingProxyType(
    {
        STUDENT: {
            "welcome": DEVICES,
            "capture": DEVICES,
            "look": DEVICES,
            "hint": DEVICES,
            "hand": DEVICES,
            "standing": DEVICES,
            "incidents": DEVICES,
            "problems": DEVICES,
            "admission": DEVICES,
            "room": DEVICES,
            "chat": DEVICES | STUDENTS,
            "phones": DEVICES,
            "status": DEVICES,
            "proof": DEVICES,
            "listening": DEVICES,
            "checkpoint": STUDENTS,
            "replaced": CONNECTION,
        },
        PHONE: {
            "welcome": ONE_PHONE,
            "capture": ONE_PHONE,
            "phone": ONE_PHONE,
            "listening": ONE_PHONE,
            "admission": DEVICES,
            "room": PHONES,
            "replaced": CONNECTION,
        },
        TEACHER: {
            "welcome": CONNECTION,
            "tiles": CONNECTION,
            "participant": TEACHERS,
            "teachers": TEACHERS,
            "alert": TEACHERS,
            "identity": TEACHERS,
            "chat": TEACHERS,
            "room": TEACHERS,
            "capacity": TEACHERS | CONNECTION,
            "storage": TEACHERS,
            "attention": TEACHERS | CONNECTION,
            "muted": TEACHERS | CONNECTION,
            "claims": TEACHERS | CONNECTION,
            "withdrawn": TEACHERS,
            "actions": TEACHERS | CONNECTION,
            "cases": CONNECTION,
            "answers": TEACHERS | CONNECTION,
            "problems": TEACHERS | CONNECTION,
            "sensors": TEACHERS | CONNECTION,
            "heard": CONNECTION,
            "checkpoint": TEACHERS,
        },
    }
)


def may_send(namespace: str, event: str) -> bool:
    """Return whether a client of this namespace may send this event to the server."""
    return event in EVENTS_IN.get(namespace, {})


def may_go_to(namespace: str, event: str, kind: RoomKind) -> bool:
    """Return whether the server may send this event to the Socket.IO rooms of this kind."""
    return kind in EVENTS_OUT.get(namespace, {}).get(event, frozenset())
