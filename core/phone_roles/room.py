"""A phone that stands in the room, behind and beside the student: its camera sees student, desk and screen."""

from types import MappingProxyType

from core.phone_roles.base import Facing, PhoneRole, RoleWords, Wish
from core.text_keys import N_
from core.types import AlertKind, Role

ROLE = PhoneRole(
    key=str(Role.ROOM),
    words=RoleWords(
        title=N_("Phone in the room"),
        short=N_("Room"),
        where=N_("in the room"),
        help=N_("Stands behind and to the side: films the student and the desk."),
        notice=N_("Your own phone in the room: pictures of you and your desk, about one in two seconds."),
        placing=N_(
            "Put it behind you and to the side, so that the rear camera sees you, your desk and your screen."
            " Plug it in."
        ),
        sends=N_("Pictures from the rear camera, as from your webcam, and whether the phone was moved."),
    ),
    sign="house-door",
    camera=Facing.REAR,
    motion="room_motion",
    detectors=MappingProxyType({"picture": 0.0, "objects": 4.0, "markers": 4.0, "scene": 0.0}),
    alerts=frozenset(
        {
            AlertKind.CAMERA_BLOCKED,
            AlertKind.PHONE_DETECTED,
            AlertKind.FORBIDDEN_OBJECT,
            AlertKind.SECOND_PERSON,
            AlertKind.CAMERA_MOVED,
        }
    ),
    wish=Wish.REQUIRED,
    has_drawing=True,
    problems=MappingProxyType(
        {
            "offline": N_(
                "The phone for the room is not connected. Please scan its code with it, or open its page again."
            ),
            "no_camera": N_("The phone for the room sends no picture. Please allow its camera in the browser."),
            "screen_locked": N_(
                "The screen of the phone for the room may go dark. Please touch the button on its page."
            ),
            "hidden": N_("The phone for the room shows something else. Please go back to its page."),
            "silent": N_("Nothing comes from the phone for the room. Please look at its page."),
        }
    ),
    lost=N_("The phone in the room has been out of reach for %(seconds)s s (limit %(limit)s s)."),
    hints=MappingProxyType(
        {
            "lost": N_("The phone in the room is not connected any more. Please open its page again."),
            "unclear": N_("The phone in the room cannot see well. Please check its lens, its position and the light."),
            "covered": N_("Something covers the camera of the phone in the room. Please uncover it."),
        }
    ),
)
