"""Suspicion 0 to 100: which student a teacher should look at first. A sum that anyone can do again by hand.

level = sum over the student's alerts of  weights[kind] x FACTORS[severity] x 0.5 ** (minutes since its end / 10),  at
most 100. An alert that lasts has not begun to fade. Alerts that a teacher dismissed are left out by the caller; notices
weigh nothing. The weights are the rules' (Rule.weight); docs/rules.md shows them to teachers.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from core.types import AlertWeight, Severity

HALF_LIFE = 600.0  # seconds
MOST = 100.0

FACTORS: Mapping[Severity, float] = MappingProxyType(
    {Severity.NOTICE: 0.0, Severity.WARNING: 1.0, Severity.CRITICAL: 1.5}
)


def suspicion(charges: Iterable[AlertWeight], now: float, weights: Mapping[str, float]) -> int:
    """Return the level of a student with these alerts; a kind that is not among the weights weighs nothing."""
    return round(min(MOST, sum(weight_of(charge, now, weights) for charge in charges)))


def weight_of(charge: AlertWeight, now: float, weights: Mapping[str, float]) -> float:
    """Return what one alert adds now."""
    weight = weights.get(charge.kind, 0.0) * FACTORS[charge.severity]
    faded = 0.0 if charge.ended_at is None else max(0.0, now - charge.ended_at)
    return float(weight * 0.5 ** (faded / HALF_LIFE))
