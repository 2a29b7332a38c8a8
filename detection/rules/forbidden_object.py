"""FORBIDDEN_OBJECT: something that this room does not allow lies or stands in the picture."""

from types import MappingProxyType

from core.phone_roles import watched_for
from core.rule_catalogue import Choice
from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings
from detection.measures.detected_objects import (
    PERSON,
    PHONE,
    SCREENS,
    DetectedObject,
    detected_objects_of,
    distinct,
    distinct_screens,
    is_sure,
    percent,
)
from detection.rules.base import GOOD, WEBCAM, Memory, Rule, Verdict

USUAL = ("book", "laptop", "tv")
"""Watched for where the room names nothing; labels of COCO, where "tv" is any screen."""
# Of 1. The detector gives what it finds from 0.35 on, and takes a window or a cupboard for a screen at 0.42.
LEAST_SURE = 0.5

TEXTS = MappingProxyType(
    {
        "book": N_(
            "A book or a stack of paper was seen in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for"
            " %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100 (limit %(sure_limit)s)."
        ),
        "laptop": N_(
            "A laptop was seen in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
            " (limit %(limit)s s); confidence %(sure)s of 100 (limit %(sure_limit)s)."
        ),
        "tv": N_(
            "Another screen was seen in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
            " (limit %(limit)s s); confidence %(sure)s of 100 (limit %(sure_limit)s)."
        ),
    }
)
OTHER = N_(
    "A forbidden object (%(object)s) was seen in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for"
    " %(seconds)s s (limit %(limit)s s); confidence %(sure)s of 100 (limit %(sure_limit)s)."
)
FURTHER = N_(
    "%(screens)s screens were seen by a phone in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for"
    " %(seconds)s s (limit %(limit)s s), where one is expected; confidence %(sure)s of 100 (limit %(sure_limit)s)."
)


class ForbiddenObject(Rule):
    """Counts looks with anything on the room's list; phones and people have rules of their own.

    The student's phones see the screen on which the exam is written: there one screen is as it should be, and only a
    second one is forbidden. Keyboards, mice, hands and arms are on no list. A strict room hears of less sure things
    as well, as notices.
    """

    kind = AlertKind.FORBIDDEN_OBJECT
    label = N_("Forbidden object")
    meaning = N_("A book, a laptop or another screen that this room does not allow.")
    advice = N_(
        "A thing was found that looks like a forbidden one. A calculator, a glasses case or a remote control can"
        " be mistaken for it: look at the picture before you decide."
    )
    sign = "book"
    weight = 20.0
    choices = MappingProxyType(
        {
            "book": Choice(N_("Books and paper"), True),
            "laptop": Choice(N_("Laptops"), True),
            "tv": Choice(N_("Further screens"), True),
            "remote": Choice(N_("Remote controls"), False),
        }
    )
    reads = ObservationKind.OBJECTS
    needs = ObservationKind.PICTURE
    bridges = True
    doubts = True
    channels = frozenset({WEBCAM}) | watched_for(AlertKind.FORBIDDEN_OBJECT)
    # things that lie about do not hurry: three of four looks, two seconds apart
    defaults = RuleSettings(hold=4.0, confirm=3, window=4, release=6.0, cooldown=120.0)
    hint = N_("Something that is not allowed seems to be in the picture. Please put it away.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for anything that is watched for, named after the surest."""
        things = detected_objects_of(observation.values)
        if things is None:
            return None
        watched = set(USUAL if settings.watch is None else settings.watch) - {PHONE, PERSON}
        least = LEAST_SURE / settings.strictness
        found = [thing for thing in things if thing.label in watched and thing.score >= least]
        screens = [thing for thing in distinct_screens(things) if thing.score >= least]
        if observation.channel != WEBCAM:
            found = [thing for thing in found if thing.label not in SCREENS]
            if len(screens) > 1 and watched & SCREENS:
                return _further(screens, least)
        if not found:
            return GOOD
        found = distinct(found)
        surest = found[0]
        numbers = {"object": surest.label, "sure": percent(surest.score), "sure_limit": percent(least)}
        marks = tuple(thing.mark for thing in found)
        return Verdict(True, TEXTS.get(surest.label, OTHER), numbers, marks, doubtful=not is_sure(surest))


def _further(screens: list[DetectedObject], least: float) -> Verdict:
    # as sure as of the second one: the first is expected
    numbers = {"screens": len(screens), "sure": percent(screens[1].score), "sure_limit": percent(least)}
    marks = tuple(screen.mark for screen in screens)
    return Verdict(True, FURTHER, {"object": screens[1].label, **numbers}, marks, doubtful=not is_sure(screens[1]))
