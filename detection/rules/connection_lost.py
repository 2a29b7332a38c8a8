"""CONNECTION_LOST: the student's browser cannot be reached. Networks fail; it is never a violation."""

from core.text_keys import N_
from core.types import AlertKind, Evidence, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, Memory, Rule, Verdict

LOST = N_("The connection has been lost for %(seconds)s s (limit %(limit)s s).")


class ConnectionLost(Rule):
    """Waits longer than a walk between two access points takes to reconnect."""

    kind = AlertKind.CONNECTION_LOST
    label = N_("Connection lost")
    meaning = N_("The student's computer is not connected. Never counts against the student.")
    advice = N_("The student's connection broke. This is no violation: the page reconnects by itself.")
    sign = "wifi-off"
    weight = 0.0
    common_cause = N_("the network")
    evidence = frozenset[Evidence]()
    is_absence = True
    is_nobodys_fault = True
    reads = ObservationKind.CONNECTION
    blocks = True
    lasts = True
    # the page itself tells the student at once that it is offline; a hint could not reach it
    defaults = RuleSettings(
        hold=10.0, confirm=1, window=1, release=3.0, cooldown=30.0, hint=False, severity=Severity.NOTICE
    )
    hint = N_("Your connection was interrupted. Stay on this page: it connects again by itself.")

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad while offline."""
        online = observation.values.get("online")
        if online is None:
            return None
        return GOOD if online else Verdict(True, LOST)
