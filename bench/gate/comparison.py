"""Times the gate before the heavy detectors against other ways to find a changed picture, and counts what each misses.

Still scenes with a sensor's noise say how much work a gate saves; things that happen in them, and the shared clips,
say what it costs: `python -m bench.gate [--json]`.
"""

import argparse
import itertools
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2

from bench.gate.peers import LONGEST, PEERS, OurKernel, OurPipeline, Peer
from bench.scenes import QUALITY, Sensor, Story, clips, drawn_stories, event_stories, frames_of, shrunk, still_story
from core.types import Frame, Observation, ObservationKind
from detection import detectors
from detection.analysis.gate import Gate
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Detector
from detection.models.shelf import ModelShelf
from evaluation.figures.report import Report, show, table
from settings import REPOSITORY, load_settings
from simulation.drawing import Pixels
from simulation.pictures import encode

WIDTHS = (320, 640)
STILLS = ("clips_p001.mp4", "clips_p002.mp4", "clips_p008.mp4", "clips_p009.mp4", "clips_p010.mp4")
LOOKS = 60  # of a still scene
TIMES = 10  # that each picture is shown in one turn
STEP, PHASES = 0.5, (0.0, 0.125, 0.25, 0.375)  # seconds between looks at a clip, and into it at which they begin
DOUBTFUL = {"four_faces_small"}  # always the same four faces, of which the detector sees none or one by chance
WATCHED = ("face", "picture", "objects")


@dataclass
class Tally:
    """What one gate did: looks it let through, and events that it slept through."""

    looks: int = 0
    opened: int = 0
    events: int = 0
    missed: int = 0
    full: Counter[str] = field(default_factory=Counter)
    """Full looks by kind."""

    def skipped(self) -> float:
        """Return the share of looks that were saved."""
        return 1 - self.opened / self.looks if self.looks else 0.0


def watch(peer: Peer | OurPipeline, story: Story, tally: Tally) -> None:
    """Show a story to a gate, which also opens when it was shut for too long; the first look opens any gate."""
    last = 0
    for number, jpeg in enumerate(story.jpegs):
        if isinstance(peer, OurPipeline):
            is_open = peer.is_open(jpeg, float(number))
        else:
            is_open = peer.is_open(jpeg) or number - last >= LONGEST or number == 0
        last = number if is_open else last
        tally.looks += 1
        tally.opened += is_open
        tally.events += number in story.events
        tally.missed += number in story.events and not is_open


def tallies(stories: Iterable[Story]) -> dict[str, Tally]:
    """Return what every gate did with all the stories, each story with a gate of its own."""
    told = list(stories)
    found = {}
    makers: dict[str, Callable[[], Peer | OurPipeline]] = {"ours": OurPipeline, **PEERS}
    for name, make in makers.items():
        found[name] = Tally()
        for story in told:
            watch(make(), story, found[name])
    return found


# ------------------------------------------------------------------------------------ the shared clips, looked at


def facts(seen: Sequence[Observation]) -> tuple[Any, ...]:
    """Return what an alert could depend on: how many faces, whether it can be judged, whether there is a phone."""
    values = {observation.kind: observation.values for observation in seen}
    things = values.get(ObservationKind.OBJECTS, {}).get("objects", [])
    return (
        values[ObservationKind.FACES]["count"],
        str(values[ObservationKind.PICTURE]["state"]),
        any(thing["label"] == "cell phone" for thing in things),
    )


def compare(full: Pipeline, gated: Pipeline, jpegs: Sequence[bytes], name: str, tally: Tally) -> None:
    """Look at a clip with and without a gate; an event is a change of facts that lasts for two looks."""
    frames = [Frame("room", name, n, n * STEP, n * STEP, jpeg, 0, 0) for n, jpeg in enumerate(jpegs)]
    true = [facts(full.analyse(frame)) for frame in frames]
    answers = [gated.analyse(frame) for frame in frames]
    said = [facts(answer) for answer in answers]
    tally.looks += len(frames)
    tally.opened += sum("reused" not in answer[0].values for answer in answers)
    tally.full.update(one.kind.value for answer in answers for one in answer if "reused" not in one.values)
    for number in range(1, len(frames) - 1):
        is_event = true[number] != true[number - 1] and true[number] == true[number + 1]
        tally.events += is_event
        tally.missed += is_event and said[number] != true[number]


def on_clips(media: Path, loaded: Sequence[Detector], width: int) -> Tally:
    """Compare on every clip, from several first pictures on."""
    full, tally = Pipeline(loaded), Tally()
    told = [path for path, label in clips(media) if label not in DOUBTFUL]
    for path, phase in itertools.product(told, PHASES):
        jpegs = [encode(shrunk(bgr, width), QUALITY) for bgr in frames_of(path, STEP, phase)]
        compare(full, Pipeline(loaded, Gate()), jpegs, path.name, tally)
    return tally


def load_detectors() -> list[Detector]:
    """Return the detectors whose models are there, ready to look."""
    settings = load_settings()
    shelf = ModelShelf(settings.model_cache(), settings.model_folders(), face_runtime=settings.face_runtime)
    made = [detectors.make(name, shelf) for name in WATCHED]
    ready = [detector for detector in made if detector.available() is None]
    for detector in ready:
        detector.load()
    return ready


# ------------------------------------------------------------------------------------ time


def times(jpegs: list[bytes], repeats: int) -> dict[str, float]:
    """Return median microseconds of processor time per calm picture, decoding included; the gates take turns."""
    kernel, pipeline = OurKernel(), OurPipeline()
    gates: dict[str, Callable[[bytes], bool]] = {"ours": kernel.is_open, "ours, whole path": pipeline.is_open}
    gates |= {name: make().is_open for name, make in PEERS.items()}
    found: dict[str, list[float]] = {name: [] for name in gates}
    for _ in range(repeats):
        for name, call in gates.items():
            started = time.process_time()
            for jpeg in jpegs * TIMES:
                call(jpeg)
            found[name].append((time.process_time() - started) * 1e6 / (len(jpegs) * TIMES))
    return {name: statistics.median(values) for name, values in found.items()}


def stills(media: Path) -> dict[str, Pixels]:
    """Return the first pictures of clips of people who sit."""
    return {path.name: frames_of(path)[0] for path, _ in clips(media) if path.name in STILLS}


def main() -> None:
    """Measure all and print it."""
    options = argparse.ArgumentParser(prog="python -m bench.gate", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--repeats", type=int, default=7, help="turns of each gate (default 7)")
    options.add_argument("--media", type=Path, default=REPOSITORY.parent / "shared" / "media")
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    report, text = Report("gate"), []
    pictures, loaded = stills(chosen.media), load_detectors()
    face = pictures["clips_p010.mp4"][60:300, 200:440]
    for width in WIDTHS:
        text.append(measure(report, width, pictures, face, chosen))
        on = on_clips(chosen.media, loaded, width)
        report.metrics |= {f"{width} clips missed": on.missed, f"{width} clips skipped": on.skipped()}
        text.append(
            f"Shared clips at {width}, full looks against gated ones ({', '.join(d.name for d in loaded)}):"
            f" {on.looks} looks, {on.skipped():.0%} saved, {on.events} lasting changes, {on.missed} missed;"
            f" full looks by kind {dict(on.full)}.\n"
        )
    for detector in loaded:
        detector.close()
    show(report, "\n".join(text), chosen.json)


def measure(report: Report, width: int, pictures: dict[str, Pixels], face: Pixels, chosen: argparse.Namespace) -> str:
    """Measure one width and return its table."""
    sensor = Sensor(width)
    cost = times([sensor.jpeg(bgr) for bgr in [pictures["clips_p001.mp4"]] * 8], chosen.repeats)
    saved = tallies(still_story(name, bgr, sensor, LOOKS) for name, bgr in pictures.items())
    told = [story for name, bgr in pictures.items() for story in event_stories(name, bgr, face, sensor)]
    noticed = tallies([*told, *drawn_stories(width)])
    rows = []
    for name, value in cost.items():
        key = name if name in saved else "ours"
        rows.append([name, value, f"{saved[key].skipped():.0%}", f"{noticed[key].missed} of {noticed[key].events}"])
        if name in PEERS:
            report.peers.setdefault(name, {})[f"{width} us"] = value
            report.peers[name] |= {f"{width} skipped": saved[key].skipped(), f"{width} missed": noticed[key].missed}
            report.ratios[f"{name} {width}"] = cost["ours"] / value
    report.metrics |= {f"{width} us": cost["ours"], f"{width} whole path us": cost["ours, whole path"]}
    report.metrics |= {f"{width} skipped": saved["ours"].skipped(), f"{width} missed": noticed["ours"].missed}
    head = [f"{width} wide", "us per picture", "still looks saved", "events missed"]
    return table(head, rows) + "\n"


if __name__ == "__main__":
    main()
