"""What a phone that stands in the room looks at, in a few hundred numbers: enough to tell whether it was moved."""

from typing import Any, ClassVar

import cv2
import numpy as np

from core.types import ObservationKind, PictureState
from detection.detectors.base import Context, Findings, Values, WithoutModel
from detection.frames.decode import Picture, Pixels
from detection.measures.scenes import COLUMNS, MIDDLE, ROWS

AROUND = 5, 5  # places; what a place is compared with
FLOOR_LIGHT = 8.0  # grey levels that keep black from mattering more than white
FLOOR_CONTRAST = 0.05  # of the logarithm of light: a wall's noise is not made as strong as an edge
STRENGTH = 40.0  # of 255, of one standard deviation


class SceneDetector(WithoutModel):
    """The picture in 24 x 18 places, each told by how much lighter it is than what is around it."""

    name: ClassVar[str] = "scene"
    kind: ClassVar[ObservationKind] = ObservationKind.SCENE
    every: ClassVar[float] = 0.0

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """Return {"signature": numbers of measures/scenes.py, row by row}, None of a picture that cannot be judged."""
        state = found.get(ObservationKind.PICTURE, {}).get("state", PictureState.OK)
        return {"signature": None if state != PictureState.OK else signature(picture.small_gray)}


def signature(gray: Pixels) -> list[int]:
    """Return the places' numbers, 0 to 255: light that changes as a whole, or from one side, hardly changes them."""
    places = cv2.resize(gray, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA).astype(np.float32)
    light = np.log(places + FLOOR_LIGHT)
    difference = light - mean_around(light)
    spread = np.sqrt(mean_around(difference * difference))
    even = MIDDLE + STRENGTH * difference / (spread + FLOOR_CONTRAST)
    return [int(value) for value in np.clip(np.round(even), 0, 255).ravel()]


def mean_around(values: Any) -> Any:
    """Return the mean around each place."""
    return cv2.blur(values, AROUND, borderType=cv2.BORDER_REFLECT)
