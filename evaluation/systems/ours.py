"""The live pipeline on labelled files, with a clock on every detector."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from core.types import ObservationKind, RuleSettings
from detection import detectors
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Context, Detector, Findings, Values
from detection.detectors.objects import PHONE_FROM, ObjectDetector
from detection.frames.decode import Picture, decode
from detection.measures.channels import WEBCAM, paces
from detection.models.shelf import ModelShelf
from detection.runtime.judge import Judge
from detection.tools.recordings import Still

Seen = Mapping[ObservationKind, Mapping[str, Any]]
NOTHING: Mapping[str, Any] = {}
ROOM = "file"


@dataclass
class Clock:
    """Milliseconds of every look, by what looked."""

    times: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, started: float) -> None:
        """Note a look that is just over."""
        self.times.setdefault(name, []).append((time.perf_counter() - started) * 1000)

    def medians(self) -> dict[str, float]:
        """Return the median of each."""
        return {name: median(values) for name, values in self.times.items() if values}


def timed(detector: Detector, clock: Clock) -> Detector:
    """Return the detector with a clock on it."""
    look = detector.look

    def look_timed(picture: Picture, found: Findings, context: Context) -> Values:
        started = time.perf_counter()
        values = look(picture, found, context)
        clock.add(detector.name, started)
        return values

    detector.look = look_timed  # type: ignore[method-assign]
    return detector


class Watcher:
    """The detectors whose models are there, on any still."""

    def __init__(self, shelf: ModelShelf, names: Iterable[str] | None = None) -> None:
        self.clock = Clock()
        made = [detectors.make(name, shelf) for name in detectors.in_order(names)]
        self.missing = [detector.name for detector in made if detector.available() is not None]
        ready = [detector for detector in made if detector.available() is None]
        for detector in ready:
            detector.load()
        self._pipeline = Pipeline(timed(detector, self.clock) for detector in ready)

    @property
    def told_from(self) -> float:
        """The score of a phone from which it is told."""
        found = (one.limits.told_from for one in self._pipeline.detectors if isinstance(one, ObjectDetector))
        return next(found, PHONE_FROM)

    def close(self) -> None:
        """Give back the models."""
        self._pipeline.close()

    def look(self, still: Still, names: Iterable[str] | None = None, **context: Context) -> Seen:
        """Return what is seen in one still, of all detectors or of some."""
        started = time.perf_counter()
        decode(still.jpeg)
        self.clock.add("decode", started)
        due = None if names is None else set(names)
        seen = self._pipeline.analyse(still.frame("someone", 1), due, context)
        return {observation.kind: observation.values for observation in seen}

    def alerts(
        self,
        stills: Iterable[Still],
        names: Iterable[str] | None = None,
        rules: Mapping[str, RuleSettings] = NOTHING,
        channel: str = WEBCAM,
    ) -> set[str]:
        """Return which alerts the judge raises, each detector looking as often as in a room."""
        judge, looked, raised = Judge(), dict[str, float](), set[str]()
        judge.watch(ROOM, rules)
        wanted = set(names or detectors.DETECTORS)
        every = paces(channel, {one.name: one.every for one in self._pipeline.detectors if one.name in wanted})
        for number, still in enumerate(stills, 1):
            due = {name for name, seconds in every.items() if still.at - looked.get(name, -1e9) >= seconds - 1e-6}
            looked |= dict.fromkeys(due, still.at)
            seen = self._pipeline.analyse(still.frame("someone", number, channel), due)
            found = [alert for one in seen for alert in judge.feed(one)] + judge.tick(still.at)
            raised |= {alert.kind for alert in found}
        return raised


def count(seen: Seen) -> int:
    """Return how many faces were seen."""
    return int(seen.get(ObservationKind.FACES, NOTHING).get("count", 0))


def largest_face(seen: Seen) -> list[int] | None:
    """Return the box of the largest face."""
    boxes = seen.get(ObservationKind.FACES, NOTHING).get("boxes", ())
    return max(boxes, key=lambda box: box[2] * box[3], default=None)
