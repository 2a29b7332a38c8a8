"""Where a student looks: head and eyes taken together, measured from the student's own neutral pose where it is known.

All angles are degrees. `across` is positive towards the left side of the picture, which is the student's own right;
`up` is positive upwards. A head that is turned while the eyes stay on the screen is no look away: the two cancel.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.types import RuleSettings

# A blendshape of 1 stands for an eye turned as far as is comfortable, about 30 degrees; 25 because few reach it.
GAZE_DEGREES = 25.0
# With nearly closed lids the iris cannot be seen, and what is told of the gaze is a guess.
LIDS_HIDE_FROM = 0.5
# A coarse pose has about twice the error (7 degrees of yaw, 6 of pitch).
COARSE_FACTOR = 1.25
MOST_SPREAD = 30.0  # degrees; who turned the whole head at the four corners is not allowed everything for that

LEFT, RIGHT, UP, DOWN = "left", "right", "up", "down"
"""As the student would say it."""


class Limits(NamedTuple):
    """How far one direction may go: `least` and `beyond` the corners of the screen with a baseline, else `absolute`."""

    least: float
    beyond: float
    absolute: float


# Without a baseline the camera may stand beside the screen or above it, so the limits are generous.
SIDEWAYS = Limits(least=25.0, beyond=12.0, absolute=40.0)
UPWARDS = Limits(least=20.0, beyond=12.0, absolute=30.0)
DOWNWARDS = Limits(least=30.0, beyond=20.0, absolute=40.0)
LIMITS: tuple[tuple[str, Limits], ...] = ((LEFT, SIDEWAYS), (RIGHT, SIDEWAYS), (UP, UPWARDS), (DOWN, DOWNWARDS))


class Look(NamedTuple):
    """The line of sight of one look."""

    across: float
    up: float

    def towards(self, direction: str) -> float:
        """Return how far the look goes in one direction, negative for the opposite one."""
        return {LEFT: -self.across, RIGHT: self.across, UP: self.up, DOWN: -self.up}[direction]


class Away(NamedTuple):
    """How far a look went in its worst direction, and how far it may."""

    direction: str
    angle: float
    limit: float

    @property
    def share(self) -> float:
        """Return the angle as a share of the limit, 1.0 at the limit."""
        return self.angle / self.limit


def line_of_sight(values: Mapping[str, Any]) -> Look | None:
    """Return the look of LANDMARKS or BASELINE values, None where there is no pose."""
    yaw, pitch = values.get("yaw"), values.get("pitch")
    if yaw is None or pitch is None:
        return None
    gaze = values.get("gaze")
    if gaze is None or (values.get("eyes_closed") or 0.0) >= LIDS_HIDE_FROM:
        return Look(yaw, pitch)
    return Look(yaw + GAZE_DEGREES * gaze["x"], pitch + GAZE_DEGREES * gaze["y"])


def relative(values: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> Look | None:
    """Return the look as seen from the baseline, from the camera where there is none."""
    look = line_of_sight(values)
    neutral = None if baseline is None else line_of_sight(_alike(baseline, values))
    if look is None or neutral is None:
        return look
    return Look(look.across - neutral.across, look.up - neutral.up)


def worst(values: Mapping[str, Any], baseline: Mapping[str, Any] | None, settings: RuleSettings) -> Away | None:
    """Return the direction nearest to its limit, or furthest beyond it, of those that are watched; None: no pose."""
    look = relative(values, baseline)
    if look is None:
        return None
    factor = (COARSE_FACTOR if values.get("coarse") else 1.0) / settings.strictness
    watched = settings.watch if settings.watch is not None else (LEFT, RIGHT, UP)
    found = [
        Away(direction, look.towards(direction), factor * _limit(limits, baseline))
        for direction, limits in LIMITS
        if direction in watched
    ]
    return max(found, key=lambda away: away.share, default=None)


def _limit(limits: Limits, baseline: Mapping[str, Any] | None) -> float:
    if baseline is None:
        return limits.absolute
    return max(limits.least, min(MOST_SPREAD, float(baseline.get("spread") or 0.0)) + limits.beyond)


def _alike(baseline: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    # Head is compared with head alone where this look or the baseline knows nothing of the eyes.
    hidden = values.get("gaze") is None or (values.get("eyes_closed") or 0.0) >= LIDS_HIDE_FROM
    return {**baseline, "gaze": None} if hidden else baseline
