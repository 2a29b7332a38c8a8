"""EYES_CLOSED: the eyes have been closed for long. It may be tiredness or illness, so it is a notice."""

from collections.abc import Mapping
from typing import Any

from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, Memory, Rule, Verdict

# Of 1. Measured: closed eyes 0.74, eyes on a screen below the camera 0.1 to 0.6 from person to person, eyes on
# something in the lap 0.72. Closed and cast down can hardly be told apart, and the sentence says so.
CLOSED_FROM = 0.7
ABOVE_OWN = 0.25  # above this student's own at the system check: narrow eyes are told as half closed
HEAD_DOWN_FROM = 15.0  # degrees; a head bent like this reads paper, and its lids say nothing

SEEN = N_(
    "The eyes were closed, or cast far down, for %(seconds)s s (limit %(limit)s s), in %(hits)s of the last"
    " %(looks)s checks: %(closed)s of 100 (limit %(closed_limit)s)."
)


class OwnEyes(Memory):
    """How this student's head and lids are held when looking at the screen: degrees, and 0 to 1."""

    def __init__(self) -> None:
        self.pitch = 0.0
        self.closed = 0.0


class EyesClosed(Rule):
    """Counts looks with closed eyes of a head that is not bent over paper."""

    kind = AlertKind.EYES_CLOSED
    label = N_("Eyes closed")
    meaning = N_("The eyes are closed for long. The student may be unwell.")
    sign = "moon"
    weight = 0.0
    reads = ObservationKind.LANDMARKS
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.BASELINE})
    defaults = RuleSettings(
        hold=10.0, confirm=9, window=10, release=2.0, cooldown=60.0, hint=False, severity=Severity.NOTICE
    )
    hint = N_("Your eyes seem to be closed. If you do not feel well, please tell your teacher.")

    def memory(self) -> OwnEyes:
        """Return a memory of a level head with open eyes."""
        return OwnEyes()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take this student's baseline."""
        if isinstance(memory, OwnEyes):
            memory.pitch = float(observation.values.get("pitch") or 0.0)
            memory.closed = float(observation.values.get("eyes_closed") or 0.0)

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for closed eyes; nothing where they are not seen, or the head is bent down."""
        closed, pitch = observation.values.get("eyes_closed"), observation.values.get("pitch")
        own = memory if isinstance(memory, OwnEyes) else OwnEyes()
        if closed is None:
            return None
        limit = min(0.95, max(CLOSED_FROM, own.closed + ABOVE_OWN) / settings.strictness)
        if closed < limit:
            return GOOD
        if pitch is not None and pitch - own.pitch <= -HEAD_DOWN_FROM:
            return None
        return Verdict(True, SEEN, _numbers(closed, limit))


def _numbers(closed: float, limit: float) -> Mapping[str, Any]:
    return {"closed": round(100 * closed), "closed_limit": round(100 * limit)}
