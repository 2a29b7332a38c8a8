"""Where in a picture to look again at full resolution: around a small, doubtful find, or everywhere in turn."""

from __future__ import annotations

from collections.abc import Iterator

from detection.detectors.yolo import DetectedObject
from detection.frames.frameops import Area

AROUND = 0.6  # sides of the second look, in sides of the picture: closer, and the model misses who holds the thing
TILE = 0.6  # sides of a tile; four of them overlap by a third, so that nothing is only seen cut through


def around(thing: DetectedObject, width: int, height: int) -> Area:
    """Return the part of the picture around an object, of the picture's own shape, moved inside where it sticks out."""
    middle_x, middle_y = (thing.left + thing.right) / 2, (thing.top + thing.bottom) / 2
    wide, high = max(1, round(width * AROUND)), max(1, round(height * AROUND))
    return _inside(middle_x - wide / 2, width - wide), _inside(middle_y - high / 2, height - high), wide, high


def tiles(width: int, height: int) -> Iterator[Area]:
    """Yield four overlapping parts of the picture, one at each corner."""
    wide, high = max(1, round(width * TILE)), max(1, round(height * TILE))
    for top in (0, height - high):
        for left in (0, width - wide):
            yield left, top, wide, high


def _inside(place: float, most: int) -> int:
    return round(min(max(place, 0.0), most))
