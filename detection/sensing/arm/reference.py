"""A student's own desk work, learnt from the calibration, and how far a later window is from it.

Nobody has recorded how students type and write with a phone on their arm, and everybody does it otherwise. So each
student shows it once: at rest, typing, writing. Of each phase the middle (median) and the spread (median distance from
it, at least a usable least) of every feature but the frequencies is kept, and the distance of a window is that to the
nearest phase, in multiples of how far the calibration's own windows lay from it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.text_keys import N_
from detection.sensing.arm.features import FREQUENCIES, NAMES
from detection.sensing.arm.motion import Floats

USED = tuple(index for index in range(len(NAMES)) if index not in FREQUENCIES)
LEAST_WINDOWS = 4  # of a phase: four seconds of readings
MOST_RAISED = 35.0  # degrees: desks are level, and a hand that is held up is what the reference must not excuse
MOST_MOVED = 2.5  # m/s2 without gravity, core.arm.STRONG_FROM
DESK_RAISED = 45.0  # degrees; a window above, or stronger than MOST_MOVED, is no desk work whatever was learnt
FAR = 10.0
MOST_OF_LEAST = 3.0  # times the least spread: who waves about during the calibration must not be excused from all
MOST_USUAL = 2.0
AS_SIGMA = 1.4826  # median distance to standard deviation, for a bell curve
USUAL = 0.95  # of the calibration's windows lie within a distance of 1

_DEGREES, _ACCELERATION, _LOGARITHM = 5.0, 0.8, 0.35
_WIDE = frozenset({"elevation", "elevation_least", "elevation_most", "elevation_change", "turned_most"})
LEAST_SPREAD: tuple[float, ...] = tuple(
    _DEGREES if name in _WIDE else _ACCELERATION if name.startswith("gravity") else _LOGARITHM
    for name in (NAMES[index] for index in USED)
)
ELEVATION, MOVEMENT = NAMES.index("elevation"), NAMES.index("all")

TOO_FEW = N_("The phone on your arm sent too few readings. Is its screen on, and the page in front?")
RAISED = N_("The arm with the phone was held up. Please rest it on the desk while you type and write.")
TOO_STRONG = N_("The arm with the phone moved much more than at desk work. Please try once more.")


def measure_arm(phases: Mapping[str, Sequence[Sequence[float]]]) -> tuple[dict[str, Any] | None, str | None]:
    """Return (reference, None) from features of windows by phase, or (None, why not as a text for the student)."""
    usable = {name: np.array(windows, dtype=np.float64) for name, windows in phases.items() if _is_enough(windows)}
    if not usable:
        return None, TOO_FEW
    for windows in usable.values():
        if np.median(windows[:, ELEVATION]) > MOST_RAISED:
            return None, RAISED
        if np.median(np.exp(windows[:, MOVEMENT])) > MOST_MOVED:
            return None, TOO_STRONG
    return {"version": 1, "phases": {name: _phase(windows[:, USED]) for name, windows in usable.items()}}, None


def distance(values: Floats, reference: Mapping[str, Any]) -> float | None:
    """Return how far one window's features are from desk work; None for a reference of another version.

    A raised arm and a strong movement are nobody's desk work, and FAR from it at least.
    """
    told = [_away(values[list(USED)], phase) for phase in reference.get("phases", {}).values() if _fits(phase)]
    if not told:
        return None
    is_none = values[ELEVATION] > DESK_RAISED or np.exp(values[MOVEMENT]) >= MOST_MOVED
    return max(FAR, min(told)) if is_none else min(told)


def _is_enough(windows: Sequence[Sequence[float]]) -> bool:
    return len(windows) >= LEAST_WINDOWS and all(len(window) == len(NAMES) for window in windows)


def _fits(phase: Mapping[str, Any]) -> bool:
    return len(phase.get("centre", ())) == len(phase.get("spread", ())) == len(USED) and phase.get("usual", 0) > 0


def _phase(windows: Floats) -> dict[str, Any]:
    centre = np.median(windows, axis=0)
    least = np.array(LEAST_SPREAD)
    spread = np.clip(AS_SIGMA * np.median(np.abs(windows - centre), axis=0), least, MOST_OF_LEAST * least)
    apart = np.sqrt((((windows - centre) / spread) ** 2).mean(axis=1))
    usual = min(MOST_USUAL, max(1.0, float(np.quantile(apart, USUAL))))
    return {"centre": _cut(centre), "spread": _cut(spread), "usual": round(usual, 3), "windows": len(windows)}


def _away(values: Floats, phase: Mapping[str, Any]) -> float:
    apart = (values - np.array(phase["centre"])) / np.array(phase["spread"])
    return float(np.sqrt((apart**2).mean()) / phase["usual"])


def _cut(values: Floats) -> list[float]:
    return [round(float(value), 3) for value in values]
