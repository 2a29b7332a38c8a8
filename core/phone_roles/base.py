"""What a phone role says of itself, for everybody who shows, captures or judges phones."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class Facing(enum.StrEnum):
    """Which camera of a phone films, as browsers name it."""

    REAR = "environment"
    FRONT = "user"


class Wish(enum.StrEnum):
    """Whether a room uses phones of a role."""

    NOT_USED = ""
    OPTIONAL = "allowed"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWords:
    """What people read of a role: translation keys."""

    title: str
    """"Phone on the arm": heads its pages, and stands in the forms and lists of teachers."""
    short: str
    """The same in one word, for a line of the exam page."""
    where: str
    """"on the arm": after "your own phones"."""
    help: str
    """For the teacher who chooses phones: what it shows."""
    notice: str
    """For the student before the exam: what is captured."""
    placing: str
    """For the student: how to place it."""
    sends: str
    """On the phone's own page: what it captures besides battery, network and, where asked for, sound and place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRole:
    """A place where a student's phone is worn or stands; `key` is also the channel of its pictures and readings."""

    key: str
    words: RoleWords
    sign: str
    """A Bootstrap icon, without the `bi-`."""
    camera: Facing | None = None
    """The camera that films; None for a role without pictures."""
    motion: str = ""
    """The sense (detection/sensing/registry.py) that reads its movement; "" where movement is not measured."""
    needs_motion: bool = False
    """Without its motion sensor such a phone is of no use."""
    detectors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Detectors that analyse its pictures: seconds between two analyses, 0 for each picture that is analysed."""
    pace: float = 2.0
    """How much more seldom than a webcam's its pictures are analysed."""
    alerts: frozenset[str] = frozenset()
    """Kinds of alert that its pictures and movement may raise; those of every phone need no mention."""
    wish: Wish = Wish.NOT_USED
    """What a room that begins to use phones asks of this role."""
    has_drawing: bool = False
    """static/img/phones/<key>.svg shows how to place it; without one the sign is shown."""
    problems: Mapping[str, str]
    """What the student is told of each problem that keeps a phone from being ready: `offline`, `screen_locked`,
    `hidden`, `silent`; with a camera also `no_camera`, with a motion sensor that is needed `no_motion`."""
    lost: str
    """The teacher's alert about a phone that is not connected, with `%(seconds)s` and `%(limit)s`."""
    hints: Mapping[str, str]
    """What the student is told while an alert lasts: `lost`; with a camera also `unclear` and `covered`."""
