"""JPEG bytes in, a checked picture out, for the detectors; runs in the analysis processes only."""

from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.frameops import LARGEST_FACTOR, parse_jpeg_header, shrink_gray

MAX_WIDTH, MAX_HEIGHT = 1920, 1080
STATS_WIDTH = 160  # pixels; wide enough for blur to show, small enough that statistics cost nothing

Pixels = NDArray[np.uint8]


class DecodeError(ValueError):
    """The bytes are not a JPEG that we accept; the text says why."""


class Picture:
    """One decoded frame with its cheaper views, each made once and only when a detector asks."""

    def __init__(self, bgr: Pixels) -> None:
        self.bgr = bgr
        self.height, self.width = bgr.shape[:2]

    @cached_property
    def rgb(self) -> Pixels:
        """Return (height, width, 3) uint8, red first, as models want it."""
        return np.asarray(cv2.cvtColor(self.bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    @cached_property
    def small_gray(self) -> Pixels:
        """Return grey values, (height, width) uint8, about STATS_WIDTH wide, each the mean of a square block."""
        wanted = round(self.width / STATS_WIDTH)
        return shrink_gray(self.bgr, max(1, min(wanted, LARGEST_FACTOR, self.width, self.height)))

    def cut(self, left: int, top: int, right: int, bottom: int) -> Pixels:
        """Return the part of `rgb` inside the borders, clipped to the picture, as an array of its own."""
        part = self.rgb[max(0, top) : bottom, max(0, left) : right]
        return np.ascontiguousarray(part)


def decode(jpeg: bytes) -> Picture:
    """Decode a JPEG after its header was found acceptable, at most 1920x1080 either way round.

    Raises:
        DecodeError: not a JPEG, broken, too large, or of a kind that browsers do not send.
    """
    check_header(jpeg)
    bgr = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if bgr is None or bgr.ndim != 3:
        raise DecodeError("the JPEG's content is broken")
    return Picture(np.ascontiguousarray(bgr, dtype=np.uint8))


def check_header(jpeg: bytes) -> None:
    """Refuse what must not reach a decoder: the size of a picture is known before any pixel of it is made."""
    try:
        width, height, _ = parse_jpeg_header(jpeg)
    except ValueError as error:
        raise DecodeError(str(error)) from error
    if max(width, height) > MAX_WIDTH or min(width, height) > MAX_HEIGHT:
        raise DecodeError(f"{width}x{height} pixels are too many")


def use_one_thread() -> None:
    """Keep the image library to one thread, for a process that is one of several on the machine."""
    cv2.setNumThreads(1)
