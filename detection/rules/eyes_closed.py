"""EYES_CLOSED: the eyes have been closed for long. It may be tiredness or illness, so it is a notice."""

from collections.abc import Mapping
from typing import Any

from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, N_, Memory, Rule, Verdict

CLOSED_FROM = 0.6  # of 1; blinking reaches it for a fifth of a second, reading a screen stays below 0.4
# Lids that follow a look at paper are told as closed, so a head this far down says nothing about sleep; degrees.
HEAD_DOWN_FROM = 15.0

SEEN = N_(
    "The eyes were closed for %(seconds)s s (limit %(limit)s s), in %(hits)s of the last %(looks)s looks:"
    " %(closed)s of 100 (limit %(closed_limit)s)."
)


class NeutralPitch(Memory):
    """How this student's head is held when looking at the screen, degrees."""

    def __init__(self) -> None:
        self.pitch = 0.0


class EyesClosed(Rule):
    """Counts looks with closed eyes of a head that is not bent over paper."""

    kind = AlertKind.EYES_CLOSED
    reads = ObservationKind.LANDMARKS
    needs = ObservationKind.PICTURE
    hears = frozenset({ObservationKind.BASELINE})
    defaults = RuleSettings(
        hold=10.0, confirm=9, window=10, release=2.0, cooldown=60.0, hint=False, severity=Severity.NOTICE
    )
    hint = N_("Your eyes seem to be closed. If you do not feel well, please tell your teacher.")

    def memory(self) -> NeutralPitch:
        """Return a memory of a level head."""
        return NeutralPitch()

    def hear(self, observation: Observation, memory: Memory) -> None:
        """Take this student's baseline."""
        if isinstance(memory, NeutralPitch):
            memory.pitch = float(observation.values.get("pitch") or 0.0)

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for closed eyes; nothing where they are not seen, or the head is bent down."""
        closed, pitch = observation.values.get("eyes_closed"), observation.values.get("pitch")
        if closed is None:
            return None
        limit = min(0.95, CLOSED_FROM / settings.strictness)
        if closed < limit:
            return GOOD
        if pitch is not None and pitch - _neutral(memory) <= -HEAD_DOWN_FROM:
            return None
        return Verdict(True, SEEN, _numbers(closed, limit))


def _neutral(memory: Memory) -> float:
    return memory.pitch if isinstance(memory, NeutralPitch) else 0.0


def _numbers(closed: float, limit: float) -> Mapping[str, Any]:
    return {"closed": round(100 * closed), "closed_limit": round(100 * limit)}
