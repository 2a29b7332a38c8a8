"""BlazeFace through MediaPipe's own FaceDetector (Tasks API)."""

from pathlib import Path
from typing import Any

import numpy as np

from detection.detectors.face_runtimes.base import OVERLAP, Face
from detection.frames.decode import Picture, Pixels
from detection.frames.frameops import Area
from detection.processes.native_output import native_silence

WARM_UP = np.zeros((32, 32, 3), np.uint8)


class MediaPipeFaces:
    """One model in one graph: its threads take turns on a picture, so that a look keeps a single core busy."""

    def __init__(self, model: str, path: Path, threshold: float) -> None:
        # Imported here because it takes a second and 50 MB, which only this runtime needs.
        import mediapipe  # noqa: PLC0415 - a second to load, for the process that looks alone

        vision = mediapipe.tasks.vision
        options = vision.FaceDetectorOptions(
            # From memory: the library opens a path by itself on some systems only.
            base_options=mediapipe.tasks.BaseOptions(model_asset_buffer=path.read_bytes()),
            min_detection_confidence=threshold,
            min_suppression_threshold=OVERLAP,
        )
        self._image = lambda pixels: mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels)
        with native_silence():
            self._detector = vision.FaceDetector.create_from_options(options)
            # Its threads speak until they have run once: without this some of it would come after the silence.
            self._detector.detect(self._image(WARM_UP))

    def look(self, picture: Picture, region: Area) -> list[Face]:
        """Return the faces in a region (left, top, width, height) of a picture, surest first."""
        left, top, wide, high = region
        pixels = _part(picture, region)
        found = [_face(one, (left, top), (wide, high)) for one in self._detector.detect(self._image(pixels)).detections]
        return sorted(found, key=lambda face: -face.score)

    def close(self) -> None:
        """Close the graph: MediaPipe complains when the interpreter ends with an open one."""
        with native_silence():
            self._detector.close()


def _part(picture: Picture, region: Area) -> Pixels:
    left, top, wide, high = region
    if (wide, high) == (picture.width, picture.height):
        return picture.rgb
    return picture.cut(left, top, left + wide, top + high)


def _face(found: Any, start: tuple[int, int], size: tuple[int, int]) -> Face:
    box = found.bounding_box
    places = [[start[axis] + (point.x, point.y)[axis] * size[axis] for axis in (0, 1)] for point in found.keypoints]
    points = [[round(float(x), 1), round(float(y), 1)] for x, y in places]
    corner = [box.origin_x + start[0], box.origin_y + start[1]]
    return Face(float(found.categories[0].score), [*corner, box.width, box.height], points)
