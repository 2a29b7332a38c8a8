"""Puts the model file together: the stock model's INT8 layers, an exam's classes, and the stage trained here."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from detection.detectors.objects import PHONE
from detection.detectors.yolo import Floats, import_openvino, open_heads
from evaluation.phone_model.cells import AROUND
from evaluation.phone_model.stage import Stage
from evaluation.phone_model.taps import LEVELS, Level, levels_of, range_of

CLASSES: Mapping[int, str] = MappingProxyType(
    {
        67: PHONE,
        0: "person",
        39: "bottle",
        41: "cup",
        62: "tv",
        63: "laptop",
        64: "mouse",
        65: "remote",
        66: "keyboard",
        73: "book",
        74: "clock",
    }
)
"""What an exam needs of COCO's classes by their number there; the phone comes first."""


def names() -> dict[str, str]:
    """Return the names of the classes by their number in the model that is put together."""
    return {str(number): label for number, label in enumerate(CLASSES.values())}


def assemble(stock: Path, stages: Sequence[Stage] | None, folder: Path) -> None:
    """Write model.xml and model.bin: the stock model with these stages for its phone, or with its own."""
    openvino = import_openvino()
    model = open_heads(openvino, openvino.Core().read_model(stock))
    results = []
    for place, level in enumerate(levels_of(model)):
        numbers = list(CLASSES)
        classes = _some_classes(openvino, level.classes, numbers)
        if stages is not None:
            phone = _phone(openvino.opset13, level, stages[place], AROUND[place])
            own = _some_classes(openvino, level.classes, numbers[:1])
            phone = openvino.opset13.add(phone, openvino.opset13.multiply(own, _number(stages[place].trust)))
            classes = openvino.opset13.concat([phone, _some_classes(openvino, level.classes, numbers[1:])], 1)
        head = openvino.opset13.concat([level.boxes, classes], 1)
        results.append(openvino.opset13.result(head))
    made = openvino.Model(results, model.get_parameters(), "exam_objects")
    made.reshape([1, 3, -1, -1])
    folder.mkdir(parents=True, exist_ok=True)
    openvino.save_model(made, folder / "model.xml", compress_to_fp16=False)


def _number(value: float) -> Floats:
    return np.array(value, np.float32)


def _some_classes(openvino: Any, classes: Any, numbers: Sequence[int]) -> Any:
    """Return the last convolution of a scale for some of its classes, its weights INT8 as they were."""
    ops = openvino.opset13
    convolution = classes.input_value(0).get_node()
    scaled = convolution.input_value(1).get_node()
    whole = scaled.input_value(0).get_node().input_value(0).get_node().get_data()
    scales = scaled.input_value(1).get_node().get_data()
    shifts = classes.input_value(1).get_node().get_data()
    kept = ops.convert(ops.constant(np.ascontiguousarray(whole[list(numbers)])), "f32")
    weights = ops.multiply(kept, ops.constant(np.ascontiguousarray(scales[list(numbers)])))
    told = ops.convolution(convolution.input_value(0), weights, [1, 1], [0, 0], [0, 0], [1, 1])
    return ops.add(told, ops.constant(np.ascontiguousarray(shifts[:, list(numbers)])))


def _phone(ops: Any, level: Level, stage: Stage, side: int) -> Any:
    """Return the correction to the stock's logit of a phone, as convolutions of one cell each."""
    neck, hidden = level.neck.output(0), level.hidden.output(0)
    pad = [side // 2, side // 2]
    around = ops.avg_pool(neck, [1, 1], pad, pad, [side, side], True)
    x = ops.concat([neck, around, hidden], 1)
    for place, (weights, shifts) in enumerate(_folded(level, stage)):
        kernel = np.ascontiguousarray(weights.T)[:, :, None, None]
        x = ops.convolution(x, ops.constant(kernel), [1, 1], [0, 0], [0, 0], [1, 1])
        x = ops.add(x, ops.constant(shifts[None, :, None, None]))
        if place < len(stage.layers) - 1:
            x = ops.swish(x)
    return x


def _folded(level: Level, stage: Stage) -> list[tuple[Floats, Floats]]:
    """Return the layers so that they take the maps' own values, not codes less their mean."""
    ranges = [range_of(node) for node in (level.neck, level.neck, level.hidden)]
    neck, whole = level.neck.get_output_partial_shape(0)[1].get_length(), len(stage.mean)
    counts = [neck, neck, whole - 2 * neck]
    step = np.concatenate([np.full(n, (r.high - r.low) / LEVELS) for r, n in zip(ranges, counts, strict=True)])
    low = np.concatenate([np.full(n, r.low) for r, n in zip(ranges, counts, strict=True)])
    first, shifts = stage.layers[0]
    weights = first / (step * stage.spread)[:, None]
    moved = shifts - (low / step + stage.mean) @ (first / stage.spread[:, None])
    return [(weights.astype(np.float32), moved.astype(np.float32)), *stage.layers[1:]]
