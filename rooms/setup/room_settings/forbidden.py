"""What students may not use: whatever of the usual things is not allowed, and what a teacher adds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.text_keys import N_
from rooms.setup.allowed import FIRST_ITEMS, MORE_ITEMS, allowed_items
from rooms.setup.room_form_texts import COMMON_ITEMS, WATCHED_ITEMS
from rooms.setup.room_settings.base import FormContext, Lines, Sent, check_lines, other_lines
from rooms.setup.room_settings.controls import Choice, Control, Kind, Section

MOST_LINES = 30
MAX_LINE = 120  # characters


class Forbidden(Lines):
    """The form asks what is allowed; the rest of COMMON_ITEMS is forbidden."""

    def read(self, sent: Sent) -> tuple[str, ...]:
        """Return the lines; UserError `lines_too_long`."""
        allowed = sent.values.getlist("allowed")
        lines = sent.lines("forbidden_more", [item for item in COMMON_ITEMS if item not in allowed])
        check_lines(lines, MOST_LINES, MAX_LINE)
        return lines

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return what is allowed, and the teacher's own lines."""
        return {
            "allowed": allowed_items(values[self.name], context.rules, context.choices),
            "forbidden_more": other_lines(values[self.name], COMMON_ITEMS),
        }


CHOICES = tuple(Choice(value=item, label=item) for item in (*FIRST_ITEMS, *MORE_ITEMS))

SETTING = Forbidden(
    first=COMMON_ITEMS,
    error_at="forbidden_more",
    controls=(
        Control(
            name="allowed",
            kind=Kind.TICKS,
            section=Section.FRONT,
            label=N_("Allowed in this exam"),
            help=N_("Everything else is forbidden; students are told so before they start."),
            choices=CHOICES,
            only=frozenset(FIRST_ITEMS),
            marked=frozenset(WATCHED_ITEMS),
        ),
        Control(
            name="allowed",
            kind=Kind.TICKS,
            section=Section.RULES,
            label=N_("Allowed in this exam"),
            legend=N_("Also allowed"),
            choices=CHOICES,
            only=frozenset(MORE_ITEMS),
            marked=frozenset(WATCHED_ITEMS),
        ),
        Control(
            name="forbidden_more",
            kind=Kind.LINES,
            section=Section.RULES,
            label=N_("Also not allowed, one per line"),
            help=N_("For example: a certain book or website."),
            attributes=MappingProxyType({"rows": 2, "dir": "auto"}),
        ),
    ),
)
