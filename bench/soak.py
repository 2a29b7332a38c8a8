"""`python -m bench.soak`: a long exam with students who come and go and arms at 50 Hz; does the server grow?

Memory of each process and the size of the database are noted once a minute. Growth is the slope of a straight line
through the second half of the run, when caches are full, in percent of the middle value per hour. Goal: at most 1 %.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from bench.load import make_cameras, media_folder
from bench.served import Served
from core.types import Role
from evaluation.figures.report import Report, show, table
from rooms.setup.room_settings import RoomSettings
from simulation.cameras import real_pictures
from simulation.example_room import ExampleParticipant, ExampleRoom, seed_room
from simulation.participants import Student, Tally, Teacher
from simulation.phones import SimulatedPhone

CHURN_S = 60.0
STEP_S = 60.0
Sample = Mapping[str, float]


class Exam:
    """Everybody in the room; some drop their connection every minute and come back by themselves."""

    def __init__(self, url: str, room: ExampleRoom, students: int, pictures: Sequence[bytes]) -> None:
        self._url, self._room, self._students = url, room, students
        self._cameras = make_cameras(students, pictures)
        self.tally, self.phone_tally = Tally(), Tally()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._random = random.Random(7)

    async def open(self) -> Teacher:
        """Let the teacher come and everybody else after."""
        teacher = await Teacher(self._url, self._room.teachers[0].ticket, lambda *_tile: None, _nothing).connect()
        for number, participant in enumerate(self._room.students):
            if number < self._students:
                self._tasks[f"{participant.id} webcam"] = self._student(participant, number)
            for role in participant.phones:
                self._tasks[f"{participant.id} {role}"] = self._phone(participant, role)
            await asyncio.sleep(0.05)
        return teacher

    async def churn(self, share: float) -> None:
        """Once a minute, hang up on a share of all pages, which then come again; until cancelled."""
        while True:
            await asyncio.sleep(CHURN_S)
            gone = self._random.sample(sorted(self._tasks), round(share * len(self._tasks)))
            for name in gone:
                self._tasks[name].cancel()
            for name in gone:
                participant = next(one for one in self._room.students if name.startswith(one.id))
                kind = name.removeprefix(f"{participant.id} ")
                number = self._room.students.index(participant)
                self._tasks[name] = (
                    self._student(participant, number) if kind == "webcam" else self._phone(participant, kind)
                )

    async def close(self) -> None:
        """Send everybody home."""
        for task in self._tasks.values():
            task.cancel()
        for task in self._tasks.values():
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _student(self, participant: ExampleParticipant, number: int) -> asyncio.Task[None]:
        page = Student(self._url, participant.ticket, self._cameras[number], self.tally)
        return asyncio.ensure_future(page.run())

    def _phone(self, participant: ExampleParticipant, role: str) -> asyncio.Task[None]:
        page = SimulatedPhone(
            self._url, participant.phones[role], role, None, self.phone_tally, self._random.randrange(1000)
        )
        return asyncio.ensure_future(page.run())


def _nothing(_event: str, _told: object) -> None:
    """Hear and forget."""


def sample(served: Served) -> dict[str, float]:
    """Return the memory of each process in MB by its name, open files of the web process, and the database in MB."""
    server = psutil.Process(served.facts()["pid"])
    found = {"web": server.memory_info().rss / 2**20, "files": float(server.num_fds())}
    for child in server.children():
        with contextlib.suppress(psutil.Error):
            found[_name_of(child)] = child.memory_info().rss / 2**20
    # what is in the log of SQLite belongs to the database as well
    found["database"] = sum(path.stat().st_size for path in served.place.glob("*.db*")) / 2**20
    return found


def _name_of(child: psutil.Process) -> str:
    return "sensing" if any("sensing" in part for part in child.cmdline()) else "analysis"


def growth(values: Sequence[float], step_s: float = STEP_S) -> float:
    """Return the slope of a line through the values, in percent of their middle per hour; 0 for fewer than three."""
    if len(values) < 3:
        return 0.0
    hours = [step_s * number / 3600 for number in range(len(values))]
    slope = statistics.linear_regression(hours, values).slope
    return 100 * slope / max(statistics.median(values), 1e-9)


async def run(served: Served, room: ExampleRoom, students: int, minutes: float, churn: float) -> list[dict[str, float]]:
    """Hold the exam and return a sample for each minute."""
    folder: Path | None = media_folder(None)
    exam = Exam(served.url, room, students, real_pictures(folder) if folder else [])
    teacher = await exam.open()
    come_and_go = asyncio.ensure_future(exam.churn(churn))
    samples, end = [], time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        await asyncio.sleep(min(STEP_S, 60 * minutes))
        samples.append(sample(served))
        shown = "  ".join(f"{name} {value:.1f}" for name, value in samples[-1].items())
        print(f"{len(samples):4d} min  {shown}", flush=True)
    come_and_go.cancel()
    await exam.close()
    teacher.client.close()
    refused = {**exam.tally.refusals, **{f"phone {k}": v for k, v in exam.phone_tally.refusals.items()}}
    print(f"messages of phones: {exam.phone_tally.acknowledged:,}, pictures: {exam.tally.acknowledged:,}")
    print(f"refused: {refused}")
    return samples


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold the exam and print what grew."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--students", type=int, default=30, help="with a webcam")
    parser.add_argument("--arms", type=int, default=60, help="phones on arms, at 50 readings a second each")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--churn", type=float, default=0.1, help="share of the pages that reconnect every minute")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args(arguments)
    names = [f"Student {number}" for number in range(1, max(options.students, options.arms) + 1)]
    with Served() as served:
        settings = RoomSettings(phones_allowed=(Role.ARM,))
        room = seed_room(
            served.settings, names, room=settings, admitted=len(names), phones=dict.fromkeys(names, (Role.ARM,))
        )
        samples = asyncio.run(run(served, room, options.students, options.minutes, options.churn))
    half = samples[len(samples) // 2 :]
    grown = {name: growth([one[name] for one in half if name in one]) for name in half[-1]}
    metrics = {f"{name}_growth_percent_per_hour": value for name, value in grown.items()}
    metrics |= {f"{name}_at_the_end": value for name, value in half[-1].items()}
    rows = [[name, half[0][name], half[-1][name], value] for name, value in grown.items() if name in half[0]]
    head = ["MB (files: a count)", "half-way", "at the end", "growth % per hour"]
    show(Report("soak", metrics), table(head, rows), options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
