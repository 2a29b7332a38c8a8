"""JPEG bytes in, a checked picture out, for the detectors; runs in the analysis processes only."""

import zlib
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.frames.frameops import LARGEST_FACTOR, parse_jpeg_header, shrink_gray

MAX_WIDTH, MAX_HEIGHT = 1920, 1080
TINY = 8  # how many times smaller the glance is: the JPEG's own blocks, so that only their means are decoded
GLANCE = cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_IGNORE_ORIENTATION
GLANCE_SIDE = (
    40  # pixels that the longer side of a glance has at least, where the picture has as many, and twice at most
)
GRID = 9, 8  # columns and rows compared for the 64-bit hash
STATS_WIDTH = 160  # pixels; wide enough for blur to show, small enough that statistics cost nothing

Pixels = NDArray[np.uint8]


class DecodeError(ValueError):
    """The bytes are not a JPEG that we accept; the text says why."""


class Glance(NamedTuple):
    """A picture's size in pixels, and its grey values (height, width) uint8, about 40 pixels wide."""

    width: int
    height: int
    gray: Pixels


class Picture:
    """One decoded frame with its cheaper views, each made once and only when a detector asks."""

    def __init__(self, bgr: Pixels, jpeg: bytes = b"", seen: Glance | None = None) -> None:
        self.bgr = bgr
        self.height, self.width = bgr.shape[:2]
        self._jpeg, self._seen = jpeg, seen

    @cached_property
    def rgb(self) -> Pixels:
        """Return (height, width, 3) uint8, red first, as models want it."""
        return np.asarray(cv2.cvtColor(self.bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    @cached_property
    def small_gray(self) -> Pixels:
        """Return grey values, (height, width) uint8, about STATS_WIDTH wide, each the mean of a square block."""
        wanted = round(self.width / STATS_WIDTH)
        return shrink_gray(self.bgr, max(1, min(wanted, LARGEST_FACTOR, self.width, self.height)))

    @cached_property
    def tiny(self) -> Pixels:
        """Return grey values, (height, width) uint8, about 40 pixels wide: see `glance`."""
        if self._seen is None:
            return glance(self._jpeg).gray if self._jpeg else self._shrunk()
        return self._seen.gray

    @cached_property
    def fingerprint(self) -> str:
        """Return a coarse hash, few of its 64 bits apart for a near repeat, and a checksum: both equal for a repeat."""
        return fingerprint(self.tiny, self._jpeg or self.bgr.tobytes())

    def _shrunk(self) -> Pixels:
        return shrink_gray(self.bgr, max(1, min(TINY, self.width, self.height)))

    def cut(self, left: int, top: int, right: int, bottom: int) -> Pixels:
        """Return the part of `rgb` inside the borders, clipped to the picture, as an array of its own."""
        part = self.rgb[max(0, top) : bottom, max(0, left) : right]
        return np.ascontiguousarray(part)


def decode(jpeg: bytes, seen: Glance | None = None) -> Picture:
    """Decode a JPEG after its header was found acceptable, at most 1920x1080 either way round; `seen` by a glance.

    Raises:
        DecodeError: not a JPEG, broken, too large, or of a kind that browsers do not send.
    """
    if seen is None:
        check_header(jpeg)
    bgr = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if bgr is None or bgr.ndim != 3:
        raise DecodeError("the JPEG's content is broken")
    return Picture(np.ascontiguousarray(bgr, dtype=np.uint8), jpeg, seen)


def glance(jpeg: bytes) -> Glance:
    """Return a picture's size and its rough content, several times cheaper than the whole.

    Raises:
        DecodeError: as `decode`.
    """
    width, height = check_header(jpeg)
    gray = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), GLANCE)
    if gray is None or gray.ndim != 2:
        raise DecodeError("the JPEG's content is broken")
    # A person is as many pixels wide whatever the camera: what counts as a change must not depend on it.
    spare = max(gray.shape) // GLANCE_SIDE
    if spare > 1:
        size = max(1, gray.shape[1] // spare), max(1, gray.shape[0] // spare)
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return Glance(width, height, np.ascontiguousarray(gray, dtype=np.uint8))


def fingerprint(gray: Pixels, content: bytes) -> str:
    """Return the coarse hash of a small grey picture and the checksum of the content it was made of."""
    return f"{coarse_hash(gray)}-{zlib.crc32(content):08x}"


def coarse_hash(gray: Pixels) -> str:
    """Return the 64-bit difference hash: is each point of a 9 x 8 grid darker than its right neighbour?"""
    columns, rows = GRID
    height, width = gray.shape
    down = (2 * np.arange(rows) + 1) * height // (2 * rows)
    right = (2 * np.arange(columns) + 1) * width // (2 * columns)
    points = gray[np.ix_(down, right)]
    return np.packbits(points[:, :-1] < points[:, 1:]).tobytes().hex()


def check_header(jpeg: bytes) -> tuple[int, int]:
    """Return width and height, or refuse what must not reach a decoder, before any pixel of it is made."""
    try:
        width, height, _ = parse_jpeg_header(jpeg)
    except ValueError as error:
        raise DecodeError(str(error)) from error
    if max(width, height) > MAX_WIDTH or min(width, height) > MAX_HEIGHT:
        raise DecodeError(f"{width}x{height} pixels are too many")
    return width, height


def use_one_thread() -> None:
    """Keep the image library to one thread, for a process that is one of several on the machine."""
    cv2.setNumThreads(1)
