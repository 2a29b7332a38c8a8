"""Whether speech is turned into words, to listen for the phrases."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("Listen for phrases"),
    help=N_("Speech is turned into words on this server, to find certain phrases. Words can be misheard."),
    section=Section.SOUND,
    requires="sound",
    is_agreed=True,
)
