"""What a teacher sets for one room, and the JSON it is kept as."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from core.types import Role, RuleSettings, Severity

MAX_STUDENTS = 200
USUAL_STUDENTS = 100
RULE_BOUNDS: Mapping[str, tuple[float, float]] = {
    "hold": (0.5, 120.0),
    "confirm": (1, 20),
    "window": (1, 30),
    "release": (0.5, 60.0),
    "cooldown": (0.0, 600.0),
}
"""Least and most of each number a teacher may set: beyond them a rule would flood or never speak."""


USUAL_PHRASES = (
    *("ok google", "hey siri", "alexa", "what is the answer", "what did you put", "tell me the answer"),
    *("dis siri", "quelle est la réponse", "donne moi la réponse", "tu as mis quoi"),
)
"""Phrases to listen for where a room names none: assistants that are called, answers that are asked for."""
MOST_PHRASES = 30

NORMAL = "normal"
PRESETS = ("relaxed", NORMAL, "strict")
MOST_WATCHED = 30
"""Names of things or directions that a rule may be told to watch."""
GRID_FPS, USUAL_GRID_FPS = (1, 2, 3, 5, 10), 5
FOCUS_FPS, USUAL_FOCUS_FPS = (2, 5, 10), 10
"""Pictures a second that a room may choose, on the page of all students and in the large view of one."""


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """How one exam is run; everything has a default that is fair to the student."""

    admit_by_hand: bool = False
    hints: bool = True
    forbidden: tuple[str, ...] = ()
    forbidden_moves: tuple[str, ...] = ()
    max_students: int = USUAL_STUDENTS
    preset: str = NORMAL
    """How sensitive the rules are before the room's own changes: one of PRESETS."""
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By alert kind: only what differs from the default of that rule."""
    phones: tuple[str, ...] = ()
    """Roles (core.types.Role) without which a student cannot start."""
    phones_allowed: tuple[str, ...] = ()
    """Further roles that a student may pair."""
    sound: bool = False
    """The microphones of computer and phones are sensors in this room."""
    transcribe: bool = False
    """Speech is put into words, to listen for the phrases."""
    phrases: tuple[str, ...] = USUAL_PHRASES
    listening: bool = False
    """Teachers may listen live; the student is told while they do."""
    keep_sound: bool = False
    """The sound of an alert is kept with it."""
    grid_fps: int = USUAL_GRID_FPS
    """Pictures a second of each student on a page of few tiles; larger pages get less (rooms.live.capture_plan)."""
    focus_fps: int = USUAL_FOCUS_FPS
    """Pictures a second of a student who is shown large."""
    status_line: bool = False
    """Students see one line on how camera and arm are seen."""
    place: Mapping[str, Any] | None = None
    """Where the exam is taken, None where nobody is asked, in degrees and metres: {"kind": "circle", "latitude",
    "longitude", "radius"} or {"kind": "polygon", "points": [[latitude, longitude]...]}."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Return every role that a student of this room may pair, in the order of core.types.Role."""
        return tuple(role for role in Role if role in self.phones or role in self.phones_allowed)

    def with_words(self, known: Mapping[str, str]) -> "RoomSettings":
        """Return the same settings with the forbidden things that are known by other words under those of `known`."""
        items, moves = (
            tuple(dict.fromkeys(known.get(line, line) for line in lines))
            for lines in (self.forbidden, self.forbidden_moves)
        )
        return replace(self, forbidden=items, forbidden_moves=moves)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "RoomSettings":
        """Read what an earlier version may have written: unknown names are left out, numbers are bounded."""
        known = {f.name: kept[f.name] for f in fields(cls) if f.name in kept}
        for name in ("forbidden", "forbidden_moves"):
            known[name] = tuple(str(line) for line in known.get(name) or ())
        for name in ("phones", "phones_allowed"):
            known[name] = tuple(role for role in Role if role in (known.get(name) or ()))
        if "phrases" in known:
            known["phrases"] = tuple(str(line) for line in known["phrases"] or ())[:MOST_PHRASES]
        known["max_students"] = min(MAX_STUDENTS, max(1, int(known.get("max_students", USUAL_STUDENTS))))
        known["preset"] = known["preset"] if known.get("preset") in PRESETS else NORMAL
        for name, allowed, usual in (
            ("grid_fps", GRID_FPS, USUAL_GRID_FPS),
            ("focus_fps", FOCUS_FPS, USUAL_FOCUS_FPS),
        ):
            known[name] = known[name] if known.get(name) in allowed else usual
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """Return plain lists, numbers and texts for the database."""
        kept = asdict(self)
        lists = ("forbidden", "forbidden_moves", "phones", "phones_allowed", "phrases")
        return {**kept, **{name: [str(line) for line in kept[name]] for name in lists}}

    def rule_settings(self, defaults: Mapping[str, RuleSettings]) -> dict[str, RuleSettings]:
        """Return the rules of this room: the defaults with the room's changes laid over them."""
        merged = {kind: replace(rule, **self.rule_changes(kind)) for kind, rule in defaults.items()}
        return {kind: replace(rule, hint=rule.hint and self.hints) for kind, rule in merged.items()}

    def rule_changes(self, kind: str) -> dict[str, Any]:
        """Return what this room changes of a rule, within bounds."""
        return _bounded(self.rules.get(kind, {}))


def _bounded(changes: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: bool(changes[name]) for name in ("enabled", "hint") if name in changes}
    if changes.get("severity") in list(Severity):
        kept["severity"] = Severity(changes["severity"])
    if isinstance(changes.get("watch"), list | tuple):
        kept["watch"] = tuple(str(name)[:40] for name in changes["watch"][:MOST_WATCHED])
    for name, (least, most) in RULE_BOUNDS.items():
        if isinstance(changes.get(name), int | float):
            kept[name] = type(least)(min(most, max(least, changes[name])))
    return kept
