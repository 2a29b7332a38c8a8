"""Whether students see one line on how camera and arm are seen."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("Students see how camera and arm are seen"),
    help=N_("One calm line: whether the camera sees well and how much the arm moves. It says nothing of alerts."),
    section=Section.STUDENTS,
)
