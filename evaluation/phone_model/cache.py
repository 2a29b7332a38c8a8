"""The maps of all training pictures, worked out once by several processes and kept on disk."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.detectors.yolo import fit
from evaluation.phone_model.labelled import Box, Example
from evaluation.phone_model.moving import Made
from evaluation.phone_model.taps import SIZE, Tapped, Taps, cells
from evaluation.phone_model.targets import targets
from evaluation.phone_model.views import Album, make

MAPS = "neck0", "neck1", "neck2", "hidden0", "hidden1", "hidden2"
INDEX = "index.json"


@dataclass
class Cached:
    """Pictures in a folder of the cache: six maps of codes, targets and weights of each cell, logits of the stock."""

    maps: list[NDArray[np.uint8]]
    targets: NDArray[np.float16]
    logits: NDArray[np.float16]
    boxes: NDArray[np.float16]
    ranges: list[list[float]]

    def __len__(self) -> int:
        return len(self.targets)


def load(folder: Path) -> Cached:
    """Open what was kept."""
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    maps = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in MAPS]
    arrays = [np.load(folder / f"{name}.npy") for name in ("targets", "logits", "boxes")]
    return Cached(maps, arrays[0], arrays[1], arrays[2], index["ranges"])


class Keeper:
    """Writes the maps of a known number of pictures."""

    def __init__(self, folder: Path, count: int, taps: Taps) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        first = taps.look(np.zeros((SIZE[1], SIZE[0], 3), np.uint8))
        shapes = [codes.shape for codes in (*first.necks, *first.hidden)]
        cell_count = len(first.logits)
        open_map = np.lib.format.open_memmap
        self._maps = [
            open_map(folder / f"{name}.npy", "w+", np.uint8, (count, *shape))
            for name, shape in zip(MAPS, shapes, strict=True)
        ]
        self._targets = open_map(folder / "targets.npy", "w+", np.float16, (count, cell_count))
        self._logits = open_map(folder / "logits.npy", "w+", np.float16, (count, cell_count))
        self._boxes = open_map(folder / "boxes.npy", "w+", np.float16, (count, cell_count, 4))
        ranges = [[one.low, one.high] for one in (*taps.necks, *taps.hidden)]
        (folder / INDEX).write_text(json.dumps({"ranges": ranges}), encoding="utf-8")

    def keep(self, place: int, tapped: Tapped, aims: NDArray[np.float32]) -> None:
        """Keep one picture."""
        for kept, codes in zip(self._maps, (*tapped.necks, *tapped.hidden), strict=True):
            kept[place] = codes
        self._targets[place], self._logits[place], self._boxes[place] = aims, tapped.logits, tapped.boxes


def keep_views(stock: Path, examples: Sequence[Example], folder: Path, count: int, seed: int, mix: str) -> None:
    """Make and keep so many training pictures."""
    cv2.setNumThreads(1)
    album, rng, taps = Album(examples), np.random.default_rng(seed), Taps(stock)
    _keep(folder, taps, count, (make(album, rng, mix) for _ in range(count)))


def keep_examples(stock: Path, examples: Sequence[Example], folder: Path) -> None:
    """Keep labelled pictures as they are."""
    cv2.setNumThreads(1)
    made = (Made(one.pixels(), list(one.boxes), [], one.boxes_are_complete) for one in examples)
    _keep(folder, Taps(stock), len(examples), made)


def _keep(folder: Path, taps: Taps, count: int, pictures: Iterable[Made]) -> None:
    keeper, (centres, strides) = Keeper(folder, count, taps), cells(SIZE)
    for place, made in enumerate(pictures):
        tapped = taps.look(made.bgr)
        phones, unknown = (fitted(boxes, made) for boxes in (made.phones, made.unknown))
        aims = targets(phones, unknown, tapped, centres, strides, made.complete)
        keeper.keep(place, tapped, aims)


def fitted(boxes: Sequence[Box], made: Made) -> NDArray[np.float32]:
    """Return boxes of a picture in pixels of the input."""
    height, width = made.bgr.shape[:2]
    left, top, wide, _ = fit((0, 0, width, height), SIZE)
    return np.array(boxes, np.float32).reshape(-1, 4) * (wide / width) + np.array([left, top, left, top], np.float32)


def in_processes(jobs: Sequence[tuple[Callable[..., None], tuple[Any, ...]]]) -> None:
    """Run jobs beside each other, each in a process of its own; RuntimeError where one failed."""
    context = get_context("spawn")
    running = [context.Process(target=job, args=arguments) for job, arguments in jobs]
    for process in running:
        process.start()
    for process in running:
        process.join()
    if any(process.exitcode for process in running):
        raise RuntimeError("a process that makes training pictures failed; its output is above")
