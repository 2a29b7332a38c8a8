"""What the stock model has worked out by its last stage: the maps that a stage of our own goes on from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detection.detectors.objects import LONG_SIDE, SHORT_SIDE
from detection.detectors.yolo import BINS, SURROUND, Floats, Size, fit, import_openvino, open_heads
from detection.frames.decode import Pixels
from detection.frames.frameops import fill_planes

STRIDES = 8, 16, 32
SIZE: Size = LONG_SIDE, SHORT_SIDE
STOCK_PHONE = 67
"""The number of "cell phone" among the classes of COCO."""
LEVELS = 255
"""Steps of a quantised map."""

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class Range:
    """What the codes 0 to 255 of a map stand for."""

    low: float
    high: float

    def codes(self, values: Floats) -> Codes:
        """Return values as codes."""
        return np.rint((values - self.low) / (self.high - self.low) * LEVELS).clip(0, LEVELS).astype(np.uint8)


@dataclass
class Level:
    """One scale of the model: its two maps that a last stage may read, as nodes of the opened model."""

    neck: Any
    hidden: Any
    boxes: Any
    classes: Any


def levels_of(model: Any) -> list[Level]:
    """Return the three scales of an opened stock model (`open_heads`), finest first."""
    return [_level(result.input_value(0).get_node()) for result in model.get_results()]


def _level(head: Any) -> Level:
    boxes, classes = (head.input_value(place).get_node() for place in (0, 1))
    hidden = classes.input_value(0).get_node().input_value(0).get_node()
    neck = boxes
    for _ in range(3):  # of the three convolutions of a branch, the map before the first is the neck's
        neck = _before(neck, "Convolution").input_value(0).get_node()
    return Level(neck, hidden, boxes, classes)


def _before(node: Any, kind: str) -> Any:
    """Return the nearest node of this kind on the way back, the node itself included."""
    while node.get_type_name() != kind:
        node = node.input_value(0).get_node()
    return node


def range_of(node: Any) -> Range:
    """Return the range of a map that was quantised."""
    low, high = (float(np.ravel(node.input_value(place).get_node().get_data())[0]) for place in (1, 2))
    return Range(low, high)


@dataclass
class Tapped:
    """One picture's maps: codes of the neck and the last hidden layer of each scale, then boxes and stock logits."""

    necks: list[Codes]
    hidden: list[Codes]
    boxes: NDArray[np.float16]
    logits: NDArray[np.float16]


class Taps:
    """The stock model on one thread, asked for its inner maps at the size that the server looks at."""

    def __init__(self, path: Path, size: Size = SIZE) -> None:
        openvino = import_openvino()
        core = openvino.Core()
        model = open_heads(openvino, core.read_model(path))
        levels = levels_of(model)
        self.necks = [range_of(level.neck) for level in levels]
        self.hidden = [range_of(level.hidden) for level in levels]
        nodes = [level.neck for level in levels] + [level.hidden for level in levels]
        outputs = [openvino.opset13.result(node.output(0)) for node in nodes]
        tapped = openvino.Model([*outputs, *model.get_results()], model.get_parameters(), "tapped")
        tapped.reshape([1, 3, size[1], size[0]])
        self._request = core.compile_model(
            tapped, "CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        ).create_infer_request()
        self._size = size

    def look(self, bgr: Pixels) -> Tapped:
        """Return the maps of one picture, fitted in as the detector does."""
        self._request.infer(planes_of(bgr, self._size)[None])
        maps = [np.array(self._request.get_output_tensor(place).data[0]) for place in range(9)]
        heads = maps[6:]
        return Tapped(
            [r.codes(values) for r, values in zip(self.necks, maps[:3], strict=True)],
            [r.codes(values) for r, values in zip(self.hidden, maps[3:6], strict=True)],
            np.concatenate([boxes_of(head, stride) for head, stride in zip(heads, STRIDES, strict=True)]),
            np.concatenate([head[4 * BINS + STOCK_PHONE].ravel() for head in heads]).astype(np.float16),
        )


def planes_of(bgr: Pixels, size: Size) -> Floats:
    """Return a picture as the input of a model."""
    planes = np.full((3, size[1], size[0]), SURROUND, np.float32)
    whole = 0, 0, bgr.shape[1], bgr.shape[0]
    fill_planes(bgr, whole, fit(whole, size), planes)
    return planes


def boxes_of(head: Floats, stride: int) -> NDArray[np.float16]:
    """Return the box that each cell of a scale would give, in pixels of the input."""
    rows, columns = head.shape[1:]
    sides = head[: 4 * BINS].reshape(4, BINS, -1)
    weights = np.exp(sides - sides.max(axis=1, keepdims=True))
    distances = np.einsum("sbn,b->sn", weights, np.arange(BINS, dtype=np.float32)) / weights.sum(axis=1)
    y, x = np.mgrid[:rows, :columns]
    centres = np.stack([x.ravel(), y.ravel()]).astype(np.float32) + 0.5
    return (np.concatenate([centres - distances[:2], centres + distances[2:]]).T * stride).astype(np.float16)


def cells(size: Size) -> tuple[Floats, NDArray[np.int64]]:
    """Return the middle of every cell in pixels of the input, and the stride of its scale, finest scale first."""
    centres: list[Floats] = []
    strides: list[NDArray[np.int64]] = []
    for stride in STRIDES:
        y, x = np.mgrid[: size[1] // stride, : size[0] // stride]
        centres.append((np.stack([x.ravel(), y.ravel()], axis=1) + 0.5).astype(np.float32) * stride)
        strides.append(np.full(x.size, stride))
    return np.concatenate(centres), np.concatenate(strides)


def channels(tapped: Tapped) -> Sequence[tuple[int, ...]]:
    """Return the shapes of the six maps, necks first."""
    return [codes.shape for codes in (*tapped.necks, *tapped.hidden)]
