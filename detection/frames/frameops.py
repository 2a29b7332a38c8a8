"""The one seam to cy_frame's picture loops: checks shapes and types, then calls the compiled loop or its twin."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from detection.frames import _frameops_py

_kernels: Any = _frameops_py
if not os.environ.get("EXAM_NO_EXTENSIONS"):
    with suppress(ImportError):  # not built: the twin does the same, slower
        import cy_frame

        _kernels = cy_frame

IMPLEMENTATION: Final = "python" if _kernels is _frameops_py else "cython"

Gray = npt.NDArray[np.uint8]
Planes = npt.NDArray[np.float32]
Area = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""

DARK_AT, BRIGHT_AT = 20, 245  # gray levels where a webcam's black and its clipped white begin
CHANGED_BY = 15  # gray levels beyond a webcam's own noise
LARGEST_FACTOR = 16  # the sums of a larger block would not fit 32 bits


class PictureStats(NamedTuple):
    """What one look at a gray picture tells about its light and sharpness."""

    mean: float  # gray level, 0 to 255
    variance: float
    dark: float  # share of pixels at or below DARK_AT, 0 to 1
    bright: float  # share of pixels at or above BRIGHT_AT, 0 to 1
    sharpness: float  # variance of the 4-neighbour Laplacian (Pech-Pacheco et al. 2000); low is blurred
    tile_spread: float  # standard deviation of the means of 8 x 8 tiles; low is a covered lens


class Difference(NamedTuple):
    """How far two gray pictures of one size are apart."""

    mean: float  # absolute difference in gray levels
    changed: float  # share of pixels that differ by more than the threshold, 0 to 1


class Change(NamedTuple):
    """What is different between two gray pictures of one size, a few pixels of noise averaged out."""

    mean: float  # first minus second in gray levels: above 0 the first is brighter
    tile: float  # largest absolute mean difference of a tile of about 4 x 4 pixels
    changed: float  # share of pixels that differ by more than the threshold, 0 to 1


class FrameOps:
    """The checked frame operations on one implementation: the cy_frame module or its numpy twin."""

    def __init__(self, kernels: Any) -> None:
        self.unmask: Callable[..., bytes] = kernels.unmask
        self.parse_jpeg_header: Callable[[bytes], tuple[int, int, int]] = kernels.parse_jpeg_header
        self._kernels = kernels

    def picture_stats(self, gray: Gray, dark_at: int = DARK_AT, bright_at: int = BRIGHT_AT) -> PictureStats:
        """Measure light, clipping, sharpness and flatness of a gray picture (height x width, uint8)."""
        checked = as_gray(gray)
        return PictureStats(*self._kernels.picture_stats(checked, as_level(dark_at), as_level(bright_at)))

    def difference(self, first: Gray, second: Gray, threshold: int = CHANGED_BY) -> Difference:
        """Compare two gray pictures of the same shape, for frozen and for moving pictures."""
        if first.shape != second.shape:
            raise ValueError(f"pictures of different shapes: {first.shape} and {second.shape}")
        flat, other = as_gray(first).reshape(-1), as_gray(second).reshape(-1)
        return Difference(*self._kernels.difference(flat, other, as_level(threshold)))

    def change(self, first: Gray, second: Gray, threshold: int = CHANGED_BY) -> Change:
        """Compare two gray pictures of the same shape tile by tile, for something small that came or went."""
        if first.shape != second.shape:
            raise ValueError(f"pictures of different shapes: {first.shape} and {second.shape}")
        return Change(*self._kernels.change(as_gray(first), as_gray(second), as_level(threshold)))

    def shrink_gray(self, bgr: Gray, factor: int) -> Gray:
        """Return the gray area average of a BGR picture (height x width x 3, uint8), factor times smaller.

        Rows and columns that do not fill a block are left out; ValueError when not one block fits.
        """
        if bgr.ndim != 3 or bgr.shape[2] != 3 or bgr.dtype != np.uint8:
            raise ValueError(f"a BGR picture is height x width x 3 of uint8, not {bgr.shape} of {bgr.dtype}")
        if not 1 <= factor <= min(LARGEST_FACTOR, *bgr.shape[:2]):
            raise ValueError(f"factor {factor} does not fit a picture of {bgr.shape[1]} x {bgr.shape[0]}")
        target: Gray = np.empty((bgr.shape[0] // factor, bgr.shape[1] // factor), np.uint8)
        self._kernels.shrink_gray(np.ascontiguousarray(bgr), factor, target)
        return target

    def fill_planes(self, bgr: Gray, region: Area, place: Area, target: Planes) -> None:
        """Resize a region of a BGR picture (height x width x 3, uint8) into a place of a model's input, in one pass.

        target is 3 x height x width of float32: red, green, blue from 0 to 1; what is outside the place stays. Between
        pixels it blends (bilinear); a region that is to shrink to less than half is better made smaller before.
        """
        if bgr.ndim != 3 or bgr.shape[2] != 3 or bgr.dtype != np.uint8:
            raise ValueError(f"a BGR picture is height x width x 3 of uint8, not {bgr.shape} of {bgr.dtype}")
        if target.ndim != 3 or target.shape[0] != 3 or target.dtype != np.float32 or not target.flags.c_contiguous:
            raise ValueError(f"planes are 3 x height x width of float32, not {target.shape} of {target.dtype}")
        check_area(region, bgr.shape[1], bgr.shape[0])
        check_area(place, target.shape[2], target.shape[1])
        self._kernels.fill_planes(np.ascontiguousarray(bgr), region, place, target)


def check_area(area: Area, width: int, height: int) -> None:
    """Raise ValueError unless the area has pixels and all of them lie in width x height."""
    left, top, wide, high = area
    if left < 0 or top < 0 or wide < 1 or high < 1 or left + wide > width or top + high > height:
        raise ValueError(f"the area {area} does not lie in {width} x {height}")


def as_gray(gray: Gray) -> Gray:
    """Return the picture as contiguous rows; ValueError unless it is a non-empty height x width of uint8."""
    if gray.ndim != 2 or gray.dtype != np.uint8 or not gray.size:
        raise ValueError(f"a gray picture is height x width of uint8, not {gray.shape} of {gray.dtype}")
    return gray if gray.flags.c_contiguous else np.ascontiguousarray(gray)


def as_level(level: int) -> int:
    """Return the gray level; ValueError outside 0 to 255."""
    if not 0 <= level <= 255:
        raise ValueError(f"gray levels are 0 to 255, not {level}")
    return level


_chosen = FrameOps(_kernels)
unmask = _chosen.unmask
picture_stats = _chosen.picture_stats
difference = _chosen.difference
change = _chosen.change
shrink_gray = _chosen.shrink_gray
fill_planes = _chosen.fill_planes
parse_jpeg_header = _chosen.parse_jpeg_header
