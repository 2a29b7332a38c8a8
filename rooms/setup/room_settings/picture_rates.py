"""How many pictures a second a student may be asked for, where somebody watches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rooms.setup.room_settings.base import FormContext, Sent, Setting
from rooms.setup.room_settings.controls import Choice, Control, Kind, Section


@dataclass(eq=False, kw_only=True)
class PictureRate(Setting[int]):
    """One of some rates."""

    rates: Sequence[int]
    label: str
    help: str

    def __set_name__(self, owner: type, name: str) -> None:
        """Make the control, which has the setting's name."""
        super().__set_name__(owner, name)
        choices = tuple(Choice(value=str(rate), label=str(rate)) for rate in self.rates)
        self.controls = (
            Control(
                name=name,
                kind=Kind.SELECT,
                section=Section.STUDENTS,
                label=self.label,
                help=self.help,
                choices=choices,
            ),
        )

    def from_json(self, kept: Any) -> int:
        """Return the rate, the default for one that is not offered."""
        return int(kept) if kept in self.rates else self.default

    def read(self, sent: Sent) -> int:
        """Return the rate, the default for one that is not offered."""
        wanted = sent.values.get(self.name, "")
        return int(wanted) if wanted in {str(rate) for rate in self.rates} else self.default

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return the rate."""
        return {self.name: str(values[self.name])}
