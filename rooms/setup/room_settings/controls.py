"""The controls of a room's form as plain data: rooms/pages/room_fields.py makes fields of them."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from core.text_keys import N_


class Section(enum.StrEnum):
    """Where on the form a control stands; all but FRONT are under Advanced."""

    FRONT = "front"
    STUDENTS = "students"
    RULES = "rules"
    PHONES = "phones"
    SOUND = "sound"
    PLACE = "place"


HEADINGS: Mapping[Section, str] = MappingProxyType(
    {
        Section.STUDENTS: N_("Students"),
        Section.RULES: N_("Further rules"),
        Section.PHONES: N_("Phones"),
        Section.SOUND: N_("Sound"),
        Section.PLACE: N_("Place"),
    }
)
"""The parts of Advanced in the order of the form."""
SECTION_NEEDS: Mapping[Section, str] = MappingProxyType({Section.PHONES: "phones", Section.SOUND: "sound"})
"""What must be chosen on the form before a part is shown, as static/css/room_form.css names it."""


class Kind(enum.StrEnum):
    """How a control looks."""

    SWITCH = "switch"
    NUMBER = "number"
    TEXT = "text"
    LINES = "lines"
    TICKS = "ticks"
    RADIOS = "radios"
    SELECT = "select"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers that a control offers."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control; `label`, `help` and `legend` are translation keys."""

    name: str
    kind: Kind
    section: Section
    label: str = ""
    help: str = ""
    needs: str = ""
    """What must be chosen before it is shown, as static/css/room_form.css names it."""
    choices: tuple[Choice, ...] = ()
    only: frozenset[str] | None = None
    """Show these of the choices here; another control of the same name shows the others."""
    legend: str = ""
    """Heads the choices in place of the label."""
    marked: frozenset[str] = frozenset()
    """Choices that carry the sign for "the server looks for this"."""
    attributes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Further attributes of the HTML element."""

    @property
    def helps(self) -> dict[str, str]:
        """Return what the answers mean, by value, where that is said."""
        return {choice.value: choice.help for choice in self.choices if choice.help}
