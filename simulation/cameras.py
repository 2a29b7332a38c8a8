"""What simulated students show in a benchmark: real or drawn pictures, made beforehand and stamped when they leave."""

import csv
import struct
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2

from simulation.pictures import Camera, Scene, encode

STAMP = struct.Struct("!Q")  # time.monotonic_ns() when the picture was taken
MARK = b"\xff\xd8\xff\xfe" + struct.pack("!H", 2 + STAMP.size)
"""A JPEG's start and the head of a comment that holds the stamp: the server passes both on as they are."""
SIZE, QUALITY = (320, 240), 0.6


def stamped(jpeg: bytes) -> bytes:
    """Return the picture with the time of now inside."""
    return MARK + STAMP.pack(time.monotonic_ns()) + jpeg[2:]


def age_s(jpeg: bytes) -> float | None:
    """Return the seconds since a picture was stamped, None for one without a stamp."""
    if not jpeg.startswith(MARK):
        return None
    return (time.monotonic_ns() - STAMP.unpack_from(jpeg, len(MARK))[0]) / 1e9


class Album:
    """Shows the same few pictures in turn, each stamped."""

    def __init__(self, pictures: Sequence[bytes], first: int = 0) -> None:
        self._pictures, self._next = pictures, first

    def jpeg(self, now: float, width: int, quality: float) -> bytes:
        """Return the next picture; its size is what it is."""
        self._next += 1
        return stamped(self._pictures[self._next % len(self._pictures)])


class Absentee:
    """A drawn student who is there for `present` seconds and away for `absent`, again and again from `start` on."""

    def __init__(self, scenes: Mapping[Scene, Sequence[bytes]], present: float, absent: float, start: float) -> None:
        self.left_at: list[float] = []
        """When (seconds since the epoch) each first picture without a face was taken."""
        self._scenes, self._present, self._period, self._start = scenes, present, present + absent, start
        self._was_there = True
        self._next = 0

    def jpeg(self, now: float, width: int, quality: float) -> bytes:
        """Return the picture of this moment."""
        is_there = now < self._start or (now - self._start) % self._period < self._present
        if self._was_there and not is_there:
            self.left_at.append(time.time())
        self._was_there = is_there
        self._next += 1
        pictures = self._scenes[Scene.PRESENT if is_there else Scene.ABSENT]
        return stamped(pictures[self._next % len(pictures)])


def drawn_album(number: int, count: int = 6) -> dict[Scene, list[bytes]]:
    """Return pictures of one drawn person who is there, and who is not."""
    camera = Camera(number, f"Student {number}")
    return {
        scene: [camera.jpeg(scene, 0.7 * moment, quality=QUALITY) for moment in range(count)]
        for scene in (Scene.PRESENT, Scene.ABSENT)
    }


def real_pictures(folder: Path) -> list[bytes]:
    """Return the folder's pictures of one face (all, where no labels.csv says), as a webcam would send them."""
    labels = folder / "labels.csv"
    wanted = _labelled(labels) if labels.exists() else sorted(folder.glob("*.jpg"))
    read = [cv2.imread(str(path)) for path in wanted]
    small = [cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA) for picture in read if picture is not None]
    return [encode(picture, QUALITY) for picture in small]  # type: ignore[arg-type]  # 8 bits, as they were read


def _labelled(labels: Path) -> list[Path]:
    with labels.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [labels.parent / row["file"] for row in rows if row.get("n_faces") == "1"]
