"""Times the face stage against MediaPipe's own detectors called one after the other, and counts what each finds.

The stock sequence is what the library's examples do with a picture: decode it, find faces at full and at short range,
then landmarks on the whole picture, all with default thresholds. `python -m bench.faces [--json]`.
"""

import argparse
import csv
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import mediapipe
import numpy as np

from bench.scenes import QUALITY, Sensor, clips, frames_of, shrunk
from core.types import Frame, ObservationKind
from detection import detectors
from detection.analysis.gate import Gate
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Detector
from detection.detectors.face_runtimes.base import FULL_RANGE, SHORT_RANGE
from detection.detectors.landmarks import MODEL
from detection.frames.decode import Pixels, use_one_thread
from detection.models.shelf import ModelShelf
from evaluation.figures.report import Report, show, table
from settings import REPOSITORY, load_settings
from simulation.pictures import encode

WIDTHS = (320, 640)
STAGES = {"faces": ("face",), "faces and landmarks": ("face", "landmarks")}
LOOKS = 30  # of a still scene, one a second

Call = Callable[[bytes], int]


class Stock:
    """MediaPipe's three models as their examples call them."""

    def __init__(self, shelf: ModelShelf) -> None:
        vision = mediapipe.tasks.vision
        self._full, self._short = (self._detector(shelf, name) for name in (FULL_RANGE, SHORT_RANGE))
        options = vision.FaceLandmarkerOptions(
            base_options=model_of(shelf, MODEL),
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        self._landmarker = vision.FaceLandmarker.create_from_options(options)

    def look(self, jpeg: bytes, landmarks: bool) -> int:
        """Return how many faces full range found; what the others find costs time alone."""
        bgr = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), dtype=np.uint8)
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        found = self._full.detect(image).detections
        self._short.detect(image)
        if landmarks:
            self._landmarker.detect(image)
        return len(found)

    def close(self) -> None:
        """Close the models."""
        for model in (self._full, self._short, self._landmarker):
            model.close()

    def _detector(self, shelf: ModelShelf, name: str) -> Any:
        vision = mediapipe.tasks.vision
        options = vision.FaceDetectorOptions(base_options=model_of(shelf, name))
        return vision.FaceDetector.create_from_options(options)


def model_of(shelf: ModelShelf, name: str) -> Any:
    """Return the options that name a model file."""
    path = shelf.locate(name)
    if path is None:
        raise FileNotFoundError(name)
    return mediapipe.tasks.BaseOptions(model_asset_buffer=path.read_bytes())


def count_by(pipeline: Pipeline, jpeg: bytes, at: float = 0.0) -> int:
    """Return how many faces our pipeline tells of a picture."""
    seen = pipeline.analyse(Frame("room", "ana", 0, at, at, jpeg, 0, 0))
    return next(int(one.values["count"]) for one in seen if one.kind is ObservationKind.FACES)


def labelled(media: Path) -> list[tuple[Pixels, int]]:
    """Return every picture whose faces were counted, with their number."""
    with (media / "faces" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    pictures = [np.asarray(cv2.imread(str(media / "faces" / row["file"])), dtype=np.uint8) for row in rows]
    return [(bgr, int(row["n_faces"])) for bgr, row in zip(pictures, rows, strict=True)]


def cost(calls: Mapping[str, Call], jpegs: Sequence[bytes]) -> dict[str, float]:
    """Return each call's median milliseconds of processor time per picture; calls take turns on every picture."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for jpeg in jpegs:
        for name, call in calls.items():
            started = time.process_time()
            call(jpeg)
            times[name].append((time.process_time() - started) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def quality(call: Call, jpegs: Sequence[bytes], labels: Sequence[int]) -> dict[str, float]:
    """Return precision (P) and recall (R) of nobody being there, and of several."""
    counts = [call(jpeg) for jpeg in jpegs]
    pairs = list(zip(counts, labels, strict=True))
    return {
        "none P": share([true == 0 for said, true in pairs if said == 0]),
        "none R": share([said == 0 for said, true in pairs if true == 0]),
        "several P": share([true > 1 for said, true in pairs if said > 1]),
        "several R": share([said > 1 for said, true in pairs if true > 1]),
    }


def share(values: Sequence[bool]) -> float:
    """Return the share of what is true; 1 where there is nothing."""
    return sum(values) / len(values) if values else 1.0


def gated(loaded: Sequence[Detector], jpegs: Sequence[bytes]) -> float:
    """Return our mean milliseconds of processor time per look, one look a second, with the gate in front."""
    pipeline = Pipeline(loaded, Gate())
    started = time.process_time()
    for second, jpeg in enumerate(jpegs):
        count_by(pipeline, jpeg, float(second))
    return (time.process_time() - started) * 1000 / len(jpegs)


def scenes(media: Path, width: int) -> dict[str, list[bytes]]:
    """Return a still student, and one that moves a little, as JPEGs once a second."""
    sensor, moving = Sensor(width), list[bytes]()
    still = frames_of(next(path for path, label in clips(media) if label == "one_face_attentive"))
    for path, label in clips(media):
        if label in {"one_face_attentive", "one_face_looks_left"}:
            moving += [encode(shrunk(bgr, width), QUALITY) for bgr in frames_of(path)]
    return {"still": [sensor.jpeg(still[0]) for _ in range(LOOKS)], "sitting": moving}


def measure(report: Report, media: Path, stock: Stock, shelf: ModelShelf, width: int) -> list[str]:
    """Measure one width and return its tables."""
    pictures = labelled(media)
    jpegs = [encode(shrunk(bgr, width), QUALITY) for bgr, _ in pictures]
    labels, shown, rows = [count for _, count in pictures], scenes(media, width), []
    for stage, names in STAGES.items():
        loaded = [detectors.make(name, shelf) for name in names]
        for detector in loaded:
            detector.load()
        with_landmarks = "landmarks" in names
        ours: Call = partial(count_by, Pipeline(loaded))
        theirs: Call = partial(stock.look, landmarks=with_landmarks)
        ms = cost({"ours": ours, "stock": theirs}, jpegs)
        calm = {name: gated(loaded, scene) for name, scene in shown.items()}
        rows.append([f"{stage}, {width}", ms["ours"], ms["stock"], ms["stock"] / ms["ours"], *calm.values()])
        report.metrics |= {f"{stage} {width} ms": ms["ours"]} | {f"{stage} {width} {k} ms": v for k, v in calm.items()}
        report.peers.setdefault("stock", {})[f"{stage} {width} ms"] = ms["stock"]
        report.ratios[f"{stage} {width}"] = ms["ours"] / ms["stock"]
        if not with_landmarks:
            found = {name: quality(call, jpegs, labels) for name, call in (("ours", ours), ("stock", theirs))}
        for detector in loaded:
            detector.close()
    report.metrics |= {f"{width} {name}": value for name, value in found["ours"].items()}
    report.peers["stock"] |= {f"{width} {name}": value for name, value in found["stock"].items()}
    head = ["CPU ms per picture", "ours", "stock", "stock / ours", "ours, still", "ours, sitting"]
    keys = list(found["ours"])
    told = [[f"{name}, {width}", *(found[name][key] for key in keys)] for name in found]
    return [table(head, rows), table(["found", *keys], told)]


def main() -> None:
    """Measure all and print it."""
    options = argparse.ArgumentParser(prog="python -m bench.faces", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--media", type=Path, default=REPOSITORY.parent / "shared" / "media")
    chosen = options.parse_args()
    use_one_thread()
    settings = load_settings()
    shelf = ModelShelf(settings.model_cache(), settings.model_folders())
    report, stock = Report("faces"), Stock(shelf)
    text = [part for width in WIDTHS for part in measure(report, chosen.media, stock, shelf, width)]
    stock.close()
    show(report, "\n\n".join(text), chosen.json)


if __name__ == "__main__":
    main()
