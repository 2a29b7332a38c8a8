"""Phones and other things that an exam forbids, by YOLO on the whole picture and once more, mirrored, in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from core.types import ObservationKind
from detection.detectors import second_stage
from detection.detectors.base import Context, Findings, Values
from detection.detectors.regions import around, tiles
from detection.detectors.yolo import DetectedObject, Size, Yolo, area, fit, merge, overlap
from detection.frames.decode import Picture
from detection.frames.frameops import Area
from detection.models import exported
from detection.models.shelf import ModelShelf

MODELS = ("yolo_phone", "yolo_phone_small")  # stock models, for where the shipped one is gone; the second misses more
COCO = MappingProxyType({0: "person", 62: "tv", 63: "laptop", 65: "remote", 67: "cell phone", 73: "book"})
PHONE = "cell phone"
NAMES = frozenset({*COCO.values(), "bottle", "cup", "mouse", "keyboard", "clock"})
WATCHED = (PHONE, "book", "laptop", "tv", "person")
NOTHING_KNOWN: Context = MappingProxyType({})

WEBCAM = 640, 480  # most students' pictures have this shape
# Pixels of the input: of all sizes from 288 to 640 the one that tells phones best from other things (bench.phones).
LONG_SIDE, SHORT_SIDE = 416, 320  # 4:3; other shapes are fitted in, because each further size costs 40 MB

# Of the stock models, measured on 49 labelled pictures, each changed in seven ways, and phones made small
# (bench.phones): phones are told from the lowest score at which one of 100 pictures of other things is taken for one.
PHONE_FROM = 0.065
DOUBTFUL = 0.02, 0.2  # scores of phones that a second, mirrored look decides; the mean of both counts
SMALL = 20  # pixels of the input: root of a box's area below which the second look is a closer one, too
TILE_FROM = 0.3  # a phone that is only seen close up: cut off from who holds it, many things look like one

# Lower scores are mostly furniture; things smaller than a share of the picture stand on a shelf behind.
OTHER_FROM = 0.4
SMALLEST = MappingProxyType({"book": 0.015, "laptop": 0.015, "tv": 0.015})


@dataclass(frozen=True)
class Limits:
    """From which score on a phone is told, and the scores between which a second look decides."""

    told_from: float = PHONE_FROM
    doubtful: tuple[float, float] = DOUBTFUL


STOCK = Limits()


@dataclass(frozen=True)
class Chosen:
    """The model that is used, the names of its classes by their number, and its limits."""

    path: Path
    names: Mapping[int, str]
    limits: Limits = STOCK

    def floors(self) -> dict[str, float]:
        """Return for each class the score from which it is worth telling."""
        return {name: self.limits.doubtful[0] if name == PHONE else OTHER_FROM for name in self.names.values()}


class ObjectDetector:
    """What lies or is held in the picture: label, box in pixels [x, y, width, height], score 0 to 1."""

    name: ClassVar[str] = "objects"
    kind: ClassVar[ObservationKind] = ObservationKind.OBJECTS
    every: ClassVar[float] = 2.0

    def __init__(self, models: ModelShelf) -> None:
        self._models = models
        self._yolo: Yolo | None = None
        self._learned: second_stage.SecondStage | None = None
        self.limits = STOCK

    def available(self) -> str | None:
        """Return None, or which model is missing."""
        return None if choose(self._models) else f"model file missing: {exported.SHIPPED.name}"

    def reduced(self) -> str | None:
        """Return why what this server learned from verdicts is not used, None where it is or nothing was learned."""
        try:
            if (chosen := choose(self._models)) is not None:
                second_stage.find(self._models.learned, chosen.path)
        except second_stage.StageError as error:
            return f"what was learned about phones is left out: {error}"
        return None

    def load(self) -> None:
        """Load OpenVINO, the model and what was learned here, and make it ready for a webcam's picture."""
        if (chosen := choose(self._models)) is None:
            raise FileNotFoundError(exported.SHIPPED)
        self.limits = chosen.limits
        with suppress(second_stage.StageError):  # `reduced` tells of it
            self._learned = second_stage.find(self._models.learned, chosen.path)
        self._yolo = Yolo(chosen.path, chosen.names, chosen.floors())
        self._yolo.look(np.zeros((*WEBCAM[::-1], 3), np.uint8), (0, 0, *WEBCAM), input_size(*WEBCAM))

    def close(self) -> None:
        """Let go of the model."""
        self._yolo = self._learned = None

    def look(self, picture: Picture, found: Findings, context: Context = NOTHING_KNOWN) -> Values:
        """Return {"objects": [{"label", "box", "score"}]}, surest first.

        context may name other "labels" to watch, and ask to be "thorough": small phones are looked for in tiles, for
        five times the cost.
        """
        watched = set(context.get("labels", WATCHED))
        phones, others = self.weigh(picture, bool(context.get("thorough")))
        things = self.told(picture, phones, others, self._learned)
        things += [thing for thing in others if is_large(thing, picture)]
        things.sort(key=lambda thing: -thing.score)
        return {"objects": [as_values(thing, picture) for thing in things if thing.label in watched]}

    def told(
        self,
        picture: Picture,
        phones: Iterable[DetectedObject],
        others: Sequence[DetectedObject],
        learned: second_stage.SecondStage | None,
    ) -> list[DetectedObject]:
        """Return which of the phones of a look are told, their scores lowered by what was learned, if anything was."""
        things = [thing for thing in phones if thing.score >= self.limits.told_from]
        if learned is not None:
            things = learned.lowered(picture, things, others)
        return [thing for thing in things if thing.score >= self.limits.told_from]

    def weigh(self, picture: Picture, thorough: bool = False) -> tuple[list[DetectedObject], list[DetectedObject]]:
        """Return everything that may be a phone with its final score, and the other things, all surest first."""
        seen = self._look(picture, (0, 0, picture.width, picture.height))
        phones = [thing for thing in seen if thing.label == PHONE]
        least, most = self.limits.doubtful
        if phones and least <= phones[0].score < most:
            again = self._look_mirrored(picture, second_region(phones[0], picture))
            phones = [phone._replace(score=(phone.score + score_near(phone, again)) / 2) for phone in phones]
        if thorough:
            phones = merge(phones + self._search(picture))
        return phones, [thing for thing in seen if thing.label != PHONE]

    def _search(self, picture: Picture) -> list[DetectedObject]:
        """Return the phones in any part of the picture seen close up, their scores lowered to those of the whole."""
        things = [thing for tile in tiles(picture.width, picture.height) for thing in self._look(picture, tile)]
        lowered = self.limits.told_from / max(TILE_FROM, self.limits.told_from)
        return [thing._replace(score=thing.score * lowered) for thing in things if thing.label == PHONE]

    def _look(self, picture: Picture, region: Area) -> list[DetectedObject]:
        if self._yolo is None:
            raise RuntimeError("load() comes first")
        return self._yolo.look(picture.bgr, region, input_size(picture.width, picture.height))

    def _look_mirrored(self, picture: Picture, region: Area) -> list[DetectedObject]:
        """Return what is in a region seen mirrored: what the model makes of chance seldom shows both ways round."""
        left, top, width, height = region
        flipped = np.ascontiguousarray(picture.bgr[top : top + height, left : left + width][:, ::-1])
        seen = self._look(Picture(flipped), (0, 0, width, height))
        return [mirrored_back(thing, region) for thing in seen]


def choose(models: ModelShelf) -> Chosen | None:
    """Return the model to use: one exported on this machine, the shipped one, or a stock model."""
    made = exported.find_first(models.places, MODELS[0])
    shipped = exported.shipped()
    if made is not None and (made.weights not in exported.OUTDONE or shipped is None):
        return _of_export(made)
    if shipped is not None:
        return _of_export(shipped)
    path = next(filter(None, map(models.locate, MODELS)), None)
    return None if path is None else Chosen(path, COCO)


def _of_export(made: exported.Export) -> Chosen:
    told = made.told_from or STOCK.told_from
    names = {number: label for number, label in made.names.items() if label in NAMES}
    return Chosen(made.path, names, Limits(told, made.doubtful or STOCK.doubtful))


def second_region(phone: DetectedObject, picture: Picture, small: float = SMALL) -> Area:
    """Return where to look again: at the whole picture, or closer where pixels are what is missing."""
    whole = (0, 0, picture.width, picture.height)
    scale = fit(whole, input_size(picture.width, picture.height))[2] / picture.width
    is_small = area(phone) * scale**2 < small**2
    return around(phone, picture.width, picture.height) if is_small else whole


def mirrored_back(thing: DetectedObject, region: Area) -> DetectedObject:
    """Return what was seen in a mirrored region (left, top, width, height) where it is in the picture."""
    left, top, width, _ = region
    return thing._replace(
        left=left + width - thing.right,
        right=left + width - thing.left,
        top=top + thing.top,
        bottom=top + thing.bottom,
    )


def score_near(phone: DetectedObject, again: list[DetectedObject]) -> float:
    """Return how sure the second look is of a phone in the same place, 0 where it sees none."""
    return max((thing.score for thing in again if thing.label == PHONE and overlap(thing, phone) > 0), default=0.0)


def is_large(thing: DetectedObject, picture: Picture) -> bool:
    """Say whether something is large enough to lie before the student rather than stand on a shelf behind."""
    return area(thing) >= SMALLEST.get(thing.label, 0.0) * picture.width * picture.height


def input_size(width: int, height: int) -> Size:
    """Return the input for a picture of this shape: lying or upright."""
    return (LONG_SIDE, SHORT_SIDE) if width >= height else (SHORT_SIDE, LONG_SIDE)


def as_values(thing: DetectedObject, picture: Picture) -> dict[str, Any]:
    """Return an object as the observation holds it, its box inside the picture."""
    left, top = max(0, round(thing.left)), max(0, round(thing.top))
    right, bottom = min(picture.width, round(thing.right)), min(picture.height, round(thing.bottom))
    box = [left, top, max(0, right - left), max(0, bottom - top)]
    return {"label": thing.label, "box": box, "score": round(thing.score, 3)}
