"""A phone on the forearm of the writing hand: it measures movement and films nothing."""

from types import MappingProxyType

from core.phone_roles.base import PhoneRole, RoleWords
from core.text_keys import N_
from core.types import AlertKind, Role

ROLE = PhoneRole(
    key=str(Role.ARM),
    words=RoleWords(
        title=N_("Phone on the arm"),
        short=N_("Arm"),
        where=N_("on the arm"),
        help=N_("Measures how the arm moves. No camera."),
        notice=N_("Your own phone on your arm: how it moves."),
        placing=N_(
            "Strap it to the forearm of your writing hand, its upper edge towards the hand, with a sports band or a"
            " loose bandage. It measures movement and takes no pictures."
        ),
        sends=N_("How your arm moves. No pictures."),
    ),
    sign="smartwatch",
    motion="arm",
    needs_motion=True,
    alerts=frozenset({AlertKind.ARM_MOTION}),
    has_drawing=True,
    problems=MappingProxyType(
        {
            "offline": N_(
                "The phone for your arm is not connected. Please scan its code with it, or open its page again."
            ),
            "no_motion": N_(
                "The phone for your arm measures no movement. Please allow it in the browser, or take another phone."
            ),
            "screen_locked": N_(
                "The screen of the phone for your arm may go dark. Please touch the button on its page."
            ),
            "hidden": N_("The phone for your arm shows something else. Please go back to its page."),
            "silent": N_("Nothing comes from the phone for your arm. Please look at its page."),
        }
    ),
    lost=N_("The phone on the arm has been out of reach for %(seconds)s s (limit %(limit)s s)."),
    hints=MappingProxyType(
        {"lost": N_("The phone on your arm is not connected any more. Please open its page again.")}
    ),
)
