"""Figures that say how sure they are: each has the interval that holds it in 95 of 100 draws of pictures like these."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Z = NormalDist().inv_cdf(0.975)
DRAWS = 1000
SEED = 20260101
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A value, its interval, and how many pictures (or pairs, looks) it was measured on."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{_short(self.value)} ({_short(self.low)} to {_short(self.high)})"


@dataclass(frozen=True)
class Scores:
    """Precision, recall and their harmonic mean."""

    precision: Figure
    recall: Figure
    f1: Figure

    def cells(self) -> list[str]:
        """Return the three as cells of a table."""
        return [str(self.precision), str(self.recall), str(self.f1)]


def share(hits: int, count: int) -> Figure:
    """Return hits of count with Wilson's interval, which stays honest near 0 and 1; of nothing: 0 to 1."""
    if count == 0:
        return Figure(math.nan, 0.0, 1.0, 0)
    value, spread = hits / count, Z * Z / count
    middle = (value + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(value * (1 - value) / count + spread / count / 4)
    return Figure(value, max(0.0, middle - half), min(1.0, middle + half), count)


def scores(pairs: Sequence[tuple[bool, bool]]) -> Scores:
    """Return the scores of (is so, was said to be so) pairs."""
    both = np.array(pairs, dtype=bool).reshape(-1, 2)
    truth, said = both[:, 0], both[:, 1]
    hits = int((truth & said).sum())
    precision, recall = share(hits, int(said.sum())), share(hits, int(truth.sum()))
    mean = drawn(both.astype(float), f1)
    if mean.low == 1.0 and hits:
        # pictures drawn again hold no mistake that none of them held: the lower ends of both stand in
        low = 2 * precision.low * recall.low / (precision.low + recall.low)
        mean = Figure(mean.value, low, mean.high, mean.count)
    return Scores(precision, recall, mean)


def f1(both: Floats) -> float:
    """Return the harmonic mean of precision and recall of rows (truth, said); 1 where there is nothing to find."""
    truth, said = both[:, 0] > 0, both[:, 1] > 0
    total = truth.sum() + said.sum()
    return float(2 * (truth & said).sum() / total) if total else 1.0


def mean_of(values: Sequence[float]) -> Figure:
    """Return the mean with its interval by drawing again."""
    return drawn(np.array(values, dtype=float).reshape(-1, 1), lambda rows: float(rows.mean()))


def drawn(rows: Floats, measure: Callable[[Floats], float]) -> Figure:
    """Return a measure of rows with its interval: the same measure of rows drawn again with replacement."""
    if not len(rows):
        return Figure(math.nan, 0.0, 1.0, 0)
    chance = np.random.default_rng(SEED)
    told = [measure(rows[chance.integers(0, len(rows), len(rows))]) for _ in range(DRAWS)]
    low, high = np.quantile(told, [0.025, 0.975])
    return Figure(measure(rows), float(low), float(high), len(rows))


def separation(small: Floats, large: Floats) -> float:
    """Return how often one of `large` is larger than one of `small`, equal ones half: the area under the ROC curve."""
    ordered = np.sort(small)
    below = np.searchsorted(ordered, large, "left") + np.searchsorted(ordered, large, "right")
    return float(below.mean() / 2 / len(small))


def accepted_at(rejected: float, same: Floats, other: Floats) -> float:
    """Return the share of `other` that passes the limit which rejects this share of `same`: FAR at a FRR."""
    return float((other <= np.quantile(same, 1 - rejected)).mean())


def _short(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}" if abs(value) < 2 else f"{value:.1f}"
