"""Labelled pictures of phones as a student's camera would send them: as they are, made small, and as short clips."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

CAMERA = 640, 480
SMALL = (0.5, 0.35)  # sides of the labelled picture in sides of the camera's
FEATHER = 4.0  # pixels over which a pasted picture fades into its surroundings
CLIP = 5  # looks in a row


@dataclass
class View:
    """One picture to look at, whether a phone is in it, and who or what it shows (for thresholds chosen on others)."""

    bgr: Pixels
    phone: bool
    subject: str
    kind: str


def labelled(folder: Path) -> Iterator[View]:
    """Yield the pictures of a folder whose labels.csv says phone or no_phone; of any other labels none is a phone."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["file"].endswith((".jpg", ".png"))]
    for row in rows:
        bgr = cv2.imread(str(folder / row["file"]))
        if bgr is not None:
            subject, kind = row.get("subject") or row["file"], row.get("kind") or row.get("label") or ""
            yield View(np.asarray(bgr, np.uint8), row.get("label") == "phone", subject, kind)


def as_sent(bgr: Any, longest: int = 640, quality: int = 72) -> Pixels:
    """Return the picture after the browser: at most so many pixels along its longer side, and through JPEG."""
    scale = min(1.0, longest / max(bgr.shape[:2]))
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def small_views(views: Sequence[View], rooms: Sequence[Pixels], seed: int = 11) -> Iterator[View]:
    """Yield each view shrunk into pictures of rooms without people or phones, twice for each size."""
    rng = np.random.default_rng(seed)
    for view in views:
        for share in SMALL:
            for _ in range(2):
                room = _filled(rooms[int(rng.integers(len(rooms)))])
                _paste(room, view.bgr, share, rng)
                yield View(as_sent(room), view.phone, view.subject, f"small {share:g}")


def clip(view: View, seed: int) -> Iterator[View]:
    """Yield CLIP looks at the view with a camera that moves, zooms and adjusts its exposure a little."""
    rng = np.random.default_rng(seed)
    height, width = view.bgr.shape[:2]
    for _ in range(CLIP):
        scale = rng.uniform(0.9, 1.0)
        wide, high = int(width * scale), int(height * scale)
        left, top = (int(rng.uniform(0, rest + 1)) for rest in (width - wide, height - high))
        part = view.bgr[top : top + high, left : left + wide].astype(np.float32)
        lit = np.clip(part * rng.uniform(0.75, 1.2) + rng.normal(0, 4, part.shape), 0, 255)
        yield View(as_sent(lit.astype(np.uint8)), view.phone, view.subject, view.kind)


def changed(view: View, seed: int) -> Iterator[View]:
    """Yield the view as other cameras and connections would send it: size, side, light, quality and what is cut off."""
    rng = np.random.default_rng(seed)
    yield _like(view, as_sent(view.bgr))
    yield _like(view, as_sent(view.bgr, 320))
    yield _like(view, as_sent(np.ascontiguousarray(view.bgr[:, ::-1])))
    yield _like(view, as_sent((view.bgr * 0.6).astype(np.uint8)))
    yield _like(view, as_sent(view.bgr, 480, 40))
    height, width = view.bgr.shape[:2]
    for scale in rng.uniform(0.85, 0.95, 2):
        wide, high = int(width * scale), int(height * scale)
        left, top = int(rng.integers(width - wide + 1)), int(rng.integers(height - high + 1))
        yield _like(view, as_sent(view.bgr[top : top + high, left : left + wide]))


def _like(view: View, bgr: Pixels) -> View:
    return View(bgr, view.phone, view.subject, view.kind)


def _filled(room: Pixels) -> Pixels:
    width, height = CAMERA
    scale = max(width / room.shape[1], height / room.shape[0])
    scaled = cv2.resize(room, None, fx=scale + 0.01, fy=scale + 0.01, interpolation=cv2.INTER_AREA)
    return np.asarray(scaled[:height, :width], np.uint8).copy()


def _paste(room: Pixels, bgr: Pixels, share: float, rng: np.random.Generator) -> None:
    scale = share * min(CAMERA[0] / bgr.shape[1], CAMERA[1] / bgr.shape[0])
    part = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    high, wide = part.shape[:2]
    left = int(rng.integers(0, CAMERA[0] - wide + 1))
    top = CAMERA[1] - high - int(rng.integers(0, (CAMERA[1] - high) // 2 + 1))
    mask = np.zeros((high, wide), np.float32)
    edge = round(2 * FEATHER)
    mask[edge:-edge, edge:-edge] = 1
    mask = cv2.GaussianBlur(mask, (0, 0), FEATHER)[..., None].astype(np.float32)
    place = room[top : top + high, left : left + wide]
    place[...] = (place * (1 - mask) + part.reshape(place.shape) * mask).astype(np.uint8)
