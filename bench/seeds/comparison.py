"""`python -m bench.seeds`: how many students we carry, and two simple monitors of the kind that examples are made of.

The two are our own small re-implementations (bench/seeds/servers.py): one thread a picture with one face detector;
YOLO and landmarks on every picture. Each runs as a server of its own under the students of `app.py capacity`: 5
pictures of 320x240 a second from each, a teacher for 30 students who gets every picture, alerts for those who leave
their chair, and the same three limits: pictures and alerts reach the teacher within a second (95 of 100), and each
student is looked at 0.95 times a second. Ours runs in the same way with all its detectors, in turns with them.

Measured beside it: the loops alone, without network or pages; and the first monitor with what its kind of page sends,
whole camera frames of 640x480, ten a second.
"""

import argparse
import asyncio
import base64
import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bench.capacity.school import STEPS, climb, ramp
from bench.capacity.steps import Step, best_of
from bench.load import media_folder
from bench.seeds.crowd import Monitor, MonitoredSchool, enlarged
from bench.seeds.loops import carries, loops
from bench.seeds.servers import SERVERS
from bench.served import Served
from detection.models.shelf import ModelShelf
from evaluation.figures.report import Report, show, table
from settings import load_settings
from simulation.cameras import real_pictures

FPS, PAGE_FPS = 5.0, 10.0
STEPS_OF = MappingProxyType(
    {
        "thread_per_picture": (10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150),
        "everything_on_every_picture": (1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50),
    }
)
"""For the monitors: finer than for ours, so that rounding down costs them little."""
OUR_STEPS = tuple(step for step in STEPS if step >= 40)
GOAL = 5.0
OURS, BETTER, ALONE = "ours", "better", "_alone"
THREADS, AS_SENT = "thread_per_picture", "thread_per_picture_as_its_page_sends"
HEAD = ["monitor", "students", "picture p95 ms", "alert p95 ms", "looks", "server CPU %", "a student", "load CPU %"]
HEAD += ["others CPU %"]


async def ramp_monitor(monitor: Monitor, pictures: Sequence[bytes], fps: float, most_s: float) -> list[Step]:
    """Let more and more students come until something no longer holds, twice, or time is used up."""
    return await climb(MonitoredSchool(monitor, pictures, fps), STEPS_OF[monitor.kind], most_s)


def rows_of(name: str, steps: Sequence[Step]) -> list[list[object]]:
    """Return a table's rows: what was carried, and what was too much."""
    best, last = best_of(steps), steps[-1]
    return ([] if best is None else [_row(name, best)]) + ([] if best is last else [_row(f"{name}, too many", last)])


def _row(name: str, step: Step) -> list[object]:
    delays = [1000 * step.tile_age_p95, 1000 * step.alert_p95]
    server = step.cpu["web"] + step.cpu["workers"]
    return [name, step.students, *delays, step.looks, server, server / step.students, step.cpu["load"], step.others]


def measure_one(name: str, pictures: Sequence[bytes], most_s: float) -> list[Step]:
    """Return the steps of our own server or of one monitor."""
    if name == OURS:
        with Served() as served:
            return asyncio.run(ramp(served, OUR_STEPS, most_s))
    if name == AS_SENT:
        with Monitor(THREADS) as monitor:
            return asyncio.run(ramp_monitor(monitor, [enlarged(jpeg) for jpeg in pictures], PAGE_FPS, most_s))
    with Monitor(name) as monitor:
        return asyncio.run(ramp_monitor(monitor, pictures, FPS, most_s))


def measure_alone(pictures: Sequence[bytes]) -> dict[str, int]:
    """Return how many students the loops alone keep up with."""
    settings, found = load_settings(), {}
    uris = ["data:image/jpeg;base64," + base64.b64encode(jpeg).decode() for jpeg in pictures]
    for name, make in loops(ModelShelf(settings.model_cache(), settings.model_folders())).items():
        print(f"{name}, the loop alone")
        found[name] = carries(make, uris)
    return found


def report_of(found: Mapping[str, Sequence[Sequence[Step]]], alone: Mapping[str, int]) -> Report:
    """Return the figures, of each its best turn; ratios are theirs divided by ours, BETTER that of the better one."""
    students = {name: max(map(_students, turns)) for name, turns in found.items()}
    ours = students.pop(OURS)
    better = max(count for name, count in students.items() if name in SERVERS)
    students |= {name + ALONE: float(count) for name, count in alone.items()}
    ratios = {name: count / ours if ours else float("inf") for name, count in {**students, BETTER: better}.items()}
    return Report("seeds", {"students": ours}, {name: {"students": count} for name, count in students.items()}, ratios)


def _students(steps: Sequence[Step]) -> float:
    best = best_of(steps)
    return float(best.students) if best else 0.0


def verdict(report: Report) -> str:
    """Say whether we carry five times as many as the better monitor does."""
    share = report.ratios[BETTER]
    word = "reached" if share <= 1 / GOAL else "missed"
    times = f"{1 / share:.1f}" if share else "infinitely many"
    return f"Ours carries {times} times the students of the better monitor; the goal of {GOAL:g} is {word}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Let ours and both monitors meet more and more students; 1 when the goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.seeds", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--rounds", type=int, default=2, help="turns for each; the best counts for everybody")
    parser.add_argument("--most-s", type=float, default=150.0, help="seconds of a turn")
    options = parser.parse_args(arguments)
    folder = media_folder(None)
    if folder is None:
        parser.error("needs real pictures: set EXAM_MEDIA_DIR")
    pictures = real_pictures(folder)
    turns = [(round_, name) for round_ in range(1, options.rounds + 1) for name in (OURS, *SERVERS, AS_SENT)]
    found: dict[str, list[list[Step]]] = {}
    for round_, name in turns:
        print(f"{name}, turn {round_}, load average {os.getloadavg()[0]:.1f}", flush=True)
        found.setdefault(name, []).append(measure_one(name, pictures, options.most_s))
    report = report_of(found, measure_alone(pictures))
    rows = [row for name, steps in found.items() for turn in steps for row in rows_of(name, turn)]
    rows += [[f"{name}, the loop alone", f"{report.peers[name + ALONE]['students']:.0f}"] for name in SERVERS]
    filled = [[*row, *[None] * (len(HEAD) - len(row))] for row in rows]
    show(report, f"{table(HEAD, filled)}\n\n{verdict(report)}", options.json)
    return int(report.ratios[BETTER] > 1 / GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
