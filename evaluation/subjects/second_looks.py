"""What a second look at a doubtful phone is worth: ways to take it, on more pictures than those of phones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np

from detection.detectors.objects import (
    COCO,
    DOUBTFUL,
    MODELS,
    PHONE,
    SMALL,
    input_size,
    mirrored_back,
    score_near,
    second_region,
)
from detection.detectors.regions import around
from detection.detectors.yolo import DetectedObject, Yolo
from detection.frames.decode import Picture
from detection.frames.frameops import Area
from detection.models.shelf import ModelShelf
from evaluation.figures.intervals import Figure, scores, share
from evaluation.figures.phone_views import Pixels, View, as_sent, changed, labelled, small_views
from evaluation.figures.section import Section

HEAD = ("", "told from", "precision", "recall", "F1", "F1, changed", "found, small", "wrongly, others")
OTHERS = ("faces", "headpose", "identity")
WIDTHS = 640, 320
WRONG = 0.01  # of the pictures of other things: what each way's threshold is set by
NOT_A_ROOM = ("imn_n03179701",)  # subject of a desk on which a telephone lies
NOW = "mirrored, closer where small: Examonitor"
SIZES = 16, 24, 32  # other borders between small and large than the detector's
NOTE = f"""Where a score is {DOUBTFUL[0]:g} to {DOUBTFUL[1]:g} the detector looks again and takes the mean.
Each way to do so tells phones from the lowest score at which one of 100 pictures of other folders is taken for one: so
no threshold is chosen by the phones that it is measured on. Changed: each picture at 640 and 320 pixels, mirrored,
dark, squeezed hard, and twice cut; small: pasted into rooms at half and a third of their sides. Views of one picture
resemble each other, so these intervals are too narrow. Small is what covers less than {SMALL} x {SMALL} pixels of the
input in the line of the detector, and the sizes named in those after it. The way was chosen among these with the
changed views and the small ones in sight; that it leads on the pictures as they are is a matter of one picture."""


class Looks:
    """One picture and what the models say of it; nothing is looked at twice."""

    def __init__(self, models: Sequence[Yolo], bgr: Pixels) -> None:
        self.picture = Picture(bgr)
        self.whole: Area = (0, 0, self.picture.width, self.picture.height)
        self._models = models
        self._made: dict[tuple[Area, bool, int], list[DetectedObject]] = {}

    def look(self, region: Area, mirrored: bool = False, model: int = 0) -> list[DetectedObject]:
        """Return the phones in a region, in pixels of the picture."""
        key = region, mirrored, model
        if key not in self._made:
            self._made[key] = self._mirrored(region, model) if mirrored else self._straight(region, model)
        return self._made[key]

    def _straight(self, region: Area, model: int) -> list[DetectedObject]:
        return self._models[model].look(self.picture.bgr, region, input_size(*self.whole[2:]))

    def _mirrored(self, region: Area, model: int) -> list[DetectedObject]:
        left, top, width, height = region
        flipped = np.ascontiguousarray(self.picture.bgr[top : top + height, left : left + width][:, ::-1])
        seen = self._models[model].look(flipped, (0, 0, width, height), input_size(width, height))
        return [mirrored_back(thing, region) for thing in seen]

    def closer(self, phone: DetectedObject) -> Area:
        """Return the region around a phone."""
        return around(phone, self.picture.width, self.picture.height)


Way = Callable[[Looks, DetectedObject], list[list[DetectedObject]]]
"""The further looks at a picture in which there may be a phone."""


def closer_below(small: float) -> Way:
    """Return the way of looking in the mirror, closer at what is small."""
    return lambda looks, phone: [looks.look(second_region(phone, looks.picture, small), mirrored=True)]


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "one look": lambda looks, phone: [],
        "closer, as before": lambda looks, phone: [looks.look(looks.closer(phone))],
        "closer, mirrored": lambda looks, phone: [looks.look(looks.closer(phone), mirrored=True)],
        "mirrored": lambda looks, phone: [looks.look(looks.whole, mirrored=True)],
        NOW: closer_below(SMALL),
        **{f"the same, small is {size}": closer_below(size) for size in SIZES},
        "both: mirrored, and closer": lambda looks, phone: [
            looks.look(looks.whole, mirrored=True),
            looks.look(looks.closer(phone), mirrored=True),
        ],
        "by the other model": lambda looks, phone: [looks.look(looks.whole, model=1)],
        "closer, by the other model": lambda looks, phone: [looks.look(looks.closer(phone), model=1)],
    }
)


def weigh(looks: Looks, way: Way) -> float:
    """Return the score of the surest phone, 0 without one."""
    phones = looks.look(looks.whole)
    if not phones or not DOUBTFUL[0] <= phones[0].score < DOUBTFUL[1]:
        return phones[0].score if phones else 0.0
    further = way(looks, phones[0])
    return max(float(np.mean([phone.score, *(score_near(phone, again) for again in further)])) for phone in phones)


def measure(shelf: ModelShelf, media: Path) -> Section:
    """Measure every way on every set of pictures."""
    section = Section("Phones: ways to look again", HEAD, note=" ".join(NOTE.split()))
    paths = [path for path in map(shelf.locate, MODELS) if path is not None]
    if len(paths) < len(MODELS) or not (media / "phone" / "labels.csv").is_file():
        return section
    phone = {number: label for number, label in COCO.items() if label == PHONE}
    models = [Yolo(path, phone, {PHONE: DOUBTFUL[0]}) for path in paths]
    told = {name: [scored(models, view) for view in views] for name, views in sets(media).items()}
    for way in WAYS:
        add(section, way, {name: [(phone, by_way[way]) for phone, by_way in rows] for name, rows in told.items()})
    return section


def scored(models: Sequence[Yolo], view: View) -> tuple[bool, dict[str, float]]:
    """Return whether there is a phone, and what each way says."""
    looks = Looks(models, view.bgr)
    return view.phone, {name: weigh(looks, way) for name, way in WAYS.items()}


def sets(media: Path) -> dict[str, Iterator[View]]:
    """Return the pictures of phones as they are, changed and small, and pictures of other things."""
    views = list(labelled(media / "phone"))
    shown = {*NOT_A_ROOM, *(view.subject for view in views if view.phone)}  # some are in other folders, too
    there = [folder for folder in OTHERS if (media / folder / "labels.csv").is_file()]
    others = [view for folder in there for view in labelled(media / folder) if view.subject not in shown]
    rooms = [view.bgr for view in others if view.kind == "none"]
    return {
        "as they are": iter(views),
        "changed": (one for seed, view in enumerate(views) for one in changed(view, seed)),
        "small": small_views(views, rooms) if rooms else iter(()),
        "others": (View(as_sent(v.bgr, width), False, v.subject, v.kind) for v in others for width in WIDTHS),
    }


def add(section: Section, way: str, told: Mapping[str, Sequence[tuple[bool, float]]]) -> None:
    """Add the line of one way."""
    threshold = threshold_for([score for _, score in told["others"]])
    said = {name: [(phone, score >= threshold) for phone, score in rows] for name, rows in told.items()}
    found, changed_too = scores(said["as they are"]), scores(said["changed"])
    small, wrong = scores(said["small"]).recall, wrongly(said["others"])
    section.rows.append([way, f"{threshold:.3f}", *found.cells(), str(changed_too.f1), str(small), str(wrong)])
    if way == NOW:
        section.figures |= {"phone changed f1": changed_too.f1, "phone small recall": small}


def threshold_for(others: Sequence[float]) -> float:
    """Return the lowest score that at most WRONG of these reach."""
    ordered = sorted(others, reverse=True)
    return float(np.nextafter(ordered[int(len(ordered) * WRONG)], 1.0)) if ordered else 1.0


def wrongly(said: Sequence[tuple[bool, bool]]) -> Figure:
    """Return the share of pictures without a phone that are said to show one."""
    return share(sum(yes for _, yes in said), len(said))
