"""PHONE_CHANNEL_LOST: a student's phone cannot be reached. Batteries and networks fail; it is never a violation."""

from collections.abc import Mapping
from types import MappingProxyType

from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, Role, RuleSettings, Severity
from detection.rules.base import GOOD, Memory, Rule, Verdict

TEXTS = MappingProxyType(
    {
        Role.ARM: N_("The phone on the arm has been out of reach for %(seconds)s s (limit %(limit)s s)."),
        Role.HEAD: N_("The phone on the head has been out of reach for %(seconds)s s (limit %(limit)s s)."),
        Role.ROOM: N_("The phone in the room has been out of reach for %(seconds)s s (limit %(limit)s s)."),
    }
)
HINTS: Mapping[str, str] = MappingProxyType(
    {
        Role.ARM: N_("The phone on your arm is not connected any more. Please open its page again."),
        Role.HEAD: N_("The phone on your head is not connected any more. Please open its page again."),
        Role.ROOM: N_("The phone in the room is not connected any more. Please open its page again."),
    }
)


class PhoneChannelLost(Rule):
    """Waits longer than a phone takes to wake up, find its network and open the page again."""

    kind = AlertKind.PHONE_CHANNEL_LOST
    label = N_("Phone lost")
    meaning = N_("A phone of the student is not connected. Never counts against the student.")
    advice = N_(
        "A phone of the student is not connected: an empty battery, a locked screen or the network. This is no"
        " violation: help the student to open its page again."
    )
    sign = "phone-vibrate"
    weight = 0.0
    evidence = frozenset[Evidence]()
    is_absence = True
    is_nobodys_fault = True
    reads = ObservationKind.CONNECTION
    lasts = True
    channels = frozenset(Role)
    defaults = RuleSettings(hold=15.0, confirm=1, window=1, release=3.0, cooldown=30.0, severity=Severity.NOTICE)
    hint = N_("A phone of yours is not connected any more. Please open its page again.")
    hints = HINTS

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad while a phone is paired or needed and not connected."""
        online = observation.values.get("online")
        if online is None:
            return None
        role = Role(observation.channel)
        return GOOD if online else Verdict(True, TEXTS[role], {"state": str(role)})
