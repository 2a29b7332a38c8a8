"""Whether teachers may listen live; the student is told while they do."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("Teachers may listen live"),
    help=N_("The student is told while a teacher listens."),
    section=Section.SOUND,
    requires="sound",
    is_agreed=True,
)
