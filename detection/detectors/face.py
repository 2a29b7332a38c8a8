"""Faces by MediaPipe's BlazeFace models: full range proposes, short range confirms, or finds who is very near."""

from typing import ClassVar

from core.types import ObservationKind
from detection.detectors.base import Context, Findings, Values
from detection.detectors.face_runtimes import load
from detection.detectors.face_runtimes.base import FULL_RANGE, SHORT_RANGE, Face, FaceModel
from detection.frames.decode import Picture
from detection.models.shelf import ModelShelf

# Measured on 52 labelled pictures with 0 to 8 faces, 155 with one face (many turned away) and 49 desks and hands, each
# at 320 and 640 pixels wide. Full range alone cannot separate faces (from 0.43) from clutter (up to 0.64); short range
# on the enlarged spot can: clutter has 0.57 there at most, faces 0.63 at least.
SURE_FROM = 0.7
MAYBE_FROM = 0.4
CONFIRMED_FROM = 0.62
SPOT = 3.5  # width of the enlarged spot in widths of the face's box
MOST_SPOTS = 4  # each costs one short-range look; a crowd needs no more proof
# On the whole picture short range finds a near face that is turned away or cut off; background has 0.59 there at most.
NEAR_FROM = 0.65


class FaceDetector:
    """How many faces, where, and how sure: box in pixels [x, y, width, height], score 0 to 1, largest score first."""

    name: ClassVar[str] = "face"
    kind: ClassVar[ObservationKind] = ObservationKind.FACES
    every: ClassVar[float] = 0.0

    def __init__(self, models: ModelShelf) -> None:
        self._models = models
        self._full: FaceModel | None = None
        self._short: FaceModel | None = None

    def available(self) -> str | None:
        """Return None, or which model file is missing."""
        missing = [name for name in (FULL_RANGE, SHORT_RANGE) if self._models.locate(name) is None]
        return f"model file missing: {', '.join(missing)}" if missing else None

    def load(self) -> None:
        """Load both models in the runtime that the server is set to."""
        self._full = self._loaded(FULL_RANGE, MAYBE_FROM)
        self._short = self._loaded(SHORT_RANGE, CONFIRMED_FROM)

    def close(self) -> None:
        """Let go of both models."""
        for model in (self._full, self._short):
            if model is not None:
                model.close()
        self._full = self._short = None

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """Return count, boxes, scores and the largest face's points; one that only short range sees counts as one."""
        if self._full is None or self._short is None:
            raise RuntimeError("load() comes first")
        whole = (0, 0, picture.width, picture.height)
        candidates = self._full.look(picture, whole)
        faces = [face for face in candidates if face.score >= SURE_FROM]
        doubtful = candidates[len(faces) :][:MOST_SPOTS]
        faces += [face for face in doubtful if is_confirmed(self._short, picture, face)]
        faces = faces or [face for face in self._short.look(picture, whole) if face.score >= NEAR_FROM][:1]
        return {
            "count": len(faces),
            "boxes": [face.box for face in faces],
            "scores": [round(face.score, 3) for face in faces],
            "points": max(faces, key=lambda face: face.box[2] * face.box[3]).points if faces else [],
        }

    def _loaded(self, name: str, threshold: float) -> FaceModel:
        path = self._models.locate(name)
        if path is None:
            raise FileNotFoundError(name)
        return load(self._models.face_runtime, name, path, threshold)


def is_confirmed(short: FaceModel, picture: Picture, face: Face) -> bool:
    """Say whether short range sees a face in the middle of the enlarged spot."""
    x, y, width, height = face.box
    half = round(max(width, height) * SPOT / 2)
    middle_x, middle_y = x + width // 2, y + height // 2
    left, top = max(0, middle_x - half), max(0, middle_y - half)
    wide, high = min(picture.width, middle_x + half) - left, min(picture.height, middle_y + half) - top
    if wide < 1 or high < 1:
        return False
    inside = short.look(picture, (left, top, wide, high))
    return any(holds(found.box, middle_x, middle_y) for found in inside)


def holds(box: list[int], x: int, y: int) -> bool:
    """Say whether a point lies in a box."""
    left, top, width, height = box
    return left <= x <= left + width and top <= y <= top + height
