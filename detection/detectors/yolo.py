"""One YOLO model through OpenVINO: a region of a picture in, boxes out, at any input size.

Ultralytics exports a model for one square size. Most of a camera's picture is not square, and what a look costs grows
with the pixels: so the model is cut open before its last layers, which alone know the size, and those are done here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.frames.decode import Pixels
from detection.frames.frameops import Area, fill_planes

SURROUND = 114 / 255  # the grey that the models saw around pictures when they were trained
BINS = 16  # each side of a box is a distribution over so many distances (Li et al. 2020, distribution focal loss)
SAME = 0.5  # overlapping more than this, two boxes of one label are one object

Size = tuple[int, int]
"""Width and height in pixels."""
Floats = NDArray[np.float32]


class DetectedObject(NamedTuple):
    """One object: what, how sure (0 to 1), and the borders of its box in pixels of the picture."""

    label: str
    score: float
    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Input:
    """The model ready for one input size, the buffer that pictures are put into, and those that answers come in."""

    request: Any
    planes: Floats
    outputs: list[Floats]
    filled: Area | None = field(default=None)


class Yolo:
    """A model on one thread.

    `labels` names the classes that are looked for, by their number in the model; `floors` gives for each name the
    score from which it is worth telling.
    """

    def __init__(self, path: Path, labels: Mapping[int, str], floors: Mapping[str, float]) -> None:
        openvino = import_openvino()
        self._tensor = partial(openvino.Tensor, shared_memory=True)
        self._core = openvino.Core()
        self._model = open_heads(openvino, self._core.read_model(path))
        self._numbers = np.array(sorted(labels))
        self._labels = [labels[number] for number in sorted(labels)]
        self._floors: Floats = np.array([[floors[label]] for label in self._labels], np.float32)
        self._only_size = fixed_size(self._model) if len(self._model.outputs) == 1 else None
        self._inputs: dict[Size, Input] = {}

    def look(self, bgr: Pixels, region: Area, size: Size) -> list[DetectedObject]:
        """Return what is in a region (left, top, width, height), surest first.

        The region is scaled to fit an input of `size`; each size that was used stays compiled. A model that could not
        be opened looks at its own size alone.
        """
        size = self._only_size or size
        ready = self._inputs.get(size) or self.prepare(size)
        place = fit(region, size)
        self._fill(ready, bgr, region, place)
        ready.request.infer()
        boxes, scores, numbers = read_outputs(ready.outputs, self._numbers, size, self._floors)
        factor = region[2] / place[2]
        shift = np.array([place[0], place[1]] * 2, np.float32)
        boxes = (boxes - shift) * factor + np.array([region[0], region[1]] * 2, np.float32)
        rows = zip(numbers, scores, boxes, strict=True)
        return merge(DetectedObject(self._labels[int(n)], float(s), *map(float, box)) for n, s, box in rows)

    def prepare(self, size: Size) -> Input:
        """Compile the model for an input size, which takes a part of a second."""
        width, height = size
        if self._only_size is None:
            self._model.reshape([1, 3, height, width])
        request = self._core.compile_model(self._model, "CPU", self._settings()).create_infer_request()
        planes: Floats = request.get_input_tensor(0).data
        outputs = [np.zeros(list(output.shape), np.float32) for output in request.model_outputs]
        request.set_output_tensors({index: self._tensor(array) for index, array in enumerate(outputs)})
        self._inputs[size] = Input(request, planes, [array[0] for array in outputs])
        return self._inputs[size]

    def _settings(self) -> dict[str, Any]:
        """Return one thread, and bf16 where the CPU counts in it; what an export made INT8 stays INT8."""
        able = self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        precision = "bf16" if "BF16" in able else "f32"
        return {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision}

    def _fill(self, ready: Input, bgr: Pixels, region: Area, place: Area) -> None:
        if ready.filled != place:
            ready.planes.fill(SURROUND)
            ready.filled = place
        if min(region[2] / place[2], region[3] / place[3]) >= 2:  # blending neighbours would skip pixels
            left, top, width, height = region
            part = bgr[top : top + height, left : left + width]
            bgr = np.asarray(cv2.resize(part, place[2:], interpolation=cv2.INTER_AREA), dtype=np.uint8)
            region = (0, 0, place[2], place[3])
        fill_planes(bgr, region, place, ready.planes[0])


def import_openvino() -> Any:
    """Return OpenVINO, imported when a model is loaded: it takes half a second and 60 MB."""
    # Its telemetry would report each import to a statistics service, from a forked process: nothing leaves here.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino  # noqa: PLC0415

    return openvino


def fit(region: Area, size: Size) -> Area:
    """Return where a region lies in the middle of an input of this size, scaled with its shape kept."""
    scale = min(size[0] / region[2], size[1] / region[3])
    width, height = (max(1, min(side, round(length * scale))) for side, length in zip(size, region[2:], strict=True))
    return (size[0] - width) // 2, (size[1] - height) // 2, width, height


def merge(things: Iterable[DetectedObject]) -> list[DetectedObject]:
    """Return the surest of each group of overlapping boxes of one label, surest first."""
    kept: list[DetectedObject] = []
    for thing in sorted(things, key=lambda thing: -thing.score):
        if all(other.label != thing.label or overlap(other, thing) <= SAME for other in kept):
            kept.append(thing)
    return kept


def overlap(first: DetectedObject, second: DetectedObject) -> float:
    """Return the common area of two boxes, as a share of the area that both cover (0 to 1)."""
    width = min(first.right, second.right) - max(first.left, second.left)
    height = min(first.bottom, second.bottom) - max(first.top, second.top)
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / (area(first) + area(second) - common)


def area(thing: DetectedObject) -> float:
    """Return the area of a box in square pixels."""
    return (thing.right - thing.left) * (thing.bottom - thing.top)


# ------------------------------------------------------------------------------------ what a model answers

Answers = tuple[Floats, Floats, NDArray[np.intp]]
"""Boxes (left, top, right, bottom in pixels of the input), scores, and places in the list of wanted classes."""


def read_outputs(outputs: Sequence[Floats], numbers: NDArray[np.intp], size: Size, floors: Floats) -> Answers:
    """Return what an opened model (three grids) or a whole one (a table) says about the wanted classes."""
    if outputs[0].ndim == 2:
        return read_table(outputs[0], numbers, floors)
    parts = [read_grid(grid, numbers, size[1] // grid.shape[1], floors) for grid in outputs]
    boxes, scores, places = zip(*parts, strict=True)
    return np.concatenate(boxes), np.concatenate(scores), np.concatenate(places)


def read_grid(grid: Floats, numbers: NDArray[np.intp], stride: int, floors: Floats) -> Answers:
    """Return the boxes of one grid: four distributions of distances to the sides, then a logit for each class."""
    columns = grid.shape[2]
    logits = grid[4 * BINS + numbers].reshape(len(numbers), -1)
    places, cells = np.nonzero(logits > np.log(floors / (1 - floors)))
    sides = grid[: 4 * BINS].reshape(4, BINS, -1)[:, :, cells]
    weights = np.exp(sides - sides.max(axis=1, keepdims=True))
    distances = np.einsum("sbn,b->sn", weights, np.arange(BINS, dtype=np.float32)) / weights.sum(axis=1)
    centres = np.stack([cells % columns, cells // columns]).astype(np.float32) + 0.5
    boxes = np.concatenate([centres - distances[:2], centres + distances[2:]]).T * stride
    scores = 1 / (1 + np.exp(-logits[places, cells]))
    return boxes.astype(np.float32), scores.astype(np.float32), places


def read_table(table: Floats, numbers: NDArray[np.intp], floors: Floats) -> Answers:
    """Return the boxes of a whole model: columns of middle, size and class scores, or rows of six (YOLO26)."""
    if table.shape[1] == 6:  # left, top, right, bottom, score, class: one row for each object already
        places = np.searchsorted(numbers, table[:, 5].astype(np.intp)).clip(max=len(numbers) - 1)
        wanted = (numbers[places] == table[:, 5]) & (table[:, 4] > floors[places, 0])
        return table[wanted, :4], table[wanted, 4], places[wanted]
    scores = table[4 + numbers]
    places, cells = np.nonzero(scores > floors)
    x, y, width, height = table[:4, cells]
    boxes = np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], axis=1)
    return boxes, scores[places, cells], places


# ------------------------------------------------------------------------------------ opening a model


def open_heads(openvino: Any, model: Any) -> Any:
    """Return the model up to its three grids, free of its input size; as it was when it is of another build."""
    if model.inputs[0].get_partial_shape().is_dynamic:
        return model
    reshapes = [node for node in model.get_ordered_ops() if node.get_type_name() == "Reshape"]
    heads = [node.input_value(0) for node in reshapes if is_head(*shapes(node))]
    if len(heads) != 3:
        return model
    free_attention(openvino.opset13, reshapes)
    results = [openvino.opset13.result(head) for head in heads]
    return openvino.Model(results, model.get_parameters(), model.get_friendly_name())


def fixed_size(model: Any) -> Size | None:
    """Return the one size that a model takes, or None for one that takes any."""
    shape = model.inputs[0].get_partial_shape()
    return None if shape.is_dynamic else (shape[3].get_length(), shape[2].get_length())


def shapes(node: Any) -> tuple[list[int], list[int]]:
    """Return the shapes before and after a node."""
    return list(node.get_input_shape(0)), list(node.get_output_shape(0))


def is_head(before: list[int], after: list[int]) -> bool:
    """Say whether a grid of cells becomes a plain list of them, which only the last layers do."""
    return len(before) == 4 and after == [1, before[1], before[2] * before[3]] and before[1] > 4 * BINS


def free_attention(opset: Any, reshapes: Sequence[Any]) -> None:
    """Let the attention layers (YOLO11), which turn a grid into a list and back, take its size from the grid."""
    grid = None
    for node in reshapes:
        before, after = shapes(node)
        if len(before) != 4 or len(after) != 4:
            continue
        if after[3] == before[2] * before[3]:
            grid = node.input_value(0)
            target = opset.constant(np.array([*after[:3], -1]))
        elif grid is not None and before[3] == after[2] * after[3]:
            sides = opset.gather(opset.shape_of(grid), opset.constant(np.array([2, 3])), opset.constant(np.int64(0)))
            target = opset.concat([opset.constant(np.array(after[:2])), sides], 0)
        else:
            continue
        node.input(1).replace_source_output(target.output(0))
