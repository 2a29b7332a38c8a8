"""Phones and other things that an exam forbids, by YOLO on the whole picture and again where a phone may be."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from core.types import ObservationKind
from detection import exported
from detection.decode import Picture
from detection.detectors.base import Context, Findings, Values
from detection.detectors.yolo import STRIDE, Size, Thing, Yolo
from detection.models import ModelShelf

MODELS = ("yolo_phone", "yolo_phone_small")  # the first that is there; the second misses more
COCO = MappingProxyType({0: "person", 62: "tv", 63: "laptop", 65: "remote", 67: "cell phone", 73: "book"})
PHONE = "cell phone"
WATCHED = (PHONE, "book", "laptop", "tv", "person")
NOTHING_KNOWN: Context = MappingProxyType({})

LONG_SIDE = 416
SHORT_SIDES = (256, 320, LONG_SIDE)  # 16:9, 4:3 and nearly square pictures: each shape costs memory once used
FLOOR = 0.05
SCORES = MappingProxyType({PHONE: 0.13})
OTHER_SCORE = 0.35


class ObjectDetector:
    """What lies or is held in the picture: label, box in pixels [x, y, width, height], score 0 to 1."""

    name: ClassVar[str] = "objects"
    kind: ClassVar[ObservationKind] = ObservationKind.OBJECTS
    every: ClassVar[float] = 2.0

    def __init__(self, models: ModelShelf) -> None:
        self._models = models
        self._yolo: Yolo | None = None

    def available(self) -> str | None:
        """Return None, or which model is missing."""
        return None if self._choose() else f"model file missing: {MODELS[0]}"

    def load(self) -> None:
        """Load OpenVINO and the model, and make it ready for a webcam's picture."""
        # Imported here because it takes half a second and 60 MB, and only an analysis process needs it.
        # Its telemetry would report each import to a statistics service, from a forked process: nothing leaves here.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        import openvino  # noqa: PLC0415

        if (chosen := self._choose()) is None:
            raise FileNotFoundError(MODELS[0])
        self._yolo = Yolo(openvino, *chosen)

    def close(self) -> None:
        """Let go of the model."""
        self._yolo = None

    def _choose(self) -> tuple[Path, Mapping[int, str]] | None:
        """Return the model to use and the names of its classes: one exported on this machine before any other."""
        if made := exported.find(self._models.cache, MODELS[0]):
            return made.path, {number: label for number, label in made.names.items() if label in COCO.values()}
        path = next(filter(None, map(self._models.locate, MODELS)), None)
        return None if path is None else (path, COCO)

    def look(self, picture: Picture, found: Findings, context: Context = NOTHING_KNOWN) -> Values:
        """Return {"objects": [{"label", "box", "score"}]}, surest first; context may name other "labels" to watch."""
        watched = set(context.get("labels", WATCHED))
        things = self._whole(picture)
        kept = [thing for thing in things if thing.label in watched and is_sure(thing)]
        return {"objects": [as_values(thing, picture) for thing in kept]}

    def _whole(self, picture: Picture) -> list[Thing]:
        if self._yolo is None:
            raise RuntimeError("load() comes first")
        region = (0, 0, picture.width, picture.height)
        return self._yolo.look(picture.bgr, region, input_size(picture.width, picture.height), FLOOR)


def is_sure(thing: Thing) -> bool:
    """Say whether an object is sure enough to be reported."""
    return thing.score >= SCORES.get(thing.label, OTHER_SCORE)


def input_size(width: int, height: int) -> Size:
    """Return the input, LONG_SIDE along its longer side, that a picture of this shape fills best."""
    short = LONG_SIDE * min(width, height) / max(width, height)
    side = next(side for side in SHORT_SIDES if side >= min(short, SHORT_SIDES[-1]) - STRIDE // 4)
    return (LONG_SIDE, side) if width >= height else (side, LONG_SIDE)


def as_values(thing: Thing, picture: Picture) -> dict[str, Any]:
    """Return an object as the observation holds it, its box inside the picture."""
    left, top = max(0, round(thing.left)), max(0, round(thing.top))
    right, bottom = min(picture.width, round(thing.right)), min(picture.height, round(thing.bottom))
    box = [left, top, max(0, right - left), max(0, bottom - top)]
    return {"label": thing.label, "box": box, "score": round(thing.score, 3)}
