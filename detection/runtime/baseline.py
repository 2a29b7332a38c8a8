"""A student's own neutral pose, measured while looking at five targets of the screen during the system check."""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from core.text_keys import N_
from detection.measures.line_of_sight import COARSE_FACTOR, line_of_sight, relative

NEUTRAL = "neutral"
LEAST_NEUTRAL = 2  # looks at the middle of the screen
LEAST_CORNERS = 2  # corners with at least one look
MOST_TREMBLE = 8.0  # degrees between the looks at the middle and their median: whoever moves more did not look there
MOST_TURN = 40.0  # degrees from the camera: beyond it the camera does not see the face well enough
BLINK_FROM = 0.7  # of eyes_closed
LEAST_SPREAD = 4.0  # degrees; eyes alone reach the corners of a small screen with less, and head poses tremble as much

NO_FACE = N_("Your face was not seen well while you looked at the middle of the screen.")
TOO_FEW = N_("The server was too busy to measure often enough. The exam works without this too.")
MOVED = N_("You moved while you looked at the middle of the screen.")
TURNED = N_("Your camera sees you too much from the side. Please put it in front of you.")
NO_CORNERS = N_("Your face was not seen well while you looked at the corners of the screen.")

Values = Mapping[str, Any]


def measure_baseline(looks: Mapping[str, Sequence[Values]]) -> tuple[dict[str, Any] | None, str | None]:
    """Return (BASELINE values, None) from LANDMARKS values by target, or (None, why not as a text for the student)."""
    neutral = [values for values in looks.get(NEUTRAL, ()) if _is_usable(values)]
    if len(neutral) < LEAST_NEUTRAL:
        return None, NO_FACE if len(looks.get(NEUTRAL, ())) >= LEAST_NEUTRAL else TOO_FEW
    baseline = _middle(neutral)
    allowed = COARSE_FACTOR if baseline["coarse"] else 1.0
    if max(abs(baseline["yaw"]), abs(baseline["pitch"])) > MOST_TURN:
        return None, TURNED
    if median(_distance(values, baseline) for values in neutral) > MOST_TREMBLE * allowed:
        return None, MOVED
    corners = [_corner(values, baseline) for target, values in looks.items() if target != NEUTRAL]
    reached = [distance for distance in corners if distance is not None]
    if len(reached) < LEAST_CORNERS:
        return None, NO_CORNERS
    return {**baseline, "spread": round(max(LEAST_SPREAD, *reached), 1)}, None


def _is_usable(values: Values) -> bool:
    # a blink, or eyes that were somewhere else
    return line_of_sight(values) is not None and (values.get("eyes_closed") or 0.0) < BLINK_FROM


def _middle(looks: Sequence[Values]) -> dict[str, Any]:
    pose = {name: round(median(float(look.get(name) or 0.0) for look in looks), 1) for name in ("yaw", "pitch", "roll")}
    gazes = [look["gaze"] for look in looks if look.get("gaze") is not None]
    gaze = {axis: round(median(float(one[axis]) for one in gazes), 3) for axis in ("x", "y")} if gazes else None
    closed = round(median(float(look.get("eyes_closed") or 0.0) for look in looks), 3)
    return {**pose, "gaze": gaze, "eyes_closed": closed, "coarse": any(look.get("coarse") for look in looks)}


def _corner(looks: Sequence[Values], baseline: Values) -> float | None:
    usable = [values for values in looks if _is_usable(values)]
    return median(_distance(values, baseline) for values in usable) if usable else None


def _distance(values: Values, baseline: Values) -> float:
    look = relative(values, baseline)
    return math.hypot(look.across, look.up) if look is not None else 0.0
