"""BlazeFace through OpenVINO: the part of a picture in, faces with six points each out.

The models are MediaPipe's (Bazarevsky et al. 2019), and so is what is done around them: the picture scaled to fit a
square, a grid of anchors, and boxes that overlap blended by their scores.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detection.detectors.face_runtimes.base import FULL_RANGE, OVERLAP, SHORT_RANGE, Face
from detection.detectors.yolo import import_openvino
from detection.frames.decode import Picture
from detection.frames.frameops import Area, fill_planes

Floats = NDArray[np.float32]

GRIDS = MappingProxyType({FULL_RANGE: ((48, 1),), SHORT_RANGE: ((16, 2), (8, 6))})
"""Cells along a side and anchors in each, of every layer of a model."""

POINTS = 6  # eyes, nose, mouth, ears
MOST_CANDIDATES = 200  # boxes of one look, surest first


class OpenVinoFaces:
    """One model on one thread."""

    def __init__(self, model: str, path: Path, threshold: float) -> None:
        openvino = import_openvino()
        core = openvino.Core()
        network = with_planes(openvino, core.read_model(path))
        settings = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY"}
        self._request = core.compile_model(network, "CPU", settings).create_infer_request()
        self._side = int(network.input(0).shape[2])
        self._anchors = anchors(GRIDS[model])
        self._least = float(np.log(threshold / (1 - threshold)))
        self._planes = np.zeros((3, self._side, self._side), np.float32)
        self._request.set_input_tensor(openvino.Tensor(self._planes[np.newaxis], shared_memory=True))

    def look(self, picture: Picture, region: Area) -> list[Face]:
        """Return the faces in a region (left, top, width, height) of a picture, surest first."""
        left, top, wide, high = region
        scale = self._side / max(wide, high)
        width, height = max(1, round(wide * scale)), max(1, round(high * scale))
        right, down = (self._side - width) // 2, (self._side - height) // 2
        self._planes.fill(0.0)
        fill_planes(picture.bgr, region, (right, down, width, height), self._planes)
        self._request.infer()
        boxes, logits = (self._request.get_output_tensor(index).data[0] for index in (0, 1))
        corner = np.array([right, down], np.float32)
        factor = np.array([wide / width, high / height], np.float32)
        start = np.array([left, top], np.float32)
        return [face_of(score, (places - corner) * factor + start) for score, places in self._decode(boxes, logits)]

    def close(self) -> None:
        """Have nothing to give back: the library frees what is not used."""

    def _decode(self, raw: Floats, logits: Floats) -> Iterator[tuple[float, Floats]]:
        """Yield score and places (corners, then points; in pixels of the input) of every face."""
        chosen = np.flatnonzero(logits[:, 0] >= self._least)
        chosen = chosen[np.argsort(-logits[chosen, 0], kind="stable")][:MOST_CANDIDATES]
        places = raw[chosen].reshape(-1, 2 + POINTS, 2).astype(np.float32)
        centres = self._anchors[chosen] * self._side + places[:, 0]
        half = places[:, 1] / 2
        points = places[:, 2:] + (self._anchors[chosen] * self._side)[:, np.newaxis]
        corners = np.stack([centres - half, centres + half], axis=1)
        scores = 1 / (1 + np.exp(-logits[chosen, 0]))
        return blend(scores, np.concatenate([corners, points], axis=1), OVERLAP)


def with_planes(openvino: Any, model: Any) -> Any:
    """Return the model for one picture as red, green and blue planes from 0 to 1, as our loops fill them."""
    prepost = openvino.preprocess.PrePostProcessor(model)
    given = prepost.input(0)
    given.tensor().set_layout(openvino.Layout("NCHW"))
    given.preprocess().mean(0.5).scale(0.5)
    given.model().set_layout(openvino.Layout("NHWC"))
    return prepost.build()


def anchors(grids: Sequence[tuple[int, int]]) -> Floats:
    """Return the middle of every cell, as often as it has anchors, in shares of the side, row by row."""
    found = []
    for cells, each in grids:
        middle = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        down, right = np.meshgrid(middle, middle, indexing="ij")
        found.append(np.repeat(np.stack([right.ravel(), down.ravel()], axis=1), each, axis=0))
    return np.concatenate(found)


def blend(scores: Floats, places: Floats, overlap: float) -> Iterator[tuple[float, Floats]]:
    """Yield each face once: boxes that share more than `overlap` are averaged, weighted by score; surest first."""
    left = np.arange(len(scores))
    while left.size:
        same = shares(places[left[0], :2], places[left, :2]) > overlap
        same[0] = True
        group = left[same]
        yield float(scores[left[0]]), np.average(places[group], axis=0, weights=scores[group]).astype(np.float32)
        left = left[~same]


def shares(box: Floats, others: Floats) -> Floats:
    """Return intersection over union of one box with each of others; corners as ((left, top), (right, bottom))."""
    inner = np.minimum(box[1], others[:, 1]) - np.maximum(box[0], others[:, 0])
    common = np.prod(np.clip(inner, 0, None), axis=1)
    areas = np.prod(np.clip(others[:, 1] - others[:, 0], 0, None), axis=1)
    whole = areas + float(np.prod(np.clip(box[1] - box[0], 0, None))) - common
    return np.asarray(common / np.maximum(whole, 1e-9), np.float32)


def face_of(score: float, places: Floats) -> Face:
    """Return a face from the corners of its box and its points, in pixels."""
    (x, y), (right, bottom) = (tuple(map(float, corner)) for corner in places[:2])
    points = [[round(float(a), 1), round(float(b), 1)] for a, b in places[2:]]
    return Face(score, [int(x), int(y), int(right - x), int(bottom - y)], points)
