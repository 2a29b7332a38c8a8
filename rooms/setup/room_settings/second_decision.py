"""Whether a second person decides on every incident before it may lead to a sanction."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("A second person decides before a sanction"),
    help=N_(
        "Two teachers decide on each incident about a student; the second does not see what the first said. "
        "The report tells how often they agreed."
    ),
    section=Section.RULES,
    notice=N_("Two people decide on each alert about you, independently of each other."),
)
