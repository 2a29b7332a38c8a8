"""The cells that the last stage learns from: what the stock model knows of a place and of what is around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.detectors.yolo import Floats
from evaluation.phone_model.cache import Cached
from evaluation.phone_model.taps import Codes

AROUND = 5, 3, 3
"""Cells along each side of the surroundings that are averaged, scale by scale."""
HARDEST, BY_CHANCE = 40, 40  # cells without a phone that each picture gives to a scale


@dataclass
class Cells:
    """Cells of one scale: codes of neck, surroundings and hidden layer; the stock's logit; 1 for a phone."""

    codes: Codes
    stock: Floats
    aims: Floats

    def __len__(self) -> int:
        return len(self.aims)


def surroundings(neck: Codes, side: int) -> Codes:
    """Return the mean of what is around each cell, of a map [channels, rows, columns]; nothing lies beyond the edge."""
    grid = np.ascontiguousarray(neck.transpose(1, 2, 0)).astype(np.float32)
    sums = np.empty_like(grid)
    for start in range(0, grid.shape[2], 4):  # as many channels as OpenCV takes
        part = np.ascontiguousarray(grid[..., start : start + 4])
        sums[..., start : start + 4] = _sums(part, side).reshape(part.shape)
    counts = _sums(np.ones(grid.shape[:2], np.float32), side)
    return np.rint(sums / counts[..., None]).astype(np.uint8).transpose(2, 0, 1)


def _sums(grid: Floats, side: int) -> Floats:
    summed = cv2.boxFilter(grid, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float32)


def of_picture(cached: Cached, place: int, level: int) -> Codes:
    """Return the codes of all cells of one scale of a picture, one row each."""
    neck, hidden = np.asarray(cached.maps[level][place]), np.asarray(cached.maps[level + 3][place])
    maps = np.concatenate([neck, surroundings(neck, AROUND[level]), hidden])
    return maps.reshape(len(maps), -1).T


def spans(cached: Cached) -> list[slice]:
    """Return where the cells of each scale lie in the list of all."""
    counts = [cached.maps[level].shape[2] * cached.maps[level].shape[3] for level in range(3)]
    ends = np.cumsum(counts)
    return [slice(int(end - count), int(end)) for end, count in zip(ends, counts, strict=True)]


def gather(cached: Cached, level: int, rng: np.random.Generator, scores: Sequence[Floats] | None = None) -> Cells:
    """Return cells with a phone, the hardest without (by scores of this scale, or the stock's), and some by chance."""
    span = spans(cached)[level]
    codes, stock, aims = [], [], []
    for place in range(len(cached)):
        wanted = cached.targets[place, span].astype(np.float32)
        logits = cached.logits[place, span].astype(np.float32)
        hard = logits if scores is None else scores[place]
        chosen = choose(wanted, hard, rng)
        codes.append(of_picture(cached, place, level)[chosen])
        stock.append(logits[chosen])
        aims.append(wanted[chosen])
    return Cells(np.concatenate(codes), np.concatenate(stock), np.concatenate(aims))


def choose(aims: Floats, hard: Floats, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return which cells of a picture to learn from."""
    without = np.flatnonzero(aims == 0)
    hardest = without[np.argsort(-hard[without])[:HARDEST]]
    chance = rng.choice(without, min(BY_CHANCE, len(without)), replace=False) if len(without) else without
    return np.unique(np.concatenate([np.flatnonzero(aims == 1), hardest, chance]))
