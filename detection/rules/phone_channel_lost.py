"""PHONE_CHANNEL_LOST: a student's phone cannot be reached. Batteries and networks fail; it is never a violation."""

from collections.abc import Mapping
from types import MappingProxyType

from core.phone_roles import ROLES
from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, Memory, Rule, Verdict

HINTS: Mapping[str, str] = MappingProxyType({key: role.hints["lost"] for key, role in ROLES.items()})


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
    common_cause = N_("the network")
    evidence = frozenset[Evidence]()
    is_absence = True
    is_nobodys_fault = True
    reads = ObservationKind.CONNECTION
    lasts = True
    channels = frozenset(ROLES)
    defaults = RuleSettings(hold=15.0, confirm=1, window=1, release=3.0, cooldown=30.0, severity=Severity.NOTICE)
    hint = N_("A phone of yours is not connected any more. Please open its page again.")
    hints = HINTS

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad while a phone is paired or needed and not connected."""
        online = observation.values.get("online")
        if online is None:
            return None
        role = observation.channel
        return GOOD if online else Verdict(True, ROLES[role].lost, {"state": role})
