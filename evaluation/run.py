"""All of it in one run."""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from detection.frames.decode import Picture
from detection.models.shelf import ModelShelf
from evaluation.figures.intervals import Figure
from evaluation.figures.report import Report
from evaluation.figures.section import Section
from evaluation.subjects import (
    arm,
    clips,
    faces,
    identities,
    left_out,
    moved,
    phone_cameras,
    phones,
    poses,
    second_looks,
    sound,
    states,
    timing,
)
from evaluation.systems.ours import Clock, Watcher
from evaluation.systems.plain_models import OWN, OwnPredictor, face_counters, phone_finders, stock_landmarker


@dataclass
class Measured:
    """Every section of a run, and the clocks of us and of the peers."""

    sections: list[Section] = field(default_factory=list)
    ours: Clock = field(default_factory=Clock)
    theirs: Clock = field(default_factory=Clock)
    missing: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Figure]:
        """Return our figures by name."""
        return {name: figure for section in self.sections for name, figure in section.figures.items()}

    def report(self) -> Report:
        """Return the run as every benchmark reports itself."""
        report = Report("accuracy")
        report.metrics = {name: f.value for name, f in self.figures().items() if not math.isnan(f.value)}
        report.metrics |= {f"{name} ms": value for name, value in self.ours.medians().items()}
        for section in self.sections:
            for peer, values in section.peers.items():
                report.peers.setdefault(peer, {}).update({k: v for k, v in values.items() if not math.isnan(v)})
        for name, value in self.theirs.medians().items():
            report.peers.setdefault(name, {})["ms"] = value
        report.ratios = ratios(report.metrics, report.peers)
        return report


STAGES = (
    ("face", ("face ms",), "MediaPipe short range, 0.5"),
    ("face and landmarks", ("face ms", "landmarks ms"), "MediaPipe Face Landmarker"),
    ("objects", ("objects ms",), "YOLO11n INT8, plain 640"),
    ("objects", ("objects ms",), OWN.format("YOLO11n", 640)),
)


def ratios(metrics: Mapping[str, float], peers: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return ours beside each peer's, all so that below 1 is better: shares are turned round."""
    told = {}
    for peer, values in peers.items():
        for key in sorted(values.keys() & metrics.keys()):
            ours, theirs = metrics[key], values[key]
            upper, lower = (ours, theirs) if "error" in key else (theirs, ours)
            if lower:
                told[f"{key}: {peer}"] = upper / lower
    for name, stages, peer in STAGES:
        if peer in peers and all(stage in metrics for stage in stages):
            told[f"{name} ms: {peer}"] = sum(metrics[stage] for stage in stages) / peers[peer]["ms"]
    return told


def measure(shelf: ModelShelf, media: Path) -> Measured:
    """Measure everything that the labelled folders allow."""
    told = Measured()
    watcher = Watcher(shelf)
    told.ours, told.missing = watcher.clock, watcher.missing
    own = OwnPredictor(shelf, os.environ)
    counters = face_counters(shelf, told.theirs)
    finders = phone_finders(shelf, told.theirs) | own.finders(told.theirs)
    stock = stock_landmarker(shelf, told.theirs)
    peers: list[Callable[[Picture], object]] = [*counters.values(), *finders.values(), *([stock] if stock else [])]
    try:
        told.sections += [
            # first what a teacher gets: after confirmation
            faces.confirmed(watcher, media),
            phones.confirmed(watcher, media),
            clips.measure(watcher, media),
            identities.confirmed(watcher, media),
            phone_cameras.confirmed(watcher, media),
            left_out.measure(watcher, media),
            # then single pictures
            faces.single(watcher, media, counters),
            phones.single(watcher, media, finders, own.absent),
            second_looks.measure(shelf, media),
            phones.sureness(watcher, media),
            poses.angles(watcher, media, stock),
            poses.directions(watcher, media),
            poses.gaze(watcher, media),
            identities.measure(watcher, media),
            states.measure(watcher, media),
            phone_cameras.codes(media),
            moved.measure(media),
            *arm.measure(media),
            *sound.measure(media),
            faces.by_condition(watcher, media),
            timing.measure(watcher, media, peers, told.theirs),
        ]
    finally:
        watcher.close()
        own.close()
    return told
