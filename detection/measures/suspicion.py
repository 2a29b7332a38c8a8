"""Suspicion 0 to 100: which student a teacher should look at first. A sum that anyone can do again by hand.

level = sum over the student's alerts of  WEIGHTS[kind] x FACTORS[severity] x 0.5 ** (minutes since its end / 10),  at
most 100. An alert that lasts has not begun to fade. Alerts that a teacher dismissed are left out by the caller; notices
weigh nothing. docs/attention.md shows the weights to teachers.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from core.types import AlertKind, AlertWeight, Severity

HALF_LIFE = 600.0  # seconds
MOST = 100.0

WEIGHTS: Mapping[AlertKind, float] = MappingProxyType(
    {
        AlertKind.IDENTITY_MISMATCH: 35.0,
        AlertKind.PHONE_DETECTED: 30.0,
        AlertKind.CAMERA_REPLACED: 40.0,
        AlertKind.SECOND_PERSON: 30.0,
        AlertKind.MULTIPLE_FACES: 30.0,
        AlertKind.FORBIDDEN_OBJECT: 20.0,
        AlertKind.KEYWORD_HEARD: 30.0,
        AlertKind.PAGE_HIDDEN: 15.0,
        AlertKind.SPEECH_DETECTED: 15.0,
        AlertKind.FACE_NOT_FOUND: 15.0,
        AlertKind.LOOKING_AWAY: 10.0,
        AlertKind.TALKING: 10.0,
        AlertKind.CAMERA_LOST: 10.0,
        AlertKind.CAMERA_MOVED: 10.0,
        AlertKind.ARM_MOTION: 10.0,
        AlertKind.LOCATION_OUTSIDE: 10.0,
        # nobody's fault, or nobody's business
        AlertKind.EYES_CLOSED: 0.0,
        AlertKind.CAMERA_BLOCKED: 0.0,
        AlertKind.CONNECTION_LOST: 0.0,
        AlertKind.PHONE_CHANNEL_LOST: 0.0,
        AlertKind.SCREEN_NOT_IN_VIEW: 0.0,
    }
)
FACTORS: Mapping[Severity, float] = MappingProxyType(
    {Severity.NOTICE: 0.0, Severity.WARNING: 1.0, Severity.CRITICAL: 1.5}
)


def suspicion(charges: Iterable[AlertWeight], now: float) -> int:
    """Return the level of a student with these alerts."""
    return round(min(MOST, sum(weight_of(charge, now) for charge in charges)))


def weight_of(charge: AlertWeight, now: float) -> float:
    """Return what one alert adds now."""
    weight = WEIGHTS.get(charge.kind, 0.0) * FACTORS[charge.severity]
    faded = 0.0 if charge.ended_at is None else max(0.0, now - charge.ended_at)
    return float(weight * 0.5 ** (faded / HALF_LIFE))
