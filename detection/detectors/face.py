"""Faces by MediaPipe's BlazeFace: full range first, short range where that one saw nobody."""

from typing import Any, ClassVar

from core.types import ObservationKind
from detection.decode import Picture, Pixels
from detection.detectors.base import Findings, Values
from detection.models import ModelShelf

FULL_RANGE, SHORT_RANGE = "face_full_range", "face_short_range"

# Both measured on 52 labelled pictures with 0 to 8 faces and 155 with one face, many turned away (320 and 640 wide).
# Full range: at 0.6 a cluttered desk scores as a face, at 0.7 every second face in twelve is lost.
# Short range: background reaches 0.59 at most, a near face that full range misses has 0.75 at least.
FULL_RANGE_AT = 0.65
SHORT_RANGE_AT = 0.65
OVERLAP = 0.3  # boxes that share more than this are one face; MediaPipe's own default


class FaceDetector:
    """How many faces, where, and how sure: box in pixels [x, y, width, height], score 0 to 1, largest score first."""

    name: ClassVar[str] = "face"
    kind: ClassVar[ObservationKind] = ObservationKind.FACES

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
        self._full = _open(mediapipe, self._models, FULL_RANGE, FULL_RANGE_AT)
        self._short = _open(mediapipe, self._models, SHORT_RANGE, SHORT_RANGE_AT)

    def look(self, picture: Picture, found: Findings) -> Values:
        """Return {"count", "boxes", "scores"}; a face that only short range sees counts as one."""
        faces = self._detect(self._full, picture.rgb) or self._detect(self._short, picture.rgb)[:1]
        return {
            "count": len(faces),
            "boxes": [box for _, box in faces],
            "scores": [round(score, 3) for score, _ in faces],
        }

    def _detect(self, model: Any, rgb: Pixels) -> list[tuple[float, list[int]]]:
        detections = model.detect(self._image(rgb)).detections
        faces = [(found.categories[0].score, _box(found.bounding_box)) for found in detections]
        return sorted(faces, reverse=True)


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
