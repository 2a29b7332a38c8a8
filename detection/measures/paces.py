"""How often looks come and how often they should: what the judge is told of a busy server."""

from collections.abc import Mapping
from typing import NamedTuple

from core.types import ObservationKind
from detection.measures.channels import PACE

SLOW_FROM = 1.25  # times the wanted interval from which looks come clearly more seldom than they should
LOOKS_APART = 2.0  # times the real interval for which one look is remembered at least


class Paced(NamedTuple):
    """Seconds between two looks of one detector at one student: as it should be, and as it is."""

    every: float
    seconds: float


class Paces:
    """What all conditions of a judge know of the pace of looks, by what they read."""

    def __init__(self) -> None:
        self._known: dict[ObservationKind, Paced] = {}

    def know(self, paces: Mapping[ObservationKind, Paced]) -> None:
        """Take how often looks of each kind come."""
        self._known = dict(paces)

    def remembered(self, kind: ObservationKind, seconds: float) -> float:
        """Return for how long a look is remembered that is usually so for `seconds`: looks that come later still count.

        Without that a busy server would raise no alert at all where two looks have to agree.
        """
        paced = self._known.get(kind)
        return seconds if paced is None else max(seconds, LOOKS_APART * paced.seconds)

    def explained(self, kind: ObservationKind, channel: str, every: float | None) -> dict[str, float]:
        """Return {"every", "usual"} in seconds for looks that came clearly more seldom than usual, else {}."""
        paced = self._known.get(kind)
        if paced is None or every is None:
            return {}
        usual = paced.every * PACE.get(channel, 1.0)
        return {"every": round(every, 1), "usual": round(usual, 1)} if every > SLOW_FROM * usual else {}
