"""What others would say of the same pictures: MediaPipe as it comes, and YOLO in one plain pass."""

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import mediapipe
import numpy as np

from detection.detectors.landmarks import head_angles
from detection.detectors.objects import COCO, PHONE
from detection.detectors.yolo import Yolo
from detection.frames.decode import Picture
from detection.models.shelf import ModelShelf
from evaluation.systems.ours import Clock
from evaluation.systems.ultralytics_peer import ABSENT, Predictor, find_python

FULL_RANGE, SHORT_RANGE, LANDMARKER = "face_full_range", "face_short_range", "face_landmarker"
Count = Callable[[Picture], int]
Surest = Callable[[Picture], float]
MODEL_NAMES = MappingProxyType({"yolo_phone": "YOLO11n", "yolo_phone_small": "YOLOv8n"})
OWN = "{} INT8, Ultralytics' predictor at {}"
FLOOR = 0.05  # of a phone's score; the thresholds that are compared are higher


def face_counters(shelf: ModelShelf, clock: Clock) -> dict[str, Count]:
    """Return MediaPipe's stock face detectors at the thresholds that exam monitors use."""
    wanted: list[tuple[str, str, float]] = [
        ("MediaPipe short range, 0.5", SHORT_RANGE, 0.5),
        ("MediaPipe short range, 0.2", SHORT_RANGE, 0.2),
        ("MediaPipe full range, 0.5", FULL_RANGE, 0.5),
    ]
    there = [one for one in wanted if shelf.locate(one[1]) is not None]
    return {name: _counter(shelf, clock, name, model, limit) for name, model, limit in there}


def _counter(shelf: ModelShelf, clock: Clock, name: str, model: str, threshold: float) -> Count:
    vision = mediapipe.tasks.vision
    options = vision.FaceDetectorOptions(base_options=_base(shelf, model), min_detection_confidence=threshold)
    detector = vision.FaceDetector.create_from_options(options)

    def count(picture: Picture) -> int:
        image = _image(picture)
        started = time.perf_counter()
        found = detector.detect(image).detections
        clock.add(name, started)
        return len(found)

    return count


def stock_landmarker(shelf: ModelShelf, clock: Clock) -> Callable[[Picture], tuple[float, float] | None] | None:
    """Return (yaw, pitch) by the Face Landmarker as it comes, on the whole picture; None without its model."""
    if shelf.locate(LANDMARKER) is None:
        return None
    vision = mediapipe.tasks.vision
    options = vision.FaceLandmarkerOptions(
        base_options=_base(shelf, LANDMARKER),
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    landmarker = vision.FaceLandmarker.create_from_options(options)

    def angles(picture: Picture) -> tuple[float, float] | None:
        image = _image(picture)
        started = time.perf_counter()
        matrices = landmarker.detect(image).facial_transformation_matrixes
        clock.add("MediaPipe Face Landmarker", started)
        return head_angles(np.asarray(matrices[0]))[:2] if matrices else None

    return angles


def _base(shelf: ModelShelf, model: str) -> Any:
    path = shelf.locate(model)
    if path is None:
        raise FileNotFoundError(model)
    return mediapipe.tasks.BaseOptions(model_asset_buffer=path.read_bytes())


def _image(picture: Picture) -> Any:
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture.rgb)


def phone_finders(shelf: ModelShelf, clock: Clock) -> dict[str, Surest]:
    """Return plain YOLO passes over the whole picture, as the score of the surest phone (0: none)."""
    told: dict[str, Surest] = {}
    for model, name in MODEL_NAMES.items():
        path = shelf.locate(model)
        if path is None:
            continue
        yolo = Yolo(path, COCO, dict.fromkeys(COCO.values(), FLOOR))
        for side in (640, 320):
            told[f"{name} INT8, plain {side}"] = _plain(yolo, side, clock, f"{name} INT8, plain {side}")
    return told


def _plain(yolo: Yolo, side: int, clock: Clock, name: str) -> Surest:
    def surest(picture: Picture) -> float:
        started = time.perf_counter()
        things = yolo.look(picture.bgr, (0, 0, picture.width, picture.height), (side, side))
        clock.add(name, started)
        return max((thing.score for thing in things if thing.label == PHONE), default=0.0)

    return surest


class OwnPredictor:
    """Ultralytics' own predictor with the same models, where an environment has it; to be closed in the end."""

    def __init__(self, shelf: ModelShelf, environ: Mapping[str, str]) -> None:
        self._predictors: list[Predictor] = []
        self._shelf = shelf
        self._python = find_python(shelf.cache, environ)
        self.absent = "" if self._python else ABSENT

    def finders(self, clock: Clock) -> dict[str, Surest]:
        """Return one finder for each model; their times are those of their own process."""
        told: dict[str, Surest] = {}
        for model, name in MODEL_NAMES.items():
            if self._python is not None and (path := self._shelf.locate(model)) is not None:
                predictor = Predictor(self._python, path.parent)
                self._predictors.append(predictor)
                title = OWN.format(name, predictor.side)
                told[title] = _own(predictor, clock, title)
        return told

    def close(self) -> None:
        """End their processes."""
        for predictor in self._predictors:
            predictor.close()


def _own(predictor: Predictor, clock: Clock, name: str) -> Surest:
    def surest(picture: Picture) -> float:
        look = predictor.look(picture.bgr)
        clock.times.setdefault(name, []).append(look.ms)
        return look.surest

    return surest


def at_thresholds(found: Mapping[str, float], thresholds: tuple[float, ...] = (0.15, 0.25)) -> dict[str, bool]:
    """Return what each finder says at each threshold; 0.25 is Ultralytics' own."""
    return {f"{name}, from {limit}": score >= limit for name, score in found.items() for limit in thresholds}
