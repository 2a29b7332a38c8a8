"""Whether this server may learn to detect phones better from the alerts of a room that teachers judged."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("Judged phone alerts may improve detection on this server"),
    help=N_(
        "What you call right or wrong among phone alerts may be cut out of the pictures kept with them, when an"
        " administrator has this server learn from it. Nothing is kept for longer, and nothing leaves the server."
    ),
    section=Section.RULES,
    is_agreed=True,
)
