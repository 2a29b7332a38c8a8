"""Whether students are told how to improve their picture."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("Tell students what to improve"),
    help=N_("“It is too dark to see you”: most students then help themselves, before you have to ask."),
    section=Section.STUDENTS,
    default=True,
)
