"""Whether the microphones of computer and phones are sensors in a room."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("With sound"),
    help=N_("The server tells speech from other noise. Students see whenever sound is sent."),
    section=Section.FRONT,
    is_agreed=True,
)
