"""How far a share can be trusted that was counted in few cases."""

from math import sqrt
from typing import NamedTuple

FEW = 10
"""Fewer cases say too little for a share to be told at all."""
Z = 1.96
"""Standard deviations within which 95 of 100 lie."""


class Range(NamedTuple):
    """The bounds of a share, 0 to 1."""

    low: float
    high: float


def likely_range(hits: int, of: int) -> Range | None:
    """Return where the true share lies with 95 % (Wilson's score interval, 1927); None where too few were counted."""
    if of < FEW:
        return None
    share, spread = hits / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return Range(max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))
