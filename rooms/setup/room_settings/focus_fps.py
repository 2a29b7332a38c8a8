"""Pictures a second of a student who is shown large."""

from core.text_keys import N_
from rooms.setup.room_settings.picture_rates import PictureRate

SETTING = PictureRate(
    rates=(2, 5, 10),
    default=10,
    label=N_("Pictures a second, one student large"),
    help=N_("10 is a picture every 100 milliseconds."),
)
