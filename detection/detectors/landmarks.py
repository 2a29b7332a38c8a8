"""Head pose, gaze, eyes and mouth of the one face, by MediaPipe's Face Landmarker; without its model, coarsely."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from core.types import ObservationKind
from detection.detectors.base import Findings, Values
from detection.detectors.coarse_pose import coarse_pose
from detection.frames.decode import Picture, Pixels
from detection.models.shelf import ModelShelf
from detection.processes.native_output import native_silence

MODEL = "face_landmarker"
SPOT = 2.2  # width of what is cut out in widths of the face: measured best of whole picture, 1.6, 2.2 and 3.0
LEAST_FACE = 24  # pixels; landmarks on a smaller face are guesses
CONFIDENT_FROM = 0.3  # the detector before this one is stricter; this only has to find the same face again
UNKNOWN: Values = {
    "yaw": None,
    "pitch": None,
    "roll": None,
    "gaze": None,
    "eyes_closed": None,
    "mouth": None,
    "coarse": False,
}


class LandmarkDetector:
    """Where the largest face and its eyes point, in degrees; yaw > 0 to the left side of the picture, pitch > 0 up."""

    name: ClassVar[str] = "landmarks"
    kind: ClassVar[ObservationKind] = ObservationKind.LANDMARKS
    every: ClassVar[float] = 1.0

    def __init__(self, models: ModelShelf) -> None:
        self._models = models
        self._landmarker: Any = None
        self._image: Any = None

    def available(self) -> str | None:
        """Return None always: without the model head poses are coarse, and marked so."""
        return None

    def reduced(self) -> str | None:
        """Return that head poses are coarse while the model is missing."""
        return None if self._models.locate(MODEL) else f"model file missing: {MODEL}; head poses are coarse"

    def load(self) -> None:
        """Load MediaPipe and its model, where there is one."""
        path = self._models.locate(MODEL)
        if path is None:
            return
        with native_silence():
            self._landmarker = self._made(path.read_bytes())
            # Its threads speak until they have run once: without this some of it would come after the silence.
            self._landmarker.detect(self._image(np.zeros((LEAST_FACE, LEAST_FACE, 3), np.uint8)))

    def _made(self, model: bytes) -> Any:
        # Imported here because it takes seconds and 100 MB, and only an analysis process needs it.
        import mediapipe  # noqa: PLC0415 - a second to load, for the process that looks alone

        tasks = mediapipe.tasks
        options = tasks.vision.FaceLandmarkerOptions(
            # From memory: the library opens a path by itself on some systems only.
            base_options=tasks.BaseOptions(model_asset_buffer=model),
            num_faces=1,
            min_face_detection_confidence=CONFIDENT_FROM,
            min_face_presence_confidence=CONFIDENT_FROM,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        self._image = lambda pixels: mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels)
        return tasks.vision.FaceLandmarker.create_from_options(options)

    def close(self) -> None:
        """Close the model: MediaPipe complains when the interpreter ends with an open one."""
        if self._landmarker is not None:
            with native_silence():
                self._landmarker.close()

    def look(self, picture: Picture, found: Findings, context: Mapping[str, Any]) -> Values:
        """Return pose, gaze, eyes and mouth of the largest face; all None where there is no face large enough."""
        faces = found.get(ObservationKind.FACES) or {}
        box = max(faces.get("boxes") or (), key=lambda b: b[2] * b[3], default=None)
        if box is None or min(box[2], box[3]) < LEAST_FACE:
            return UNKNOWN
        if self._landmarker is None:
            return {**UNKNOWN, **coarse_pose(faces.get("points") or ()), "coarse": True}
        seen = self._landmarker.detect(self._image(_cut_out(picture.rgb, box)))
        if not seen.facial_transformation_matrixes:
            return UNKNOWN
        shapes = {shape.category_name: float(shape.score) for shape in seen.face_blendshapes[0]}
        yaw, pitch, roll = head_angles(np.asarray(seen.facial_transformation_matrixes[0]))
        return {
            "yaw": round(yaw, 1),
            "pitch": round(pitch, 1),
            "roll": round(roll, 1),
            "gaze": {"x": round(gaze_x(shapes), 3), "y": round(gaze_y(shapes), 3)},
            "eyes_closed": round((shapes["eyeBlinkLeft"] + shapes["eyeBlinkRight"]) / 2, 3),
            "mouth": round(shapes["jawOpen"], 3),
            "coarse": False,
        }


def head_angles(matrix: np.ndarray[Any, Any]) -> tuple[float, float, float]:
    """Return (yaw, pitch, roll) in degrees of MediaPipe's 4x4 face matrix, in the signs of AFLW2000.

    The matrix turns a face that looks at the camera (x right, y up, z towards the camera); angles are taken in the
    order yaw, pitch, roll about the fixed axes y, x, z.
    """
    rotation = matrix[:3, :3]
    yaw = -math.degrees(math.atan2(rotation[0, 2], rotation[2, 2]))
    pitch = math.degrees(math.asin(max(-1.0, min(1.0, float(rotation[1, 2])))))
    roll = -math.degrees(math.atan2(rotation[1, 0], rotation[1, 1]))
    return yaw, pitch, roll


def gaze_x(shapes: Mapping[str, float]) -> float:
    """Return where the eyes point within the head, -1 to 1, positive to the left side of the picture."""
    to_left = shapes["eyeLookOutRight"] + shapes["eyeLookInLeft"]
    return (to_left - shapes["eyeLookOutLeft"] - shapes["eyeLookInRight"]) / 2


def gaze_y(shapes: Mapping[str, float]) -> float:
    """Return where the eyes point within the head, -1 to 1, positive upwards."""
    upwards = shapes["eyeLookUpLeft"] + shapes["eyeLookUpRight"]
    return (upwards - shapes["eyeLookDownLeft"] - shapes["eyeLookDownRight"]) / 2


def _cut_out(rgb: Pixels, box: list[int]) -> Pixels:
    """Return a square around the face, black where it leaves the picture: a small face becomes a near one."""
    x, y, width, height = box
    half = round(max(width, height) * SPOT / 2)
    left, top = x + width // 2 - half, y + height // 2 - half
    spot = np.zeros((2 * half, 2 * half, 3), np.uint8)
    inside = rgb[max(0, top) : top + 2 * half, max(0, left) : left + 2 * half]
    down, right = max(0, -top), max(0, -left)
    spot[down : down + inside.shape[0], right : right + inside.shape[1]] = inside
    return spot
