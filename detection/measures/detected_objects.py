"""What OBJECTS observations hold, read the same way by every rule that speaks of things and people."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from core.types import Mark

PHONE = "cell phone"
PERSON = "person"
SCREENS = frozenset({"laptop", "tv"})
"""Labels of COCO, where "tv" is any screen."""

SAME = 0.5  # share of the smaller of two boxes within the other: the same thing, seen twice
SURE_FROM = 0.5
"""Score from which a thing may count against somebody. Badges, calculators and cupboards are taken for phones and
screens below it, and seldom above: what is less sure is noted for the teacher, as a notice (docs/accuracy.md)."""

Box = tuple[int, int, int, int]


class DetectedObject(NamedTuple):
    """One thing in a picture: x, y, width and height in pixels, score 0 to 1."""

    label: str
    box: Box
    score: float

    @property
    def area(self) -> int:
        """Return its size in square pixels."""
        return self.box[2] * self.box[3]

    @property
    def mark(self) -> Mark:
        """Return it as an alert shows it."""
        return (self.label, *self.box)


def detected_objects_of(values: Mapping[str, Any]) -> list[DetectedObject] | None:
    """Return the things of OBJECTS values, surest first; None where nothing is told of things at all."""
    objects = values.get("objects")
    if objects is None:
        return None
    found = [DetectedObject(str(one["label"]), _box(one["box"]), float(one.get("score") or 0.0)) for one in objects]
    return sorted(found, key=lambda thing: -thing.score)


def percent(score: float) -> int:
    """Return a score as people read it, of 100."""
    return round(100 * score)


def overlap(one: Box, other: Box) -> float:
    """Return which share of the smaller box lies in the other."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    smaller = min(one[2] * one[3], other[2] * other[3])
    return max(0, width) * max(0, height) / smaller if smaller > 0 else 1.0


def is_sure(thing: DetectedObject) -> bool:
    """Say whether a thing is sure enough to count against somebody."""
    return thing.score >= SURE_FROM


def distinct(things: Iterable[DetectedObject]) -> list[DetectedObject]:
    """Return each thing once, the first of those whose boxes lie over each other: two names or frames of one thing."""
    kept: list[DetectedObject] = []
    for thing in things:
        if all(overlap(thing.box, other.box) < SAME for other in kept):
            kept.append(thing)
    return kept


def distinct_screens(things: Iterable[DetectedObject]) -> list[DetectedObject]:
    """Return the screens among things, each once: a laptop is often seen as a laptop and as a screen."""
    return distinct(thing for thing in things if thing.label in SCREENS)


def _box(numbers: Iterable[float]) -> Box:
    x, y, width, height = (round(number) for number in numbers)
    return x, y, width, height
