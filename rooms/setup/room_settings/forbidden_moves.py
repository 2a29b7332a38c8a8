"""What students are asked to avoid doing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.text_keys import N_
from rooms.setup.allowed import USUAL_MOVES
from rooms.setup.room_form_texts import COMMON_MOVES
from rooms.setup.room_settings.base import FormContext, Lines, Sent, check_lines, other_lines
from rooms.setup.room_settings.controls import Choice, Control, Kind, Section
from rooms.setup.room_settings.forbidden import MAX_LINE, MOST_LINES


class ForbiddenMoves(Lines):
    """Some of COMMON_MOVES, and what a teacher adds."""

    def read(self, sent: Sent) -> tuple[str, ...]:
        """Return the lines; UserError `lines_too_long`."""
        lines = sent.lines("forbidden_moves_more", sent.values.getlist(self.name))
        check_lines(lines, MOST_LINES, MAX_LINE)
        return lines

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return the ticked lines and the typed ones."""
        lines = values[self.name]
        return {
            self.name: [move for move in lines if move in COMMON_MOVES],
            "forbidden_moves_more": other_lines(lines, COMMON_MOVES),
        }


SETTING = ForbiddenMoves(
    first=USUAL_MOVES,
    error_at="forbidden_moves_more",
    controls=(
        Control(
            name="forbidden_moves",
            kind=Kind.TICKS,
            section=Section.RULES,
            label=N_("Students are asked to avoid"),
            choices=tuple(Choice(value=move, label=move) for move in COMMON_MOVES),
        ),
        Control(
            name="forbidden_moves_more",
            kind=Kind.LINES,
            section=Section.RULES,
            label=N_("Also to avoid, one per line"),
            help=N_("Forbid only what students can really avoid."),
            attributes=MappingProxyType({"rows": 2, "dir": "auto"}),
        ),
    ),
)
