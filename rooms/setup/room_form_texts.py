"""Words of the room form: what each rule watches for, and the items and movements that exams often forbid."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from core.types import AlertKind


def N_(text: str) -> str:
    """Mark a text for translation where it is shown."""
    return text


class RuleWords(NamedTuple):
    """A rule as teachers read it."""

    name: str
    meaning: str


RULES: Mapping[AlertKind, RuleWords] = MappingProxyType(
    {
        AlertKind.FACE_NOT_FOUND: RuleWords(N_("No face"), N_("Nobody is seen in a picture that can be seen well.")),
        AlertKind.MULTIPLE_FACES: RuleWords(N_("Several faces"), N_("More than one person is seen.")),
        AlertKind.CAMERA_BLOCKED: RuleWords(
            N_("Cannot see"), N_("Too dark, too bright, blurred, covered or frozen. Never counts against the student.")
        ),
        AlertKind.CONNECTION_LOST: RuleWords(
            N_("Connection lost"), N_("The student's computer is not connected. Never counts against the student.")
        ),
        AlertKind.CAMERA_LOST: RuleWords(N_("Camera lost"), N_("The camera was unplugged, switched off or refused.")),
        AlertKind.PAGE_HIDDEN: RuleWords(N_("Left the page"), N_("Another tab or program is in front of the exam.")),
        AlertKind.PHONE_DETECTED: RuleWords(N_("Phone"), N_("A mobile phone is seen.")),
        AlertKind.FORBIDDEN_OBJECT: RuleWords(
            N_("Forbidden object"), N_("A book, a laptop, another screen: what the list of this room names.")
        ),
        AlertKind.SECOND_PERSON: RuleWords(
            N_("Second person"), N_("Somebody else is seen whose face is not in the picture.")
        ),
        AlertKind.LOOKING_AWAY: RuleWords(
            N_("Looking away"), N_("Head and eyes are turned to the side or up for long. Looking at paper is normal.")
        ),
        AlertKind.EYES_CLOSED: RuleWords(
            N_("Eyes closed"), N_("The eyes are closed for long. The student may be unwell.")
        ),
        AlertKind.TALKING: RuleWords(
            N_("Talking"), N_("The mouth goes on moving. It may be chewing or silent reading.")
        ),
        AlertKind.IDENTITY_MISMATCH: RuleWords(
            N_("Another person"),
            N_("The face is not the one of the photo or the system check, in several comparisons."),
        ),
        AlertKind.CAMERA_REPLACED: RuleWords(
            N_("Camera replaced"),
            N_("A recording that repeats, a photo that never moves, or a program that makes up a camera."),
        ),
        AlertKind.SPEECH_DETECTED: RuleWords(
            N_("Speech"), N_("Somebody speaks near a microphone of the student. Whose voice it is cannot be told.")
        ),
        AlertKind.KEYWORD_HEARD: RuleWords(
            N_("Phrase heard"), N_("One of the room's phrases was heard, in rooms that put speech into words.")
        ),
        AlertKind.PHONE_CHANNEL_LOST: RuleWords(
            N_("Phone lost"), N_("A phone of the student is not connected. Never counts against the student.")
        ),
        AlertKind.SCREEN_NOT_IN_VIEW: RuleWords(
            N_("Screen not in view"),
            N_("The phone on the head does not see the exam's screen. Never counts against the student."),
        ),
        AlertKind.ARM_MOTION: RuleWords(
            N_("Arm movement"),
            N_("The arm with the phone is at the face, or moves strongly, and neither keys nor mouse explain it."),
        ),
        AlertKind.CAMERA_MOVED: RuleWords(
            N_("Camera moved"), N_("The phone in the room stands otherwise, or films something else, than before.")
        ),
        AlertKind.LOCATION_OUTSIDE: RuleWords(
            N_("Elsewhere"), N_("The device says that it is outside the area of the exam. Not knowing never counts.")
        ),
    }
)

WATCH: Mapping[AlertKind, Mapping[str, tuple[str, bool]]] = MappingProxyType(
    {
        AlertKind.FORBIDDEN_OBJECT: {
            "book": (N_("Books and paper"), True),
            "laptop": (N_("Laptops"), True),
            "tv": (N_("Further screens"), True),
            "remote": (N_("Remote controls"), False),
        },
        AlertKind.LOOKING_AWAY: {
            "left": (N_("To the left"), True),
            "right": (N_("To the right"), True),
            "up": (N_("Up"), True),
            "down": (N_("Down, where paper lies"), False),
        },
    }
)
"""What a teacher can choose within a rule, and whether it is watched where nothing was chosen."""

COMMON_ITEMS = (
    N_("Mobile phone"),
    N_("Smartwatch"),
    N_("Headphones or earbuds"),
    N_("Books and notes"),
    N_("Calculator"),
    N_("Second screen"),
    N_("Other people in the room"),
)

COMMON_MOVES = (
    N_("Leaving the chair"),
    N_("Leaving the exam page"),
    N_("Talking or reading aloud"),
    N_("Covering or turning the camera"),
    N_("Looking away from the screen for long"),
)

COMMON = frozenset({*COMMON_ITEMS, *COMMON_MOVES})
"""What each student reads in the own language; other lines are the teacher's own words."""

WATCHED_ITEMS = (N_("Mobile phone"), N_("Books and notes"), N_("Second screen"), N_("Other people in the room"))
"""Those of COMMON_ITEMS that the server looks for in the pictures; the others are rules for people."""
