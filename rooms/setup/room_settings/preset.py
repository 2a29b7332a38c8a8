"""How sensitive the rules are before the room's own changes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.text_keys import N_
from rooms.setup.room_settings.base import FormContext, Sent, Setting
from rooms.setup.room_settings.controls import Choice, Control, Kind, Section

NORMAL = "normal"
PRESETS = ("relaxed", NORMAL, "strict")


def preset_of(sent: Sent) -> str:
    """Return the preset that a form asks for, the normal one where it names none."""
    preset = sent.values.get("preset", NORMAL)
    return preset if preset in PRESETS else NORMAL


class Preset(Setting[str]):
    """One of PRESETS."""

    def from_json(self, kept: Any) -> str:
        """Return the preset, the normal one for a name that is not known."""
        return str(kept) if kept in PRESETS else NORMAL

    def read(self, sent: Sent) -> str:
        """Return the preset."""
        return preset_of(sent)

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return the preset, twice: the numbers of the rules are shown for the second one."""
        return {"preset": values[self.name], "preset_shown": values[self.name]}


SETTING = Preset(
    default=NORMAL,
    controls=(
        Control(
            name="preset",
            kind=Kind.RADIOS,
            section=Section.FRONT,
            label=N_("How closely to watch"),
            choices=(
                Choice(value="relaxed", label=N_("Relaxed"), help=N_("fewer alerts, only for what lasts")),
                Choice(value=NORMAL, label=N_("Normal"), help=N_("for most exams")),
                Choice(value="strict", label=N_("Strict"), help=N_("sooner, and more false alarms")),
            ),
            attributes=MappingProxyType({"autocomplete": "off"}),
        ),
        Control(name="preset_shown", kind=Kind.HIDDEN, section=Section.FRONT),
    ),
)
