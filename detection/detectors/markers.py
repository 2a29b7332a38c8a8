"""The code of the exam page in the picture of a phone, by OpenCV's ArUco detector with a dictionary of our own."""

from typing import Any, ClassVar

import cv2
import numpy as np

from core.types import ObservationKind
from detection.detectors.base import Context, Findings, Values
from detection.frames.decode import Picture
from detection.measures.markers import CODES, SIDE, inner_cells
from detection.models.shelf import ModelShelf

MOST_WRONG = 2  # squares that may be misread, of the 3 that a distance of 8 allows: clutter is no code, then


class MarkerDetector:
    """Which codes are seen, and where."""

    name: ClassVar[str] = "markers"
    kind: ClassVar[ObservationKind] = ObservationKind.MARKERS
    every: ClassVar[float] = 0.0

    def __init__(self, models: ModelShelf) -> None:
        self._aruco: Any = None

    def available(self) -> str | None:
        """Return None: it needs no model."""
        return None

    def load(self) -> None:
        """Make the detector."""
        self._aruco = cv2.aruco.ArucoDetector(dictionary(), parameters())

    def close(self) -> None:
        """Let go of it."""
        self._aruco = None

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """Return {"ids": numbers in detection.measures.markers, "boxes": [x, y, width, height] of each in pixels}."""
        if self._aruco is None:
            raise RuntimeError("load() comes first")
        gray = cv2.cvtColor(picture.bgr, cv2.COLOR_BGR2GRAY)
        corners, ids, _ = self._aruco.detectMarkers(gray)
        if ids is None:
            return {"ids": [], "boxes": []}
        return {"ids": [int(one) for one in ids.ravel()], "boxes": [box_of(one) for one in corners]}


def dictionary() -> Any:
    """Return our codes as OpenCV wants them, in which 1 is light."""
    light = [1 - np.array(inner_cells(number), dtype=np.uint8) for number in range(len(CODES))]
    rows = [cv2.aruco.Dictionary.getByteListFromBits(bits) for bits in light]
    return cv2.aruco.Dictionary(np.concatenate(rows), SIDE, MOST_WRONG)


def parameters() -> Any:
    """Return OpenCV's own parameters, but that misread squares are mended as far as MOST_WRONG says.

    Of other windows, sharpening first and pictures twice as large nothing found more for less than twice the time
    (evaluation.subjects.markers).
    """
    chosen = cv2.aruco.DetectorParameters()
    chosen.errorCorrectionRate = 1.0
    return chosen


def box_of(corners: Any) -> list[int]:
    """Return the upright box around four corners."""
    points = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
    left, top = np.floor(points.min(axis=0))
    right, bottom = np.ceil(points.max(axis=0))
    return [int(left), int(top), int(right - left), int(bottom - top)]
