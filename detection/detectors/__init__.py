"""The detectors, by dotted name because each imports a heavy library; only an analysis process loads them.

They run in this order, so that a later one can build on what an earlier one found. Which of them look at the pictures
of phones, and how often, is in detection.measures.channels.
"""

import importlib
from collections.abc import Iterable, Mapping

from detection.detectors.base import Detector
from detection.models.shelf import ModelShelf

DETECTORS: Mapping[str, str] = {
    "face": "detection.detectors.face:FaceDetector",
    "picture": "detection.detectors.picture:PictureDetector",
    "landmarks": "detection.detectors.landmarks:LandmarkDetector",
    "identity": "detection.detectors.identity:IdentityDetector",
    "objects": "detection.detectors.objects:ObjectDetector",
    "markers": "detection.detectors.markers:MarkerDetector",
    "scene": "detection.detectors.scene:SceneDetector",
}


def make(name: str, models: ModelShelf) -> Detector:
    """Import and build one detector, not loaded yet; KeyError for a name that is not registered."""
    module, _, attribute = DETECTORS[name].partition(":")
    detector: Detector = getattr(importlib.import_module(module), attribute)(models)
    return detector


def in_order(names: Iterable[str] | None = None) -> list[str]:
    """Return the wanted names (all for None) in the registry's order; KeyError for one that is not registered."""
    wanted = set(DETECTORS if names is None else names)
    if unknown := wanted - DETECTORS.keys():
        raise KeyError(", ".join(sorted(unknown)))
    return [name for name in DETECTORS if name in wanted]
