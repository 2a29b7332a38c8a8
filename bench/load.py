"""Simulated students with real pictures against a server: how old pictures and alerts get, and what it costs."""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from bench.served import Cost, Served
from core.phone_roles import ROLES
from evaluation.figures.report import Report, show, table
from rooms.setup.room_settings import RoomSettings
from settings import REPOSITORY, Settings, load_settings
from simulation.cameras import Absentee, Album, drawn_album, real_pictures
from simulation.crowd import RULES, Crowd
from simulation.example_room import ExampleRoom, seed_room

WARM_UP_S = 4.0
PRESENT_S, ABSENT_S = 5.0, 5.0
TURNS = 2  # of each, without and with phones
ONE_IN = 4  # students who leave their participant now and then


@dataclass(frozen=True)
class Wanted:
    """What to simulate; `fps` None lets the server say how many pictures it wants."""

    students: int
    teachers: int
    fps: float | None
    seconds: float
    media: Path | None
    phones: int = 0
    """Of each student: the first on the arm, the second on the head, the third in the room."""


@dataclass
class Span:
    """What the server told at the beginning and the end of the measured time; empty where it tells nothing."""

    before: dict[str, Any]
    after: dict[str, Any]
    costs: dict[str, Cost]
    """CPU seconds used within the span, memory at its end."""
    seconds: float
    others_s: float = 0.0
    """CPU seconds that all other programs of the machine used meanwhile."""
    told: list[dict[str, Any]] = field(default_factory=list)
    """The server's health once a second."""


def seed(settings: Settings, students: int, teachers: int, phones: int = 0) -> ExampleRoom:
    """Make the room of a measurement."""
    names = [f"Student {number}" for number in range(1, students + 1)]
    roles = tuple(ROLES)[:phones]
    room = RoomSettings(rules=RULES, hints=False, phones_allowed=roles)
    return seed_room(settings, names, teachers, room=room, state="open", phones=dict.fromkeys(names, roles))


def make_cameras(count: int, pictures: Sequence[bytes], first: int = 0) -> list[Album | Absentee]:
    """Return cameras for so many students; each fourth leaves the chair now and then, not all at the same moment."""
    drawn = [drawn_album(number) for number in range(3)]
    shown = pictures or [jpeg for album in drawn for jpeg in next(iter(album.values()))]
    cameras: list[Album | Absentee] = []
    for number in range(first, first + count):
        if number % ONE_IN == 0:
            start = time.monotonic() + 1.7 * (number // ONE_IN) % (PRESENT_S + ABSENT_S)
            cameras.append(Absentee(drawn[number % 3], PRESENT_S, ABSENT_S, start))
        else:
            cameras.append(Album(shown, 5 * number))
    return cameras


async def run_load(crowd: Crowd, wanted: Wanted, served: Served | None) -> Span:
    """Fill the room, let it settle, and measure."""
    pictures = real_pictures(wanted.media) if wanted.media else []
    await crowd.open()
    await crowd.join(make_cameras(wanted.students, pictures))
    await crowd.settle()
    await asyncio.sleep(WARM_UP_S)
    try:
        return await measure(crowd, wanted.seconds, served)
    finally:
        await crowd.close()


async def measure(crowd: Crowd, seconds: float, served: Served | None) -> Span:
    """Watch a crowd that is at it for so many seconds."""
    crowd.start()
    before, used = (served.facts(), served.costs()) if served else ({}, {})
    started, busy = time.monotonic(), busy_s()
    told = []
    for _ in range(max(1, round(seconds))):
        await asyncio.sleep(seconds / max(1, round(seconds)))
        told.append(served.facts()["health"] if served else {})
    spent = time.monotonic() - started
    after, now = (served.facts(), served.costs()) if served else ({}, {})
    costs = {name: Cost(now[name].cpu_s - used[name].cpu_s, now[name].rss) for name in now}
    others = busy_s() - busy - sum(cost.cpu_s for cost in costs.values())
    return Span(before, after, costs, spent, max(0.0, others), told if served else [])


def busy_s() -> float:
    """Return the CPU seconds that the whole machine has worked so far."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share lies, not a number for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def jain(shares: Sequence[float]) -> float:
    """Return Jain's fairness index: 1 when all get the same, 1/n when one gets all (Jain, Chiu, Hawe 1984)."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else float("nan")


def looks_of(span: Span, students: Sequence[str], kind: str = "") -> list[float]:
    """Return each student's analysed frames per second, or looks of one kind; empty where the server told nothing."""
    if not span.after:
        return []
    seconds = span.after["at"] - span.before["at"]
    before, after = ((facts["kinds"].get(kind, {}) if kind else facts["looks"]) for facts in (span.before, span.after))
    counts = [after.get(who, 0) - before.get(who, 0) for who in students]
    return [count / seconds for count in counts]


def report_of(wanted: Wanted, crowd: Crowd, span: Span, students: Sequence[str]) -> Report:
    """Put together what was measured; milliseconds, megabytes, percent of one core."""
    seen, tally, looks = crowd.seen, crowd.tally, looks_of(span, students)
    metrics: dict[str, float] = {"students": wanted.students, "teachers": wanted.teachers}
    metrics["frames_per_second"] = tally.acknowledged / span.seconds
    metrics["tiles_per_second"] = seen.tiles / span.seconds
    for name, values in (
        ("tile_age", seen.tile_ages),
        ("frame_ack", tally.answers_s),
        ("alert_after_due", crowd.alert_delays()),
        ("alert_after_picture", crowd.raise_delays()),
    ):
        for share in (50, 95, 99):
            metrics[f"{name}_p{share}_ms"] = 1000 * percentile(values, share / 100)
    metrics["alerts"] = len(seen.alerts)
    metrics["skipped_by_students"] = tally.skipped
    if looks:
        metrics["looks_per_student_second"] = statistics.mean(looks)
        metrics["looks_least"] = min(looks)
        metrics["looks_jain"] = jain(looks)
    metrics |= {f"refused_{code}": count for code, count in tally.refusals.items()}
    if wanted.phones:
        metrics |= {
            "phones": len(crowd.phones),
            "phone_messages_per_second": crowd.phone_tally.acknowledged / span.seconds,
        }
        metrics |= {f"phone_refused_{code}": count for code, count in crowd.phone_tally.refusals.items()}
    metrics |= drops_of(span)
    for name, cost in span.costs.items():
        metrics[f"cpu_{name}_percent"] = 100 * cost.cpu_s / span.seconds
        metrics[f"rss_{name}_mb"] = cost.rss / 2**20
    metrics["cpu_other_programs_percent"] = 100 * span.others_s / span.seconds
    return Report("load", {key: value for key, value in metrics.items() if value == value})


def drops_of(span: Span) -> dict[str, float]:
    """Return the server's counts of frames that were not looked at, by cause, within the span."""
    before, after = (facts.get("health", {}).get("frames", {}) for facts in (span.before, span.after))
    return {f"drop_{name}": count - before.get(name, 0) for name, count in after.items() if name not in NOW}


NOW = frozenset({"waiting", "out"})
"""Counters of this moment, not of what happened."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = _parser().parse_args(arguments)
    wanted = Wanted(
        options.students,
        options.teachers,
        options.fps or None,
        options.seconds,
        media_folder(options.media),
        options.phones,
    )
    if options.url:
        settings = load_settings(data_dir=options.data_dir)
        room = seed(settings, wanted.students, wanted.teachers, wanted.phones)
        report = _measured(wanted, room, options.url, None)
    elif wanted.phones:
        report = _with_phones(wanted, options.mode, options.workers)
    else:
        report = _measured_alone(wanted, options.mode, options.workers)
    rows = [[name, value] for name, value in report.metrics.items()]
    rows += [[f"with phones / without: {name}", value] for name, value in report.ratios.items()]
    show(report, f"{_heading(wanted)}\n\n{table(['metric', 'value'], rows)}", options.json)
    return 0


def _with_phones(wanted: Wanted, mode: str, workers: int | None) -> Report:
    """Measure without and with phones in turn, and put the cost of the one over that of the other."""
    turns = [_measured_alone(replace(wanted, phones=phones), mode, workers) for phones in (0, wanted.phones) * TURNS]
    without, with_phones = turns[0::2], turns[1::2]
    report = with_phones[-1]
    costs = {"cpu_web_percent": ["cpu_web_percent"], "cpu_server_percent": ["cpu_web_percent", "cpu_workers_percent"]}
    ratios = {
        name: statistics.median(_sum(turn, parts) for turn in with_phones)
        / statistics.median(_sum(turn, parts) for turn in without)
        for name, parts in costs.items()
    }
    kept = {
        f"{name} without phones": statistics.median(_sum(turn, parts) for turn in without)
        for name, parts in costs.items()
    }
    return replace(report, metrics={**report.metrics, **kept}, ratios=ratios)


def _sum(report: Report, parts: Sequence[str]) -> float:
    return sum(report.metrics[part] for part in parts)


def _measured_alone(wanted: Wanted, mode: str, workers: int | None) -> Report:
    with Served(mode, workers) as served:
        room = seed(served.settings, wanted.students, wanted.teachers, wanted.phones)
        return _measured(wanted, room, served.url, served)


def _measured(wanted: Wanted, room: ExampleRoom, url: str, served: Served | None) -> Report:
    async def go() -> tuple[Crowd, Span]:
        crowd = Crowd(url, room, wanted.fps)
        return crowd, await run_load(crowd, wanted, served)

    crowd, span = asyncio.run(go())
    return report_of(wanted, crowd, span, [participant.id for participant in room.students])


def _heading(wanted: Wanted) -> str:
    pictures = f"pictures of {wanted.media.name}" if wanted.media else "drawn pictures"
    asked = f"{wanted.fps:g} pictures a second each" if wanted.fps else "as many pictures as the server asks for"
    phones = f", {wanted.phones} phones each" if wanted.phones else ""
    return f"{wanted.students} students{phones}, {wanted.teachers} teachers, {asked}, {pictures}, {wanted.seconds:g} s"


def media_folder(given: Path | None) -> Path | None:
    """Return the folder with real pictures, None where there is none."""
    wanted = given or Path(os.environ.get("EXAM_MEDIA_DIR", REPOSITORY.parent / "shared" / "media")) / "faces"
    return wanted if wanted.is_dir() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--teachers", type=int, default=2)
    parser.add_argument("--fps", type=float, default=0, help="of each student; 0 (default): what the server asks for")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument(
        "--phones",
        type=int,
        default=0,
        choices=range(len(ROLES) + 1),
        help="of each student: arm, head, room; both without and with them is measured",
    )
    parser.add_argument("--media", type=Path, help="folder of JPEGs (labels.csv with n_faces is heeded)")
    parser.add_argument("--mode", choices=["eventlet", "threading"], default="eventlet")
    parser.add_argument("--workers", type=int, help="analysis processes (default: as the server decides)")
    parser.add_argument("--url", help="a server that runs on this machine already, instead of one of our own")
    parser.add_argument("--data-dir", type=Path, help="with --url: that server's data folder, for a new room in it")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
