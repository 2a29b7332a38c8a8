"""What the face detector costs in MediaPipe and in OpenVINO: processor time of a look, start, memory, threads.

Calls take turns on every picture. Start and memory are those of a fresh process that loads nothing but the detector.
`python -m bench.face_runtimes [--json]`.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from bench.faces import Call, cost, count_by, gated, labelled, quality, scenes
from bench.scenes import QUALITY, shrunk
from detection import detectors
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Detector
from detection.detectors.face_runtimes import FACE_RUNTIMES
from detection.frames.decode import use_one_thread
from detection.models.shelf import ModelShelf
from detection.processes.supervised_process import ONE_THREAD
from evaluation.figures.report import Report, show, table
from settings import REPOSITORY, load_settings
from simulation.pictures import encode

WIDTHS = (320, 640)
STUDENTS = 50  # each looked at once a second
ONLY_LOAD = "--only-load"


def loaded(runtime: str) -> Detector:
    """Return the face detector, run by one library."""
    settings = load_settings()
    made = detectors.make("face", ModelShelf(settings.model_cache(), settings.model_folders(), face_runtime=runtime))
    made.load()
    return made


def start_facts(runtime: str) -> dict[str, float]:
    """Load the detector here and return seconds, MB more than before, and threads more than before."""
    process, started = psutil.Process(), time.perf_counter()
    memory, threads = process.memory_info().rss, process.num_threads()
    detector = loaded(runtime)
    facts = {
        "start s": time.perf_counter() - started,
        "memory MB": (process.memory_info().rss - memory) / 1e6,
        "threads": process.num_threads() - threads,
    }
    detector.close()
    return facts


def in_fresh_process(runtime: str) -> dict[str, float]:
    """Return the facts of a start, as a worker of the server makes it."""
    command = ["env", *ONE_THREAD, sys.executable, "-m", "bench.face_runtimes", ONLY_LOAD, runtime]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    facts: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return facts


def busy_cores(call: Call, jpegs: Sequence[bytes]) -> float:
    """Return processor time divided by time on the wall: above 1, threads work at once."""
    wall, cpu = time.perf_counter(), time.process_time()
    for jpeg in jpegs:
        call(jpeg)
    return (time.process_time() - cpu) / (time.perf_counter() - wall)


def measure(report: Report, made: Mapping[str, Detector], media: Path, width: int) -> list[list[Any]]:
    """Return one line for each runtime at one width."""
    pictures = labelled(media)
    jpegs, labels = [encode(shrunk(bgr, width), QUALITY) for bgr, _ in pictures], [count for _, count in pictures]
    calls: dict[str, Call] = {name: _call(detector) for name, detector in made.items()}
    ms, shown, rows = cost(calls, jpegs), scenes(media, width), list[list[Any]]()
    for name, call in calls.items():
        sitting = gated([made[name]], shown["sitting"])
        found = quality(call, jpegs, labels)
        cores = busy_cores(call, jpegs)
        report.metrics |= {f"{name} {width} ms": ms[name], f"{name} {width} sitting ms": sitting}
        share = [STUDENTS * one / 10 for one in (ms[name], sitting)]
        rows.append([f"{name}, {width}", ms[name], cores, sitting, *share, *found.values()])
    return rows


def _call(detector: Detector) -> Call:
    pipeline = Pipeline([detector])
    return lambda jpeg: count_by(pipeline, jpeg)


def main() -> None:
    """Measure all and print it."""
    options = argparse.ArgumentParser(prog="python -m bench.face_runtimes", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--media", type=Path, default=REPOSITORY.parent / "shared" / "media")
    options.add_argument(ONLY_LOAD, choices=list(FACE_RUNTIMES), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    use_one_thread()
    if chosen.only_load:
        print(json.dumps(start_facts(chosen.only_load)))
        return
    report = Report("face_runtimes")
    starts = {name: in_fresh_process(name) for name in FACE_RUNTIMES}
    made = {name: loaded(name) for name in FACE_RUNTIMES}
    rows = [row for width in WIDTHS for row in measure(report, made, chosen.media, width)]
    for detector in made.values():
        detector.close()
    report.metrics |= {f"{name} {what}": value for name, facts in starts.items() for what, value in facts.items()}
    both = ["% of a core", "sitting %"]
    head = ["faces alone", "ms a look", "cores", "sitting ms", *both, "none P", "none R", "several P", "several R"]
    told = [[name, *facts.values()] for name, facts in starts.items()]
    text = [table(head, rows), table(["a process more", *starts["openvino"]], told)]
    show(report, "\n\n".join(text), chosen.json)


if __name__ == "__main__":
    main()
