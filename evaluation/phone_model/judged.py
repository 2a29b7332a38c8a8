"""How well scores tell pictures with a phone from those without one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Truth = NDArray[np.bool_]


class Told(NamedTuple):
    """Precision, recall and F1 at a threshold."""

    precision: float
    recall: float
    f1: float


def at(scores: Scores, truth: Truth, threshold: float) -> Told:
    """Return what a threshold makes of the scores."""
    said = scores >= threshold
    hits = int((said & truth).sum())
    precision = hits / max(1, int(said.sum()))
    recall = hits / max(1, int(truth.sum()))
    return Told(precision, recall, 2 * hits / max(1, int(said.sum()) + int(truth.sum())))


def average_precision(scores: Scores, truth: Truth) -> float:
    """Return the mean of the precision at every picture with a phone, surest first."""
    ranked = truth[np.argsort(-scores, kind="stable")]
    precisions = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precisions[ranked].mean()) if ranked.any() else 0.0


def best(scores: Scores, truth: Truth) -> tuple[float, Told]:
    """Return the threshold with the best F1, in the middle of the gap below it, and what it makes."""
    ordered = np.unique(scores)
    between = [float(ordered[0]), *((ordered[1:] + ordered[:-1]) / 2)]
    threshold = max(between, key=lambda value: (at(scores, truth, value).f1, value))
    return float(threshold), at(scores, truth, threshold)


def recall_at(scores: Scores, truth: Truth, precision: float) -> float:
    """Return the largest recall of any threshold that keeps a precision."""
    told = [at(scores, truth, float(value)) for value in np.unique(scores)]
    return max((one.recall for one in told if one.precision >= precision), default=0.0)
