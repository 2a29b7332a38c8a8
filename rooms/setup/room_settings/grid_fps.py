"""Pictures a second of each student on a page of few tiles; larger pages get less (rooms/live/capture_plan.py)."""

from core.text_keys import N_
from rooms.setup.room_settings.picture_rates import PictureRate

SETTING = PictureRate(
    rates=(1, 2, 3, 5, 10),
    default=5,
    label=N_("Pictures a second, all students"),
    help=N_("On a page of up to 9 students; larger pages get less of each, and a busy server asks for less."),
)
