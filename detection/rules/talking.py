"""TALKING: the mouth goes on opening and closing. Pictures hear nothing: it may be chewing or silent reading."""

from types import MappingProxyType

from core.text_keys import N_
from core.types import AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import GOOD, Memory, Rule, Verdict

# Openness of the jaw of 1; at rest it stays within 0.03 of itself, words move it by 0.1 to 0.4.
MOVED_FROM = 0.1
MOST_GAP = 4.0  # seconds between two looks that can be compared

SEEN = N_(
    "The mouth moved in %(hits)s of the last %(looks)s checks (%(confirm)s needed), for %(seconds)s s"
    " (limit %(limit)s s), lastly by %(moved)s of 100 (limit %(moved_limit)s)."
    " Pictures cannot tell talking from chewing."
)


class LastMouth(Memory):
    """How far the mouth was open at the look before."""

    def __init__(self) -> None:
        self._open: float | None = None
        self._at = 0.0

    def moved(self, mouth: float, at: float) -> float | None:
        """Return by how much the mouth moved since the look before, None where that is too long ago."""
        is_near = self._open is not None and 0.0 < at - self._at <= MOST_GAP
        moved = abs(mouth - (self._open or 0.0)) if is_near else None
        self._open, self._at = mouth, at
        return moved


class Talking(Rule):
    """Compares each look with the one before: a mouth that stays open yawns or breathes, and is not counted.

    Whoever mouths words while reading moves the lips too. So it takes ten seconds, and is a notice.
    """

    kind = AlertKind.TALKING
    label = N_("Talking")
    meaning = N_("The mouth goes on moving. It may be chewing or silent reading.")
    sign = "chat-quote"
    weight = 10.0
    common_cause = N_("something that happened in the room")
    severities = MappingProxyType({"strict": Severity.WARNING})
    reads = ObservationKind.LANDMARKS
    needs = ObservationKind.PICTURE
    bridges = True
    defaults = RuleSettings(hold=8.0, confirm=7, window=10, release=5.0, cooldown=60.0, severity=Severity.NOTICE)
    hint = N_("It looks as if you are talking. Please stay silent.")

    def memory(self) -> LastMouth:
        """Return a memory that has seen no mouth."""
        return LastMouth()

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        """Return bad for a mouth that moved since the look before."""
        mouth = observation.values.get("mouth")
        if mouth is None or not isinstance(memory, LastMouth):
            return None
        moved = memory.moved(float(mouth), observation.at)
        if moved is None:
            return None
        limit = MOVED_FROM / settings.strictness
        if moved < limit:
            return GOOD
        return Verdict(True, SEEN, {"moved": round(100 * moved), "moved_limit": round(100 * limit)})
