"""Whether students may answer alerts about themselves while the exam goes on; afterwards they always may."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("Students may answer alerts during the exam"),
    help=N_(
        "Students see at once what was noticed about them, and can say what it was. "
        "Without this they answer after the end of the exam."
    ),
    section=Section.STUDENTS,
    notice=N_("You see during the exam what was noticed about you, and can answer it."),
)
