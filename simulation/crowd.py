"""A room full of simulated people against a running server, and what they saw while somebody measured."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.phone_roles import CAMERA_ROLES
from simulation.cameras import Absentee, Album, age_s
from simulation.example_room import ExampleParticipant, ExampleRoom
from simulation.participants import Student, Tally, Teacher
from simulation.phones import SimulatedPhone

HOLD_S = 2.0
RULES = {"FACE_NOT_FOUND": {"hold": HOLD_S, "confirm": 2, "window": 3, "release": 1.0, "cooldown": 0.0}}
"""Quicker than an exam's, so that a short run has many alerts; what is measured is what comes on top of `hold`."""
MOST_TILES = 200
PER_SECOND = 20  # students who come in one second


@dataclass
class Seen:
    """What the teachers saw since `start`; seconds throughout."""

    tile_ages: list[float] = field(default_factory=list)
    tiles: int = 0
    alerts: dict[str, list[float]] = field(default_factory=dict)
    """When (epoch) each alert reached each teacher."""
    raised: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Whom each alert is about, and when (epoch) the server raised it."""
    capacity: list[dict[str, Any]] = field(default_factory=list)


class Crowd:
    """The people of one seeded room."""

    def __init__(self, url: str, room: ExampleRoom, fps: float | None) -> None:
        self.seen, self.tally, self.phone_tally = Seen(), Tally(), Tally()
        self.phones: list[SimulatedPhone] = []
        self.students: list[Student] = []
        self.absentees: dict[str, Absentee] = {}
        self.teachers: list[Teacher] = []
        self._url, self._room, self._fps = url, room, fps
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Let the teachers come and start the exam."""
        for teacher in self._room.teachers:
            self.teachers.append(await Teacher(self._url, teacher.ticket, self._on_tile, self._on_event).connect())
        await self.teachers[0].ask("room", {"state": "running"})

    async def join(self, cameras: Sequence[Album | Absentee]) -> None:
        """Let the next students come, one for each camera, and put them on the teachers' screens."""
        for camera in cameras:
            participant = self._room.students[len(self.students)]
            if isinstance(camera, Absentee):
                self.absentees[participant.id] = camera
            student = Student(self._url, participant.ticket, camera, self.tally, self._fps)
            self.students.append(student)
            self._tasks.append(asyncio.ensure_future(student.run()))
            self._bring_phones(participant, camera)
            await asyncio.sleep(1 / PER_SECOND)
        await self._watch()

    async def settle(self, deadline_s: float = 30.0) -> None:
        """Wait until every student is connected."""
        end = time.monotonic() + deadline_s
        people: list[Student | SimulatedPhone] = [*self.students, *self.phones]
        while any(one.state != "connected" for one in people) and time.monotonic() < end:
            await asyncio.sleep(0.1)

    def start(self) -> None:
        """Forget what was seen so far and measure from now on."""
        self.seen = Seen()
        self.phone_tally.acknowledged = 0
        self.tally.answers_s.clear()
        self.tally.sent = self.tally.acknowledged = self.tally.skipped = 0
        for camera in self.absentees.values():
            camera.left_at.clear()

    async def close(self) -> None:
        """Send everybody home."""
        for task in self._tasks:
            task.cancel()
        for teacher in self.teachers:
            teacher.client.close()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def alert_delays(self) -> list[float]:
        """Return the seconds from each due moment (first picture without a face + hold) to all teachers' pages."""
        delays = []
        for alert, (participant, _raised) in self.seen.raised.items():
            camera = self.absentees.get(participant)
            arrived = self.seen.alerts.get(alert, [])
            if camera is None or len(arrived) < len(self.teachers):
                continue
            left = [at for at in camera.left_at if at < arrived[0]]
            if left:
                delays.append(max(arrived) - left[-1] - HOLD_S)
        return delays

    def raise_delays(self) -> list[float]:
        """Return the seconds from the picture that settled each alert to all teachers' pages."""
        whole = {alert: at for alert, at in self.seen.alerts.items() if len(at) >= len(self.teachers)}
        return [max(at) - self.seen.raised[alert][1] for alert, at in whole.items()]

    def _bring_phones(self, participant: ExampleParticipant, camera: Album | Absentee) -> None:
        for role, ticket in participant.phones.items():
            films = camera if role in CAMERA_ROLES else None
            phone = SimulatedPhone(self._url, ticket, role, films, self.phone_tally, len(self.phones))
            self.phones.append(phone)
            self._tasks.append(asyncio.ensure_future(phone.run()))

    async def _watch(self) -> None:
        participants = [participant.id for participant in self._room.students[: len(self.students)]]
        pages = [participants[at : at + MOST_TILES] for at in range(0, len(participants), MOST_TILES)] or [[]]
        for number, teacher in enumerate(self.teachers):
            await teacher.watch(pages[number % len(pages)])

    def _on_tile(self, _participant: str, jpeg: bytes, age_ms: int) -> None:
        age = age_s(jpeg)
        self.seen.tiles += 1
        self.seen.tile_ages.append(age_ms / 1000 if age is None else age)

    def _on_event(self, event: str, told: Any) -> None:
        if event == "capacity":
            self.seen.capacity.append(told)
        if event != "alert" or told["kind"] != "FACE_NOT_FOUND" or told["ended_at"] is not None:
            return
        self.seen.raised[told["id"]] = told["participant"], told["raised_at"] / 1000
        self.seen.alerts.setdefault(told["id"], []).append(time.time())
