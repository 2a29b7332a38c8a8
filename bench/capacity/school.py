"""Rooms of simulated classes on one server that grow until it gives way."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Protocol

from bench.capacity.classroom import FPS, Classroom, enrol
from bench.capacity.steps import FULL, HALF, Pace, Step
from bench.capacity.words import line_of
from bench.load import Span, jain, looks_of, measure, media_folder, percentile, seed
from bench.served import Served
from detection.models.shelf import ModelShelf
from rooms.live.directory import MOST_LARGE_TILES
from simulation.crowd import Crowd

STEPS = (10, 20, 30, 40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 400)
"""So many students at each step."""
CLASS_SIZE = MOST_LARGE_TILES
"""Students of one room: as many as its teacher's page shows at the full rate."""
SETTLE_S, MEASURE_S = 12.0, 20.0
"""Nobody has been looked at by every detector before some seconds have passed."""
MOST_S = 420.0
SEEN = frozenset({"face", "landmarks", "objects", "identity"})
"""Detectors that have an interval to keep."""
JUDGED = ("faces", "landmarks", "objects")
"""Kinds of looks of which each student must get as many; comparisons of faces are too few to count in a short time."""


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

    def __init__(self, served: Served, classroom: Classroom) -> None:
        self._served, self._classroom = served, classroom
        self._crowds: list[Crowd] = []
        self._participants: list[list[str]] = []

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
            await crowd.join(self._classroom.cameras(coming, self.size()))
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
        present = [one for crowd, participants in pairs for one in participants[: len(crowd.students)]]
        looks = looks_of(span, present)
        return Step(
            self.size(),
            percentile(ages, 0.95),
            percentile(delays, 0.95),
            sum(looks) / len(looks),
            min(jain(looks_of(span, present, kind)) for kind in JUDGED),
            100 * span.others_s / span.seconds,
            {name: 100 * cost.cpu_s / span.seconds for name, cost in span.costs.items()},
            {name: cost.rss / 2**20 for name, cost in span.costs.items()},
            paces_of(span, self.size()),
            any(told["overloaded"] for told in span.told),
            max((told["stretch"] for told in span.told), default=1.0),
        )

    async def _open_room(self) -> None:
        room = await asyncio.to_thread(seed, self._served.settings, CLASS_SIZE, 1)
        faces = self._classroom.faces(CLASS_SIZE, self.size())
        await asyncio.to_thread(enrol, self._served.settings, room, faces)
        crowd = Crowd(self._served.url, room, FPS)
        await crowd.open()
        self._crowds.append(crowd)
        self._participants.append([participant.id for participant in room.students])


def paces_of(span: Span, students: int) -> dict[str, Pace]:
    """Return the pace of each detector that looks at webcams, by all the looks that were done in the span.

    A student who was never looked at counts as much as the others, which a mean of gaps would leave out.
    """
    seconds = span.after["at"] - span.before["at"]
    before, after = (facts["health"]["looks_by_detector"] for facts in (span.before, span.after))
    return {name: _pace(line, before.get(name, {}), students * seconds) for name, line in after.items() if name in SEEN}


def _pace(after: dict[str, Any], before: dict[str, Any], student_seconds: float) -> Pace:
    looks, again = (after[what] - before.get(what, 0) for what in ("looks", "said_again"))
    every = student_seconds / looks if looks else float("inf")
    return Pace(after["every"], every, looks / student_seconds, again / looks if looks else 0.0, after["ms"] or 0.0)


async def ramp(served: Served, steps: Sequence[int], most_s: float) -> list[Step]:
    """Let a school at our server grow until not even half the pace holds, or time or steps are used up."""
    media = media_folder(None)
    shelf = ModelShelf(served.settings.model_cache(), served.settings.model_folders())
    classroom = await asyncio.to_thread(Classroom, media.parent if media else None, shelf)
    return await climb(School(served, classroom), steps, most_s, HALF)


async def climb(school: Growing, steps: Sequence[int], most_s: float, slowest: float = FULL) -> list[Step]:
    """Let a school grow until something no longer holds at the slowest pace, or time or steps are used up.

    It is closed then.
    """
    found, started, pace = list[Step](), time.monotonic(), FULL
    try:
        for students in steps:
            if time.monotonic() - started > most_s:
                break
            await school.grow(students)
            await asyncio.sleep(SETTLE_S)
            found.append(await measure_step(school, pace))
            if found[-1].problem(pace) and pace < slowest:
                pace = slowest
            if found[-1].problem(pace):
                break
    finally:
        await school.close()
    return found


async def measure_step(school: Measured, pace: float = FULL) -> Step:
    """Measure once, and once more before a passing moment of other programs is taken for the limit."""
    step = await school.measure()
    print(line_of(step), flush=True)
    if step.problem(pace):
        step = await school.measure()
        print(line_of(step), flush=True)
    return step
