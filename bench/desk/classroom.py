"""Simulated students who sit in a room while a browser looks at it, in a thread of their own."""

import asyncio
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from simulation.cameras import Album, drawn_album
from simulation.example_room import ExampleParticipant
from simulation.participants import Student, Tally
from simulation.pictures import Scene

PER_SECOND = 20  # students who come in one second
DRAWN = 3
STOP_S = 5.0


class Classroom:
    """The students of a room, connected and sending pictures as the server asks, as a context manager."""

    def __init__(self, url: str, people: Sequence[ExampleParticipant]) -> None:
        self._url, self._people = url, people
        self._tally = Tally()
        self._students: list[Student] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: list[asyncio.Task[None]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._come(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._go(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def connected(self) -> int:
        """Return how many of them are connected."""
        return sum(one.state == "connected" for one in self._students)

    async def _come(self) -> None:
        albums = [drawn_album(number)[Scene.PRESENT] for number in range(DRAWN)]
        for number, person in enumerate(self._people):
            student = Student(self._url, person.ticket, Album(albums[number % DRAWN], number), self._tally)
            self._students.append(student)
            self._tasks.append(asyncio.ensure_future(student.run()))
            await asyncio.sleep(1 / PER_SECOND)

    async def _go(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}  # what each of them waits for has tasks, too
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_S)
