"""Is this the student who was enrolled: dlib's 128 numbers of a face, compared with those taken at the system check."""

import importlib.util
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np

from core.types import ObservationKind
from detection.detectors.base import Findings, Values
from detection.frames.decode import Picture, Pixels
from detection.models.shelf import ModelShelf

PACKAGE = "face_recognition_models"  # carries the weights; never imported, its import needs what is gone from Python
POINTS, NETWORK = "shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat"

# Measured on 120 pictures of 28 people, all 7140 pairs: 1 % of the pairs of one person are further apart than 0.61, 1 %
# of the pairs of two people are nearer than 0.62. Between the two limits nothing is claimed.
SAME_UNTIL = 0.55
OTHER_FROM = 0.65
# Pictures of one person lie about a middle, at this mean square of the distance. The middle of several references is
# nearer to everybody than one picture is; what is told is as if there were one, so that one limit fits all.
SPREAD = 0.077
# A distance that leaves doubt is measured again with the face mirrored as well, and the mean of both numbers: what is
# peculiar to a picture (light from the side, a turned head) is less in it.
DOUBT_FROM, DOUBT_UNTIL = 0.45, 0.72

LEAST_FACE = 48  # pixels; a smaller face is enlarged more than threefold for the network, and blurs
MOST_YAW, MOST_PITCH = 35.0, 30.0  # degrees; further turned faces are compared with nothing
LEAST_LIGHT, MOST_LIGHT = 35.0, 225.0  # mean of the face, 0 to 255
# A photo that is to be the reference must be better than a look. Measured on 39 pictures of 28 people, the face's box
# at SHARP_SIZE: sharp ones have 0.044 at least; blurred by 3 % of the face's width, which moves its numbers by 0.45,
# they have 0.018 at most.
PHOTO_LEAST_FACE = 64  # pixels
PHOTO_SHARP_FROM = 0.025  # variance of the Laplacian / variance of the grey levels
SHARP_SIZE = 96  # pixels
MARGIN = 0.25  # of the aligned face around it; the value the network was trained with


Numbers = np.ndarray[Any, Any]
"""The 128 numbers of a face."""


class IdentityDetector:
    """Compares the largest face with the context's `references`; gives its own numbers only where `enrol` is asked.

    With `photo` the picture is one that others are to be compared with, and has to be large and sharp.
    """

    name: ClassVar[str] = "identity"
    kind: ClassVar[ObservationKind] = ObservationKind.IDENTITY
    every: ClassVar[float] = 45.0

    def __init__(self, models: ModelShelf) -> None:
        self._points: Any = None
        self._network: Any = None
        self._rectangle: Any = None

    def available(self) -> str | None:
        """Return None, or which package is missing."""
        missing = [name for name in ("dlib", PACKAGE) if importlib.util.find_spec(name) is None]
        return f"package missing: {', '.join(missing)}" if missing else None

    def load(self) -> None:
        """Load dlib, its five-point model and its network."""
        # Imported here because it takes 100 MB, and only an analysis process needs it.
        import dlib  # noqa: PLC0415

        folder = _weights()
        self._points = dlib.shape_predictor(str(folder / POINTS))
        self._network = dlib.face_recognition_model_v1(str(folder / NETWORK))
        self._rectangle = dlib.rectangle

    def close(self) -> None:
        """Have nothing to give back."""

    def look(self, picture: Picture, found: Findings, context: Mapping[str, Any]) -> Values:
        """Return {"distance", "match", "reason"}, and {"embedding"} of 128 numbers while the student is enrolled."""
        references, enrol = context.get("references") or (), bool(context.get("enrol"))
        if not references and not enrol:
            return unsure("not enrolled")
        box, reason = usable_face(picture, found)
        if box is not None and context.get("photo"):
            box, reason = photo_face(picture, box)
        if box is None:
            return unsure(reason)
        numbers = self._describe(picture.rgb, box)
        answer = self._compare(picture, box, numbers, references) if references else unsure("not enrolled")
        return {**answer, "embedding": [round(float(n), 5) for n in numbers]} if enrol else answer

    def _compare(
        self, picture: Picture, box: Sequence[int], numbers: Numbers, references: Sequence[Sequence[float]]
    ) -> Values:
        answer = compare(numbers, references)
        if not DOUBT_FROM < answer["distance"] < DOUBT_UNTIL:
            return answer
        x, y, width, height = box
        mirrored = self._describe(picture.rgb[:, ::-1], (picture.width - x - width, y, width, height))
        return compare((numbers + mirrored) / 2, references)

    def _describe(self, pixels: Pixels, box: Sequence[int]) -> Numbers:
        x, y, width, height = box
        rgb = np.ascontiguousarray(pixels)
        shape = self._points(rgb, self._rectangle(x, y, x + width, y + height))
        return np.asarray(self._network.compute_face_descriptor(rgb, shape, 0, MARGIN))


def compare(numbers: Numbers, references: Sequence[Sequence[float]]) -> Values:
    """Return how near a face's 128 numbers are to the references of one person, and what that says."""
    distance = distance_to(numbers, references)
    match = "yes" if distance <= SAME_UNTIL else "no" if distance >= OTHER_FROM else "unsure"
    reason = "too close to tell" if match == "unsure" else None
    return {"distance": round(distance, 3), "match": match, "reason": reason}


def distance_to(numbers: Numbers, references: Sequence[Sequence[float]]) -> float:
    """Return the Euclidean distance to the middle of the references, as large as it would be to one of them."""
    middle = np.asarray(references, dtype=float).mean(axis=0)
    squared = float(np.square(numbers - middle).sum())
    return math.sqrt(squared + SPREAD * (1 - 1 / len(references)))


def unsure(reason: str) -> Values:
    """Return that nothing can be said, which is no violation."""
    return {"distance": None, "match": "unsure", "reason": reason}


def usable_face(picture: Picture, found: Findings) -> tuple[Sequence[int] | None, str]:
    """Return the box of the one face that is large, light and straight enough, or None and why there is none."""
    faces = found.get(ObservationKind.FACES) or {}
    boxes: Sequence[Sequence[int]] = faces.get("boxes") or []
    if len(boxes) != 1:
        return None, "several faces" if boxes else "no face"
    pose = found.get(ObservationKind.LANDMARKS) or {}
    if abs(pose.get("yaw") or 0.0) > MOST_YAW or abs(pose.get("pitch") or 0.0) > MOST_PITCH:
        return None, "turned away"
    x, y, width, height = boxes[0]
    if min(width, height) < LEAST_FACE:
        return None, "too far away"
    light = float(picture.rgb[max(0, y) : y + height, max(0, x) : x + width].mean())
    if not LEAST_LIGHT <= light <= MOST_LIGHT:
        return None, "poor light"
    return boxes[0], ""


def photo_face(picture: Picture, box: Sequence[int]) -> tuple[Sequence[int] | None, str]:
    """Return the box of a face that is good enough to be compared with, or None and why it is not."""
    x, y, width, height = box
    if min(width, height) < PHOTO_LEAST_FACE:
        return None, "too far away"
    gray = cv2.cvtColor(picture.cut(x, y, x + width, y + height), cv2.COLOR_RGB2GRAY)
    small = np.asarray(cv2.resize(gray, (SHARP_SIZE, SHARP_SIZE), interpolation=cv2.INTER_AREA), dtype=float)
    sharpness = cv2.Laplacian(small, cv2.CV_64F).var() / max(1.0, small.var())
    return (box, "") if sharpness >= PHOTO_SHARP_FROM else (None, "blurred")


def _weights() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(PACKAGE)
    return Path(found.submodule_search_locations[0]) / "models"
