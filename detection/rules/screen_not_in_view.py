"""SCREEN_NOT_IN_VIEW: the phone on the head does not see the exam's screen. It is a matter of how the phone sits."""

from core.phone_roles import watched_for
from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.measures.detected_objects import SCREENS, detected_objects_of
from detection.rules.base import GOOD, Memory, Rule, Verdict

UNSEEN = N_(
    "Neither a screen nor the exam page's code was in the picture of the phone on the head for %(seconds)s s"
    " (limit %(limit)s s), in %(hits)s of the last %(looks)s checks (%(confirm)s needed)."
)
THINGS_AGE = 10.0  # seconds; things are looked for every four seconds, and half as often under load


class LastScreen(Memory):
    """When a screen was seen last, and when was last looked for one."""

    def __init__(self) -> None:
        self.looked_at = self.seen_at = float("-inf")


class ScreenNotInView(Rule):
    """Counts looks with neither; a screen may be too bright to be known as one, and a code too small to be read."""

    kind = AlertKind.SCREEN_NOT_IN_VIEW
    label = N_("Screen not in view")
    meaning = N_("The phone on the head does not see the exam's screen. Never counts against the student.")
    advice = N_(
        "The phone on the head sees neither a screen nor the code on the exam page. Somebody who writes on paper"
        " looks down for long; else the phone may have slipped. This is no violation."
    )
    sign = "display"
    weight = 0.0
    reads = ObservationKind.MARKERS
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.OBJECTS})
    channels = watched_for(AlertKind.SCREEN_NOT_IN_VIEW)
    # who writes on paper looks down for long: 20 s of two-second looks, of which two may have missed it
    defaults = RuleSettings(hold=20.0, confirm=8, window=10, release=2.0, cooldown=60.0, severity=Severity.NOTICE)
    hint = N_("The phone on your head does not see your screen. Please turn it a little.")

    def memory(self) -> LastScreen:
        """Return a memory that has not looked yet."""
        return LastScreen()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take whether a screen was among the things."""
        things = detected_objects_of(observation.values)
        if things is None or not isinstance(memory, LastScreen):
            return
        memory.looked_at = observation.at
        if any(thing.label in SCREENS for thing in things):
            memory.seen_at = observation.at

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return good for a code or a screen, None where nobody looks for screens: small codes are often missed."""
        ids = observation.values.get("ids")
        if ids is None or not isinstance(memory, LastScreen):
            return None
        if ids or observation.at - memory.seen_at <= THINGS_AGE:
            return GOOD
        return Verdict(True, UNSEEN) if observation.at - memory.looked_at <= THINGS_AGE else None
