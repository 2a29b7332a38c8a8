"""Whether the sound of an alert is kept with it."""

from core.text_keys import N_
from rooms.setup.room_settings.base import Switch
from rooms.setup.room_settings.controls import Section

SETTING = Switch(
    label=N_("Keep the sound of alerts"),
    help=N_("At most ten seconds around an alert, deleted with the room. Without this no sound is ever kept."),
    section=Section.SOUND,
    requires="sound",
    is_agreed=True,
)
