"""What an arm's windows amount to: the one place that says what is movement, what is desk work, and the arm's level.

The rule ARM_MOTION and the teacher's live level both take it from here. A window is ARM's values of core.types.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from core.types import ArmFamily

STILL_BELOW = 0.5
"""m/s2 without gravity: a forearm that rests. The recordings' own noise is 0.35, a phone's 0.05."""
NEAR = 3.0
"""Multiples of the student's own spread within which a window is desk work as it was when it was learnt."""
SURE_FROM = 0.5
"""Of 1: from here on a family is believed. Below, only the strength of the movement counts."""
STRONG_FROM = 2.5
"""m/s2 without gravity: an arm that does more than handle things. Walking is 2, combing 5, typing below 1."""

FUSED = 3.0
"""Seconds after a key or the mouse was used in which the same student's movement is explained by it."""
EXPLAINED_WEIGHT = 0.25
"""Of a window whose movement is explained, beside 1 for one that is not."""

LEVEL_SECONDS = 30.0
MOST_WINDOWS = 128


def is_moved(values: Mapping[str, Any]) -> bool:
    """Say whether a window is movement at all: neither at rest, nor like this student's own desk work."""
    distance = values.get("distance")
    if values.get("family") == ArmFamily.CALM or (distance is not None and float(distance) <= NEAR):
        return False
    is_raised = values.get("family") == ArmFamily.HAND_TO_FACE  # a telephone at the ear is held still
    return is_raised or float(values.get("strength") or 0.0) >= STILL_BELOW


def is_notable(values: Mapping[str, Any], strictness: float = 1.0) -> bool:
    """Say whether a window is what teachers ask for: a hand at the face, or a strong movement of any kind."""
    if not is_moved(values):
        return False
    is_at_face = values.get("family") == ArmFamily.HAND_TO_FACE
    if is_at_face and float(values.get("sure") or 0.0) >= SURE_FROM / strictness:
        return True
    return float(values.get("strength") or 0.0) >= STRONG_FROM / strictness


def is_explained(at: float, used_at: float) -> bool:
    """Say whether keys or mouse, last used at `used_at`, explain a movement at `at`; both in seconds."""
    return -FUSED <= at - used_at <= FUSED


class ArmLevel:
    """0 to 100: which share of a student's windows of the last half minute moved, explained ones at a quarter."""

    def __init__(self) -> None:
        self._windows: deque[tuple[float, float]] = deque(maxlen=MOST_WINDOWS)

    def add(self, at: float, moved: bool, explained: bool) -> None:
        """Count one window."""
        weight = (EXPLAINED_WEIGHT if explained else 1.0) if moved else 0.0
        self._windows.append((at, weight))

    def level(self, now: float) -> int:
        """Return the level at `now`; 0 where nothing was heard in that time."""
        recent = [weight for at, weight in self._windows if -FUSED <= now - at <= LEVEL_SECONDS]
        return round(100 * sum(recent) / len(recent)) if recent else 0
