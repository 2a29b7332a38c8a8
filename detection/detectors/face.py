"""Faces by MediaPipe's BlazeFace: full range proposes, short range confirms, or finds who is too near for that."""

from typing import Any, ClassVar, NamedTuple

from core.types import ObservationKind
from detection.decode import Picture, Pixels
from detection.detectors.base import Context, Findings, Values
from detection.models import ModelShelf

FULL_RANGE, SHORT_RANGE = "face_full_range", "face_short_range"

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
OVERLAP = 0.3  # boxes that share more than this are one face; MediaPipe's own default


class Face(NamedTuple):
    """Score 0 to 1, [x, y, width, height] and BlazeFace's six points [[x, y]...], both in pixels of the picture."""

    score: float
    box: list[int]
    points: list[list[float]]


class FaceDetector:
    """How many faces, where, and how sure: box in pixels [x, y, width, height], score 0 to 1, largest score first."""

    name: ClassVar[str] = "face"
    kind: ClassVar[ObservationKind] = ObservationKind.FACES
    every: ClassVar[float] = 0.0

    def __init__(self, models: ModelShelf) -> None:
        self._models = models
        self._full: Any = None
        self._short: Any = None
        self._image: Any = None

    def available(self) -> str | None:
        """Return None, or which model file is missing."""
        missing = [name for name in (FULL_RANGE, SHORT_RANGE) if self._models.locate(name) is None]
        return f"model file missing: {', '.join(missing)}" if missing else None

    def load(self) -> None:
        """Load MediaPipe and both models."""
        # Imported here because it takes seconds and 100 MB, and only an analysis process needs it.
        import mediapipe  # noqa: PLC0415

        self._image = lambda pixels: mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels)
        self._full = _open(mediapipe, self._models, FULL_RANGE, MAYBE_FROM)
        self._short = _open(mediapipe, self._models, SHORT_RANGE, CONFIRMED_FROM)

    def close(self) -> None:
        """Close both models: MediaPipe complains when the interpreter ends with open ones."""
        for model in (self._full, self._short):
            if model is not None:
                model.close()

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """Return count, boxes, scores and the largest face's points; one that only short range sees counts as one."""
        candidates = self._detect(self._full, picture.rgb)
        faces = [face for face in candidates if face.score >= SURE_FROM]
        doubtful = candidates[len(faces) :][:MOST_SPOTS]
        faces += [face for face in doubtful if self._is_confirmed(picture, face)]
        faces = faces or [face for face in self._detect(self._short, picture.rgb) if face.score >= NEAR_FROM][:1]
        return {
            "count": len(faces),
            "boxes": [face.box for face in faces],
            "scores": [round(face.score, 3) for face in faces],
            "points": max(faces, key=lambda face: face.box[2] * face.box[3]).points if faces else [],
        }

    def _is_confirmed(self, picture: Picture, face: Face) -> bool:
        """Say whether short range sees a face in the middle of the enlarged spot."""
        x, y, width, height = face.box
        half = round(max(width, height) * SPOT / 2)
        middle_x, middle_y = x + width // 2, y + height // 2
        left, top = max(0, middle_x - half), max(0, middle_y - half)
        spot = picture.cut(left, top, middle_x + half, middle_y + half)
        if not spot.size:
            return False
        inside = self._detect(self._short, spot)
        return any(_holds(face.box, middle_x - left, middle_y - top) for face in inside)

    def _detect(self, model: Any, rgb: Pixels) -> list[Face]:
        detections = model.detect(self._image(rgb)).detections
        height, width = rgb.shape[:2]
        faces = [
            Face(
                float(found.categories[0].score),
                _box(found.bounding_box),
                [[round(point.x * width, 1), round(point.y * height, 1)] for point in found.keypoints],
            )
            for found in detections
        ]
        return sorted(faces, reverse=True)


def _holds(box: list[int], x: int, y: int) -> bool:
    left, top, width, height = box
    return left <= x <= left + width and top <= y <= top + height


def _open(mediapipe: Any, models: ModelShelf, name: str, threshold: float) -> Any:
    path = models.locate(name)
    if path is None:
        raise FileNotFoundError(name)
    tasks = mediapipe.tasks
    options = tasks.vision.FaceDetectorOptions(
        # From memory: the library opens a path by itself on some systems only.
        base_options=tasks.BaseOptions(model_asset_buffer=path.read_bytes()),
        min_detection_confidence=threshold,
        min_suppression_threshold=OVERLAP,
    )
    return tasks.vision.FaceDetector.create_from_options(options)


def _box(box: Any) -> list[int]:
    return [int(box.origin_x), int(box.origin_y), int(box.width), int(box.height)]
