"""Words of the room form: the items and movements that exams often forbid."""

from core.text_keys import N_

COMMON_ITEMS = (
    N_("Mobile phone"),
    N_("Smartwatch"),
    N_("Headphones or earbuds"),
    N_("Books and notes"),
    N_("Calculator"),
    N_("Second screen"),
    N_("Other people in the room"),
)

COMMON_MOVES = (
    N_("Leaving the chair"),
    N_("Leaving the exam page"),
    N_("Talking or reading aloud"),
    N_("Covering or turning the camera"),
    N_("Looking away from the screen for long"),
)

COMMON = frozenset({*COMMON_ITEMS, *COMMON_MOVES})
"""What each student reads in the own language; other lines are the teacher's own words."""

WATCHED_ITEMS = (N_("Mobile phone"), N_("Books and notes"), N_("Second screen"), N_("Other people in the room"))
"""Those of COMMON_ITEMS that the server looks for in the pictures; the others are rules for people."""
