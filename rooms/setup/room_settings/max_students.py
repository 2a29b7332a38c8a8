"""How many students a room takes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.errors import UserError
from core.text_keys import N_
from rooms.setup.room_settings.base import FormContext, Sent, Setting
from rooms.setup.room_settings.controls import Control, Kind, Section

MAX_STUDENTS = 200
USUAL_STUDENTS = 100


class MaxStudents(Setting[int]):
    """A whole number within bounds."""

    def from_json(self, kept: Any) -> int:
        """Return the number within bounds."""
        return min(MAX_STUDENTS, max(1, int(kept)))

    def read(self, sent: Sent) -> int:
        """Return the number; UserError `bad_number`."""
        number = sent.number(self.name, 1, MAX_STUDENTS)
        if number is None:
            raise UserError(
                "bad_number", "Please give a whole number from %(least)d to %(most)d.", least=1, most=MAX_STUDENTS
            )
        return int(number)

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return the number."""
        return {self.name: values[self.name]}


SETTING = MaxStudents(
    default=USUAL_STUDENTS,
    controls=(
        Control(
            name="max_students",
            kind=Kind.NUMBER,
            section=Section.STUDENTS,
            label=N_("Maximum number of students"),
            attributes=MappingProxyType({"min": 1, "max": MAX_STUDENTS}),
        ),
    ),
)
