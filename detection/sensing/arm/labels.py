"""What labelled recordings of an arm say of each of their windows, for training and for measuring alone.

A recording carries one label, and what it shows begins and ends with something else: whoever telephones lifts the
receiver first. So a recording of a hand at the face is cut in three where posture and movement change most (least
squares, told nothing of any threshold or classifier): in the middle part the hand is at the face, around it the arm
reaches, or rests. A window belongs to the part that its middle lies in.

Calm is a window in which nothing moves, by a rule on the recording itself: no half second of it has a standard
deviation of STILL or more. A hand that is held still at the face is not calm. The same movement that makes the rule is
in the classifier's features, so how well calm is told says that the rule is found again from other numbers on other
people, and that held postures are not taken for rest; it is no measurement of somebody's intentions.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.types import ArmFamily
from detection.sensing.arm.motion import Floats

Places = NDArray[np.int64]

FAMILIES: Mapping[str, ArmFamily] = MappingProxyType(
    {
        **dict.fromkeys(("use_telephone", "drink_glass", "comb_hair", "brush_teeth"), ArmFamily.HAND_TO_FACE),
        **dict.fromkeys(("pour_water", "eat_meat", "eat_soup"), ArmFamily.REACHING),
        **dict.fromkeys(("walk", "sitdown_chair", "standup_chair"), ArmFamily.BODY),
        **{str(family): family for family in ArmFamily if family is not ArmFamily.MOVING},
        **dict.fromkeys(("typing", "writing", "mouse", "rest"), ArmFamily.CALM),
    }
)
"""What each label means; a family's own name is a label too. Desk work of one's own recordings is calm."""

STILL = 0.85  # m/s2, of the three axes together; a sensor with steps of 0.047 g shows 0.5 when nothing moves
PIECE = 0.25  # seconds, of the cut in three
LEAST_MIDDLE = 2.0  # seconds
MOVEMENT_WEIGHT = 0.5  # of the logarithm of movement beside gravity in g


def is_still(values: Floats, hz: float) -> bool:
    """Say whether nothing moves in these readings (m/s2, one row each)."""
    half = max(2, round(hz / 2))
    starts = range(0, max(1, len(values) - half + 1), max(1, half // 2))
    return bool(max(np.sqrt(values[start : start + half].var(axis=0).sum()) for start in starts) < STILL)


def middle_of(values: Floats, hz: float) -> tuple[float, float]:
    """Return begin and end, in seconds, of the part of a recording that differs most from what is around it."""
    size = max(1, round(PIECE * hz))
    count = len(values) // size
    if count * PIECE <= LEAST_MIDDLE:
        return 0.0, len(values) / hz
    told = _described(values, size, count)
    sums = np.vstack((np.zeros((1, told.shape[1])), np.cumsum(told, axis=0)))
    squares = np.concatenate(([0.0], np.cumsum((told**2).sum(axis=1))))
    begins, ends = np.meshgrid(np.arange(count), np.arange(1, count + 1), indexing="ij")

    def left_over(first: Places, last: Places) -> Floats:
        length = np.maximum(last - first, 1)
        rest: Floats = squares[last] - squares[first] - ((sums[last] - sums[first]) ** 2).sum(axis=-1) / length
        return rest

    start, stop = np.zeros_like(begins), np.full_like(ends, count)
    cost = left_over(start, begins) + left_over(begins, ends) + left_over(ends, stop)
    cost[(ends - begins) * PIECE < LEAST_MIDDLE] = np.inf
    begin, end = np.unravel_index(cost.argmin(), cost.shape)
    return float(begins[begin, end] * size / hz), float(ends[begin, end] * size / hz)


def _described(values: Floats, size: int, count: int) -> Floats:
    """Return mean gravity in g and the logarithm of movement, of each piece."""
    pieces = values[: count * size].reshape(count, size, 3).mean(axis=1) / 9.80665
    around = [values[max(0, at * size - 2 * size) : at * size + 2 * size] for at in range(count)]
    moves = [np.log(max(float(np.sqrt(part.var(axis=0).sum())), 0.8)) for part in around]
    return np.column_stack((pieces, MOVEMENT_WEIGHT * np.array(moves)))


def family_of(label: str, is_in_middle: bool, still: bool) -> ArmFamily:
    """Return what a window shows; KeyError for a label that FAMILIES does not know."""
    family = FAMILIES[label]
    if family is ArmFamily.HAND_TO_FACE and is_in_middle:
        return family
    if still or family is ArmFamily.CALM:
        return ArmFamily.CALM
    return ArmFamily.REACHING if family is ArmFamily.HAND_TO_FACE else family
