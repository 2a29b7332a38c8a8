"""The labelled pictures that the phone model is trained on and judged by."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

SHIPPED_TIERS = "A", "A-", "B"  # a licence that allows it is declared at the source
SMALLEST_BOX = 18.0  # root of the area in pixels; what was read back from drawings below it is a fragment


@dataclass(frozen=True)
class Example:
    """One picture: where it is, where it came from, whether a phone is in it, and where the phones are."""

    path: Path
    source: str
    phone: bool
    boxes: tuple[Box, ...]
    boxes_are_complete: bool

    def pixels(self) -> Pixels:
        """Return the picture; OSError where it cannot be read."""
        bgr = cv2.imread(str(self.path))
        if bgr is None:
            raise OSError(f"{self.path} is no picture")
        return np.asarray(bgr, np.uint8)


def read(folder: Path, split: str, tiers: tuple[str, ...] = SHIPPED_TIERS) -> Iterator[Example]:
    """Yield the pictures of one split (train or val) whose licence is of one of these tiers."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["split"] == split and row["licence_tier"] in tiers:
                yield _example(folder, row)


def _example(folder: Path, row: dict[str, str]) -> Example:
    boxes = [_box(text) for text in row["boxes"].split(";") if text.strip()]
    drawn = row["box_source"].startswith("pseudo")  # read back from a drawing, or a model's: some phones have none
    kept = [box for box in boxes if not drawn or side(box) >= SMALLEST_BOX]
    source = Path(row["file"]).name.partition("_")[0]
    return Example(folder / row["file"], source, row["label"] == "phone", tuple(kept), not drawn)


def _box(text: str) -> Box:
    left, top, right, bottom = map(float, text.split())
    return left, top, right, bottom


def side(box: Box) -> float:
    """Return the side of a square as large as the box."""
    return float(max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])) ** 0.5
