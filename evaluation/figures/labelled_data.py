"""Labelled pictures and clips: folders with a labels.csv each, as the media folder's own notes describe them."""

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detection.frames.decode import Pixels, decode
from detection.tools.recordings import Still, read_stills
from settings import REPOSITORY

QUALITY = 70  # of a student's JPEGs


@dataclass(frozen=True)
class Row:
    """One labelled file: its place, its label, and all else that is said of it."""

    path: Path
    label: str
    more: Mapping[str, str]

    def still(self, width: int | None = None) -> Still:
        """Return the picture as the live pipeline gets it, at most so many pixels wide, as a camera sends it."""
        (still,) = read_stills(self.path, 1.0)
        return still if width is None or still.width <= width else as_still(shrunk(decode(still.jpeg).bgr, width))

    def notes(self, word: str) -> bool:
        """Say whether the label's note has a word."""
        return word in self.more.get("note", "").lower()


def media_folder() -> Path:
    """Return where labelled data is by default: EXAM_MEDIA_DIR, or beside the repository."""
    return Path(os.environ.get("EXAM_MEDIA_DIR") or REPOSITORY.parent / "shared" / "media")


def rows(media: Path, folder: str) -> list[Row]:
    """Return what is labelled in one folder, nothing where there is no such folder; a file that is not there is not."""
    table = media / folder / "labels.csv"
    if not table.is_file():
        return []
    with table.open(encoding="utf-8", newline="") as stream:
        told = [Row(table.parent / row["file"], row["label"], row) for row in csv.DictReader(stream)]
    return [row for row in told if row.path.is_file()]


def shrunk(bgr: Pixels, width: int) -> Pixels:
    """Return the picture that many pixels wide, or as it is where it is smaller."""
    if bgr.shape[1] <= width:
        return bgr
    size = width, max(1, round(bgr.shape[0] * width / bgr.shape[1]))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def as_still(bgr: Pixels, at: float = 0.0, quality: int = QUALITY) -> Still:
    """Return pixels as a frame that a student sends."""
    jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    return Still(at, jpeg, bgr.shape[1], bgr.shape[0], 1.0)


def shaken(bgr: Pixels, looks: int, apart: float, seed: int) -> Iterator[Still]:
    """Yield a picture as a webcam would show it again and again: moved a little, noisy, lighter and darker."""
    chance = np.random.default_rng(seed)
    height, width = bgr.shape[:2]
    for number in range(looks):
        across, down = chance.uniform(-0.015, 0.015, 2) * (width, height)
        zoom = chance.uniform(0.98, 1.02)
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-1, 1), zoom)
        turn[:, 2] += across, down
        moved = cv2.warpAffine(bgr, turn, (width, height), borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        noisy = moved * chance.uniform(0.93, 1.07) + chance.normal(0, 3, bgr.shape)
        yield as_still(np.clip(noisy, 0, 255).astype(np.uint8), number * apart)
