"""Where a student looks: head and eyes taken together, measured from the student's own usual pose where it is known.

All angles are degrees. `across` is positive towards the left side of the picture, which is the student's own right;
`up` is positive upwards. A head that is turned while the eyes stay on the screen is no look away: the two cancel.

The usual pose is the baseline measured at the system check. Without one it is learnt from calm looks
(learned_position.py). Until there are enough of them, limits are generous and measured from the camera.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.types import RuleSettings
from detection.measures.learned_position import LearnedPosition, Look, Seen

# Measured on clips of a still head: eyes as far aside as they go are told as 0.7 from the middle, which is about 35
# degrees. Upwards they go less far, and the lids disturb what is told of them.
GAZE_ACROSS, GAZE_UP = 50.0, 25.0
# What is told of eyes that look at a screen below the camera, on the same clips and pictures.
USUAL_GAZE = {"x": -0.08, "y": -0.4}
# With nearly closed lids the iris cannot be seen, and what is told of the gaze is a guess.
LIDS_HIDE_FROM = 0.65
# A coarse pose has about twice the error (7 degrees of yaw, 6 of pitch).
COARSE_FACTOR = 1.25
MOST_SPREAD = 30.0  # degrees; who turned the whole head at the four corners is not allowed everything for that

NEAR_CAMERA = 15.0  # degrees: whoever looks here looks at the screen, whatever was usual in the last minutes

LEFT, RIGHT, UP, DOWN = "left", "right", "up", "down"
"""As the student would say it."""

Values = Mapping[str, Any]


class Limits(NamedTuple):
    """How far one direction may go.

    `least` and `beyond` the spread from a position that was measured, or learnt in front of the camera; `learned` from
    one that was learnt further aside; `absolute` from the camera.
    """

    least: float
    beyond: float
    learned: float
    absolute: float


SIDEWAYS = Limits(least=25.0, beyond=12.0, learned=30.0, absolute=40.0)
UPWARDS = Limits(least=20.0, beyond=12.0, learned=25.0, absolute=30.0)
DOWNWARDS = Limits(least=30.0, beyond=20.0, learned=40.0, absolute=40.0)
LIMITS: tuple[tuple[str, Limits], ...] = ((LEFT, SIDEWAYS), (RIGHT, SIDEWAYS), (UP, UPWARDS), (DOWN, DOWNWARDS))


class Away(NamedTuple):
    """How far a look went in its worst direction, and how far it may."""

    direction: str
    angle: float
    limit: float

    @property
    def share(self) -> float:
        """Return the angle as a share of the limit, 1.0 at the limit."""
        return self.angle / self.limit


class Usual:
    """How one student usually looks: measured, learnt, or not known yet."""

    def __init__(self) -> None:
        self.baseline: Values | None = None
        self._learned = LearnedPosition()

    @property
    def learnt_from(self) -> int | None:
        """Return from how many calm looks the position was learnt that angles are measured from, None otherwise."""
        learnt = self._learned.known
        return None if self.baseline is not None or learnt is None else learnt.looks

    def weigh(self, values: Values, settings: RuleSettings, learns: bool = True) -> Away | None:
        """Return the watched direction nearest to its limit or furthest beyond it; None: no pose.

        Unless `learns` is False, the look adds to what is known of the student's position.
        """
        seen = line_of_sight(values)
        if seen is None:
            return None
        factor = (COARSE_FACTOR if values.get("coarse") else 1.0) / settings.strictness
        watched = settings.watch if settings.watch is not None else (LEFT, RIGHT, UP)
        look = self._from_usual(seen, values)
        found = [
            Away(direction, self._angle(look, seen, direction), factor * self._limit(limits))
            for direction, limits in LIMITS
            if direction in watched
        ]
        if learns:
            self._learned.learn(_seen(seen, values))
        return max(found, key=lambda away: away.share, default=None)

    def _from_usual(self, seen: Look, values: Values) -> Look:
        if self.baseline is not None:
            return relative(values, self.baseline) or seen
        learnt = self._learned.known
        return seen if learnt is None else learnt.away(_seen(seen, values))

    def _angle(self, look: Look, seen: Look, direction: str) -> float:
        angle = towards(look, direction)
        is_at_screen = self.baseline is None and towards(seen, direction) < NEAR_CAMERA
        return min(angle, NEAR_CAMERA) if is_at_screen else angle

    def _limit(self, limits: Limits) -> float:
        if self.baseline is not None:
            spread = min(MOST_SPREAD, float(self.baseline.get("spread") or 0.0))
            return max(limits.least, spread + limits.beyond)
        learnt = self._learned.known
        if learnt is None:
            return limits.absolute
        return max(limits.least, learnt.spread + limits.beyond) if learnt.is_firm else limits.learned


def _seen(look: Look, values: Values) -> Seen:
    is_blind = values.get("gaze") is None or _lids_hide(values)
    head = Look(values["yaw"], values["pitch"])
    return Seen(look, head, is_blind, values.get("eyes_closed") or 0.0)


def towards(look: Look, direction: str) -> float:
    """Return how far a look goes in one direction, negative for the opposite one."""
    return {LEFT: -look.across, RIGHT: look.across, UP: look.up, DOWN: -look.up}[direction]


def worst(values: Values, baseline: Values | None, settings: RuleSettings) -> Away | None:
    """Weigh a single look, of a student of whom nothing but a baseline is known; None: no pose."""
    usual = Usual()
    usual.baseline = baseline
    return usual.weigh(values, settings)


def line_of_sight(values: Values) -> Look | None:
    """Return the look of LANDMARKS or BASELINE values, None where there is no pose."""
    yaw, pitch = values.get("yaw"), values.get("pitch")
    if yaw is None or pitch is None:
        return None
    gaze = values.get("gaze")
    if gaze is None or _lids_hide(values):
        return Look(yaw, pitch)
    across, up = GAZE_ACROSS * (gaze["x"] - USUAL_GAZE["x"]), GAZE_UP * (gaze["y"] - USUAL_GAZE["y"])
    return Look(yaw + across, pitch + up)


def relative(values: Values, baseline: Values) -> Look | None:
    """Return the look as seen from a baseline, None where either has no pose."""
    # Head is compared with head alone where either knows nothing of the eyes.
    is_blind = any(one.get("gaze") is None or _lids_hide(one) for one in (values, baseline))
    known = {"gaze": None} if is_blind else {}
    look, neutral = line_of_sight({**values, **known}), line_of_sight({**baseline, **known})
    return None if look is None or neutral is None else look.since(neutral)


def _lids_hide(values: Values) -> bool:
    return bool((values.get("eyes_closed") or 0.0) >= LIDS_HIDE_FROM)
