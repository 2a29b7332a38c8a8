"""Whether students wait after their camera check until a teacher lets them in."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("I let each student in by hand"),
    help=N_("Students wait after their camera check until you have compared name and face."),
    section=Section.STUDENTS,
    notice=N_("Your teacher lets each student in by hand."),
)
