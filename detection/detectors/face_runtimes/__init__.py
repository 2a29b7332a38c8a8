"""What can run the BlazeFace models, by dotted name: a library is imported only when it is the one in use."""

import importlib
from collections.abc import Mapping
from pathlib import Path

from detection.detectors.face_runtimes.base import FaceModel

FACE_RUNTIMES: Mapping[str, str] = {
    "mediapipe": "detection.detectors.face_runtimes.mediapipe_runtime:MediaPipeFaces",
    "openvino": "detection.detectors.face_runtimes.openvino_runtime:OpenVinoFaces",
}


def load(runtime: str, model: str, path: Path, threshold: float) -> FaceModel:
    """Load the file of FULL_RANGE or SHORT_RANGE; faces below `threshold` (0 to 1) are left out.

    KeyError for a runtime that is not registered.
    """
    module, _, attribute = FACE_RUNTIMES[runtime].partition(":")
    loaded: FaceModel = getattr(importlib.import_module(module), attribute)(model, path, threshold)
    return loaded
