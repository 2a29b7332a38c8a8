"""`python app.py capacity`: how many students this machine carries, found by letting more and more of them come."""

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.load import Span, jain, looks_of, make_cameras, measure, media_folder, percentile, seed
from bench.served import Served
from evaluation.figures.report import Report, show, table
from settings import ASYNC_MODES, load_settings
from simulation.cameras import real_pictures
from simulation.crowd import Crowd

STEPS = (5, 10, 20, 30, 40, 60, 80, 100, 125, 150, 200, 250, 300, 400)
"""So many students at each step."""
CLASS_SIZE = 30
"""Students of one room, who all fit on its teacher's screen."""
SETTLE_S, MEASURE_S = 3.0, 8.0
MOST_S = 170.0
MOST_TILE_AGE_S, MOST_ALERT_S, LEAST_LOOKS = 1.0, 1.0, 0.95
"""What must hold for 95 of 100 pictures and alerts; looks per student and second, one being what is aimed at."""


BUSY_PERCENT = 20.0
"""From so much of one core on, other programs are worth a word."""


@dataclass(frozen=True)
class Step:
    """What was measured with so many students; seconds, looks per student and second, percent of one core."""

    students: int
    tile_age_p95: float
    alert_p95: float
    looks: float
    fairness: float
    others: float
    """Percent of one core that other programs used meanwhile."""
    cpu: dict[str, float]
    rss: dict[str, float]

    def problem(self) -> str | None:
        """Say what no longer holds, in words for an administrator; None when all is well."""
        if self.tile_age_p95 > MOST_TILE_AGE_S:
            return f"pictures reached the teachers {self.tile_age_p95:.1f} s old (at most {MOST_TILE_AGE_S:g} s)"
        if self.alert_p95 > MOST_ALERT_S:
            return f"alerts took {self.alert_p95:.1f} s to the teachers (at most {MOST_ALERT_S:g} s)"
        if self.looks < LEAST_LOOKS:
            return f"each student was looked at {self.looks:.2f} times a second (aimed at: once)"
        return None


class Measured(Protocol):
    """A school of any server."""

    async def measure(self) -> Step:
        """Watch for a while."""
        ...


class Growing(Measured, Protocol):
    """A school that more students can come to."""

    async def grow(self, students: int) -> None:
        """Let students come until there are so many."""
        ...

    async def close(self) -> None:
        """Let everybody go."""
        ...


class School:
    """Rooms of simulated classes on one server; grows student by student."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._crowds: list[Crowd] = []
        self._participants: list[list[str]] = []
        self._pictures = real_pictures(folder) if (folder := media_folder(None)) else []

    def size(self) -> int:
        """Return how many students there are."""
        return sum(len(crowd.students) for crowd in self._crowds)

    async def grow(self, students: int) -> None:
        """Let students come until there are so many."""
        while self.size() < students:
            if not self._crowds or len(self._crowds[-1].students) == CLASS_SIZE:
                await self._open_room()
            crowd = self._crowds[-1]
            coming = min(students - self.size(), CLASS_SIZE - len(crowd.students))
            await crowd.join(make_cameras(coming, self._pictures, self.size()))
        for crowd in self._crowds:
            await crowd.settle()

    async def measure(self) -> Step:
        """Watch for a while."""
        for other in self._crowds[1:]:
            other.start()
        span = await measure(self._crowds[0], MEASURE_S, self._served)
        return self._step(span)

    async def close(self) -> None:
        """Send everybody home."""
        for crowd in self._crowds:
            await crowd.close()

    def _step(self, span: Span) -> Step:
        ages = [age for crowd in self._crowds for age in crowd.seen.tile_ages]
        delays = [delay for crowd in self._crowds for delay in crowd.raise_delays()]
        pairs = zip(self._crowds, self._participants, strict=True)
        looks = looks_of(
            span, [participant for crowd, participants in pairs for participant in participants[: len(crowd.students)]]
        )
        return Step(
            self.size(),
            percentile(ages, 0.95),
            percentile(delays, 0.95) if delays else 0.0,
            sum(looks) / len(looks),
            jain(looks),
            100 * span.others_s / span.seconds,
            {name: 100 * cost.cpu_s / span.seconds for name, cost in span.costs.items()},
            {name: cost.rss / 2**20 for name, cost in span.costs.items()},
        )

    async def _open_room(self) -> None:
        room = await asyncio.to_thread(seed, self._served.settings, CLASS_SIZE, 1)
        crowd = Crowd(self._served.url, room, None)
        await crowd.open()
        self._crowds.append(crowd)
        self._participants.append([participant.id for participant in room.students])


async def ramp(served: Served, steps: Sequence[int], most_s: float) -> list[Step]:
    """Let a school at our server grow until something no longer holds, or time or steps are used up."""
    return await climb(School(served), steps, most_s)


async def climb(school: Growing, steps: Sequence[int], most_s: float) -> list[Step]:
    """Let a school grow until something no longer holds, or time or steps are used up; it is closed then."""
    found, started = list[Step](), time.monotonic()
    try:
        for students in steps:
            if time.monotonic() - started > most_s:
                break
            await school.grow(students)
            await asyncio.sleep(SETTLE_S)
            found.append(await measure_step(school))
            if found[-1].problem():
                break
    finally:
        await school.close()
    return found


async def measure_step(school: Measured) -> Step:
    """Measure once, and once more before a passing moment of other programs is taken for the limit."""
    step = await school.measure()
    print(_line(step), flush=True)
    if step.problem():
        step = await school.measure()
        print(_line(step), flush=True)
    return step


def verdict(steps: Sequence[Step]) -> Iterator[str]:
    """Say in plain words what was found."""
    good = [step for step in steps if step.problem() is None]
    last = steps[-1]
    if not good:
        yield f"This machine does not carry {last.students} students: {last.problem()}."
        yield "Analysis needs processor cores; please close other programs or take a stronger machine."
        return
    best = good[-1]
    yield f"This machine carries {best.students} students at the same time."
    if last.problem():
        yield f"With {last.students} students, {last.problem()}."
        yield "The server then slows the students' pictures down and says so; it loses nobody."
    else:
        yield "More were not tried in the time: the limit is higher."
    yield (
        f"With {best.students} students the server used {best.cpu['web']:.0f} % of one core for connections and "
        f"{best.cpu['workers']:.0f} % for analysis, and {best.rss['web'] + best.rss['workers']:.0f} MB of memory."
    )
    yield (
        f"The simulated students ran on this machine too ({best.cpu['load']:.0f} % of one core): with real ones it "
        "has a little more room."
    )
    if last.others > BUSY_PERCENT:
        yield f"Other programs used {last.others:.0f} % of one core meanwhile: without them it would carry more."


def report_of(steps: Sequence[Step]) -> Report:
    """Return the figures of the best step that held."""
    best = next((step for step in reversed(steps) if step.problem() is None), None)
    if best is None:
        return Report("capacity", {"students": 0})
    metrics: dict[str, float] = {
        "students": best.students,
        "tile_age_p95_ms": 1000 * best.tile_age_p95,
        "alert_p95_ms": 1000 * best.alert_p95,
        "looks_per_student_second": best.looks,
        "looks_jain": best.fairness,
    }
    metrics |= {f"cpu_{name}_percent": value for name, value in best.cpu.items()}
    metrics |= {f"rss_{name}_mb": value for name, value in best.rss.items()}
    return Report("capacity", metrics)


def _line(step: Step) -> str:
    state = "too many" if step.problem() else "all well"
    return (
        f"{step.students:4d} students: pictures {1000 * step.tile_age_p95:4.0f} ms old, alerts in "
        f"{1000 * step.alert_p95:4.0f} ms, {step.looks:.2f} looks a second each: {state}"
    )


def _row(step: Step) -> list[object]:
    delays = [1000 * step.tile_age_p95, 1000 * step.alert_p95]
    return [step.students, *delays, step.looks, step.cpu["web"], step.cpu["workers"], step.others]


def main(arguments: Sequence[str] | None = None) -> int:
    """Find the limit and tell it."""
    parser = argparse.ArgumentParser(prog="app.py capacity", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--most", type=int, default=STEPS[-1], help="students to try at most")
    parser.add_argument(
        "--mode", choices=ASYNC_MODES, default=load_settings().async_mode, help="default: as this server is set"
    )
    options = parser.parse_args(arguments)
    print("Students come in classes of 30, each with a teacher who watches them all. This takes about three minutes.")
    with Served(options.mode) as served:
        steps = asyncio.run(ramp(served, [step for step in STEPS if step <= options.most], MOST_S))
    columns = "students", "picture age p95 ms", "alert p95 ms", "looks a second each"
    head = [*columns, "web CPU %", "analysis CPU %", "other programs CPU %"]
    show(report_of(steps), "\n".join([table(head, map(_row, steps)), "", *verdict(steps)]), options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
