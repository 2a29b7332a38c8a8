"""A phone on a headband: its camera sees what the student sees."""

from types import MappingProxyType

from core.phone_roles.base import Facing, PhoneRole, RoleWords
from core.text_keys import N_
from core.types import AlertKind, Role

ROLE = PhoneRole(
    key=str(Role.HEAD),
    words=RoleWords(
        title=N_("Phone on the head"),
        short=N_("Head"),
        where=N_("on the head"),
        help=N_("Films what the student sees: desk, hands and screen."),
        notice=N_("Your own phone on your head: pictures of what is before you, about one in two seconds."),
        placing=N_(
            "Wear it on a headband with the rear camera looking forward and a little down, so that it sees your desk"
            " and your screen."
        ),
        sends=N_("Pictures from the rear camera, as from your webcam."),
    ),
    sign="person-bounding-box",
    camera=Facing.REAR,
    # Faces tell somebody in front of the student from the student's own arms. They are looked for in each picture:
    # a head moves, and things must be compared with the faces of the same one. The room camera counts bodies.
    detectors=MappingProxyType({"face": 0.0, "picture": 0.0, "objects": 4.0, "markers": 0.0}),
    alerts=frozenset(
        {
            AlertKind.CAMERA_BLOCKED,
            AlertKind.PHONE_DETECTED,
            AlertKind.FORBIDDEN_OBJECT,
            AlertKind.SECOND_PERSON,
            AlertKind.SCREEN_NOT_IN_VIEW,
        }
    ),
    has_drawing=True,
    problems=MappingProxyType(
        {
            "offline": N_(
                "The phone for your head is not connected. Please scan its code with it, or open its page again."
            ),
            "no_camera": N_("The phone for your head sends no picture. Please allow its camera in the browser."),
            "screen_locked": N_(
                "The screen of the phone for your head may go dark. Please touch the button on its page."
            ),
            "hidden": N_("The phone for your head shows something else. Please go back to its page."),
            "silent": N_("Nothing comes from the phone for your head. Please look at its page."),
        }
    ),
    lost=N_("The phone on the head has been out of reach for %(seconds)s s (limit %(limit)s s)."),
    hints=MappingProxyType(
        {
            "lost": N_("The phone on your head is not connected any more. Please open its page again."),
            "unclear": N_("The phone on your head cannot see well. Please check its lens, its position and the light."),
            "covered": N_("Something covers the camera of the phone on your head. Please uncover it."),
        }
    ),
)
