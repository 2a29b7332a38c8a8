"""The last stage that is trained here: a small network on every cell, in NumPy, one for each scale.

It adds a correction to the stock model's own logit of a phone, and begins with none.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detection.detectors.yolo import Floats
from evaluation.phone_model.cells import Cells
from evaluation.phone_model.taps import Codes

WIDTHS = 48, 24
BATCH = 512
RATE, DECAY = 2e-3, 1e-3
FIRST, SECOND = 0.9, 0.99  # of Adam's running means
KEPT = 0.999  # of the running mean of the weights
FOCUS = 1.0  # how much sure and right cells count less
DROPPED = 0.15  # share of the first layer left out by chance


@dataclass
class Stage:
    """Mean and spread of the inputs in codes, and three layers."""

    mean: Floats
    spread: Floats
    layers: list[tuple[Floats, Floats]]
    trust: float = 1.0

    def logits(self, codes: Codes, stock: Floats) -> Floats:
        """Return how sure it is of a phone in each cell."""
        x = np.asarray((codes - self.mean) / self.spread, np.float32)
        for weights, shifts in self.layers[:-1]:
            x = silu(np.asarray(x @ weights + shifts, np.float32))
        weights, shifts = self.layers[-1]
        return np.asarray((x @ weights + shifts)[:, 0] + self.trust * stock, np.float32)


def silu(x: Floats) -> Floats:
    """Return x where it is large, about 0 where it is small."""
    return np.asarray(x * sigmoid(x), np.float32)


def sigmoid(x: Floats) -> Floats:
    """Return a share for a logit."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)


def begin(cells: Cells, rng: np.random.Generator) -> Stage:
    """Return a stage that says what the stock model says."""
    sample = cells.codes[:: max(1, len(cells) // 20000)].astype(np.float32)
    sizes = [sample.shape[1], *WIDTHS, 1]
    layers = []
    for inputs, outputs in pairwise(sizes):
        spread = 0.0 if outputs == 1 else (2 / inputs) ** 0.5
        weights = rng.normal(0, 1, (inputs, outputs)) * spread
        layers.append((weights.astype(np.float32), np.zeros(outputs, np.float32)))
    return Stage(sample.mean(0), np.maximum(sample.std(0), 2.0), layers)


class Adam:
    """Adam with weight decay (Loshchilov and Hutter 2019), and a running mean of the weights."""

    def __init__(self, stage: Stage) -> None:
        self._moments = [[np.zeros_like(array) for array in layer] for layer in stage.layers]
        self._squares = [[np.zeros_like(array) for array in layer] for layer in stage.layers]
        self.mean = [tuple(array.copy() for array in layer) for layer in stage.layers]
        self._step = 0

    def step(self, stage: Stage, slopes: list[tuple[Floats, Floats]], rate: float) -> None:
        """Move the weights against the slopes."""
        self._step += 1
        kept = min(KEPT, 1 - 10 / (10 + self._step))
        for place, (layer, slope) in enumerate(zip(stage.layers, slopes, strict=True)):
            for part, (array, one) in enumerate(zip(layer, slope, strict=True)):
                moment, square = self._moments[place][part], self._squares[place][part]
                moment *= FIRST
                moment += (1 - FIRST) * one
                square *= SECOND
                square += (1 - SECOND) * one * one
                size = np.sqrt(square / (1 - SECOND**self._step)) + 1e-8
                array -= rate * (moment / (1 - FIRST**self._step) / size + DECAY * array * (part == 0))
                mean = self.mean[place][part]
                mean *= kept
                mean += (1 - kept) * array


def slopes_of(
    stage: Stage, codes: Codes, stock: Floats, aims: Floats, weights: Floats, rng: np.random.Generator
) -> tuple[float, list[tuple[Floats, Floats]]]:
    """Return the loss of some cells, and its slope by every weight."""
    x = ((codes - stage.mean) / stage.spread).astype(np.float32)
    inputs, sums = [x], []
    for place, (matrix, shifts) in enumerate(stage.layers[:-1]):
        sums.append(inputs[-1] @ matrix + shifts)
        out = silu(sums[-1])
        if place == 0:
            out = out * (rng.random(out.shape, np.float32) >= DROPPED) / np.float32(1 - DROPPED)
        inputs.append(out)
    matrix, shifts = stage.layers[-1]
    told = sigmoid((inputs[-1] @ matrix + shifts)[:, 0] + stage.trust * stock)
    right = np.where(aims > 0.5, told, 1 - told)
    counted = weights * (1 - right) ** FOCUS
    loss = float((-np.log(np.maximum(right, 1e-7)) * counted).mean())
    back = ((told - aims) * counted / len(aims))[:, None].astype(np.float32)
    slopes = [(inputs[-1].T @ back, back.sum(0))]
    for place in range(len(stage.layers) - 2, -1, -1):
        back = back @ stage.layers[place + 1][0].T
        if place == 0:
            back = back * (inputs[1] != 0) / np.float32(1 - DROPPED)
        share = sigmoid(sums[place])
        back = (back * share * (1 + sums[place] * (1 - share))).astype(np.float32)
        slopes.append((inputs[place].T @ back, back.sum(0)))
    return loss, slopes[::-1]


def fit(stage: Stage, cells: Cells, epochs: int, rng: np.random.Generator, phones: float) -> list[float]:
    """Train a stage in place and return each epoch's loss; a cell with a phone counts `phones` times."""
    adam, losses = Adam(stage), []
    weights = np.where(cells.aims > 0.5, np.float32(phones), np.float32(1))
    steps, step = epochs * -(-len(cells) // BATCH), 0
    for _ in range(epochs):
        told = []
        for places in batches(len(cells), rng):
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps)) * min(1.0, (step + 1) / 100)
            part = cells.codes[places], cells.stock[places], cells.aims[places], weights[places]
            loss, slopes = slopes_of(stage, *part, rng)
            adam.step(stage, slopes, rate)
            told.append(loss)
            step += 1
        losses.append(float(np.mean(told)))
    stage.layers = [(weights, shifts) for weights, shifts in adam.mean]
    return losses


def batches(count: int, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """Return all places in an order by chance, a batch at a time."""
    shuffled = rng.permutation(count)
    return [shuffled[start : start + BATCH] for start in range(0, count, BATCH)]
