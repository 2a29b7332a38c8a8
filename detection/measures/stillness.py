"""Whether a face does not move at all: a photo before the camera or in its place, under whatever noise and light.

A living head is never still: it sways and breathes, and within seconds moves against the picture by more than a
sensor's noise. A photo that nobody touches does not. What is compared are means of 8 x 8 pixels of a picture 320 wide,
in which noise and the marks of compression average out; light that changes is taken out. A photo that is moved about
by hand is not found by this.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WINDOW = 90.0  # seconds that are looked back on
LEAST_SECONDS = 75.0  # that the looks must span
LEAST_LOOKS = 10  # in it; in a scene without change the costly looks come every five seconds
MOST_GAP = 20.0  # seconds between two looks; whoever was not seen for longer may have moved
JUDGED_EVERY = 4.0  # seconds
MOST_LOOKS = 200
LEAST_CELLS = 12
LEAST_CONTRAST = 12.0  # grey levels; in a face flatter than this movement would not show
# Share of the face's contrast by which its cells sway over time. Measured on the media folder's clips and faces, 320
# and 640 wide: four living people have 0.146 at least over clips of 8 to 15 seconds, and 0.051 in the stillest 4
# seconds of any; 25 photos with noise of 6 grey levels, compressed anew at changing quality, in light that sways by
# 4 %, have a median of 0.02 and 0.05 at most (320 wide; 0.012 and 0.032 at 640). A small, dark photo may hide.
STILL_UNTIL = 0.045
MOST_SIDE = 16  # cells of one face that are compared, either way: the middle of a near one

Values = NDArray[np.float64]


class Patch(NamedTuple):
    """A face in one picture: where its cells are, of a grid of how many, and their grey values (rows, columns)."""

    at: float
    grid: tuple[int, int]
    left: int
    top: int
    values: Values


class Still(NamedTuple):
    """How still a face was: seconds, pictures compared, and the share of its contrast by which it swayed."""

    seconds: float
    looks: int
    moved: float


def face_cells(gray: NDArray[np.uint8], box: Sequence[int], width: int) -> list[Any]:
    """Return the face's part of a small grey picture, to be told to the judge: [columns, rows, left, top, wide, hex].

    `box` [x, y, width, height] in pixels of the full picture, `width` pixels wide; the grid is the small picture.
    """
    rows, columns = gray.shape
    scale = columns / width
    left, right = _span(box[0] * scale, box[2] * scale, columns)
    top, bottom = _span(box[1] * scale, box[3] * scale, rows)
    return [columns, rows, left, top, right - left, gray[top:bottom, left:right].tobytes().hex()]


def read_patch(at: float, told: Sequence[Any]) -> Patch | None:
    """Return what `face_cells` told of a picture; None for a face that leaves nothing to compare."""
    columns, rows, left, top, wide, cells = told
    values = np.frombuffer(bytes.fromhex(cells), np.uint8).astype(float)
    if wide < 1 or not values.size:
        return None
    return Patch(at, (int(columns), int(rows)), int(left), int(top), values.reshape(-1, wide))


class Stillness:
    """The last looks at one face, and whether it moved in them."""

    def __init__(self) -> None:
        self._patches: deque[Patch] = deque(maxlen=MOST_LOOKS)
        self._judged_at = float("-inf")
        self._still: Still | None = None

    def reset(self) -> None:
        """Forget everything: there was no face, or more than one."""
        self._patches.clear()
        self._still, self._judged_at = None, float("-inf")

    def add(self, patch: Patch) -> None:
        """Take the next look."""
        last = self._patches[-1] if self._patches else None
        if last is not None and (last.grid != patch.grid or not 0 <= patch.at - last.at <= MOST_GAP):
            self.reset()
        self._patches.append(patch)
        while patch.at - self._patches[0].at > WINDOW:
            self._patches.popleft()

    def judge(self) -> Still | None:
        """Return how still the face has been, None where it moved or was not seen for long enough."""
        if not self._patches:
            return None
        now, seconds = self._patches[-1].at, self._patches[-1].at - self._patches[0].at
        if seconds < LEAST_SECONDS or len(self._patches) < LEAST_LOOKS:
            return None
        if abs(now - self._judged_at) >= JUDGED_EVERY:
            self._judged_at = now
            moved = sway(self._patches)
            is_still = moved is not None and moved <= STILL_UNTIL
            self._still = Still(seconds, len(self._patches), moved) if is_still and moved is not None else None
        return self._still


def sway(patches: Sequence[Patch]) -> float | None:
    """Return the root mean square by which cells sway over time, as a share of the face's contrast.

    None where too few cells are in every picture, so that the face moved far, or where there is too little contrast.
    """
    left, top = max(one.left for one in patches), max(one.top for one in patches)
    right = min(one.left + one.values.shape[1] for one in patches)
    bottom = min(one.top + one.values.shape[0] for one in patches)
    if right <= left or bottom <= top or (right - left) * (bottom - top) < LEAST_CELLS:
        return None
    cells = np.array([_part(one, left, top, right, bottom) for one in patches])
    usual = cells.mean(axis=0)
    shape = usual - usual.mean()
    contrast = float(shape.std())
    if contrast < LEAST_CONTRAST:
        return None
    level = cells - cells.mean(axis=1, keepdims=True)
    gain = (level @ shape) / (shape @ shape)
    return float(np.sqrt(np.mean((level - gain[:, None] * shape) ** 2))) / contrast


def _part(patch: Patch, left: int, top: int, right: int, bottom: int) -> Values:
    x, y = left - patch.left, top - patch.top
    return patch.values[y : y + bottom - top, x : x + right - left].ravel()


def _span(start: float, length: float, size: int) -> tuple[int, int]:
    """Return the first cell and the one after the last, MOST_SIDE of the middle at most, inside the picture."""
    middle, half = start + length / 2, min(length, MOST_SIDE) / 2
    first, after = round(middle - half), round(middle + half)
    return max(0, min(first, size)), max(0, min(after, size))
