"""A teacher who stops reading costs a bounded amount of memory, slows nobody, and goes on with the newest pictures."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import numpy as np
import pytest
import websocket

from simulation.pictures import encode
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer
from tests.flows.people import ExamRoom, Student

pytestmark = pytest.mark.both_modes

ROUNDS = 60
MOST_GROWTH = 8 * 2**20  # bytes; what is sent to the stalled teacher meanwhile is twice as much and more


class SleepyTeacher:
    """A page that can stop reading: a bare WebSocket with a small window."""

    def __init__(self, server: LiveServer, ticket: str) -> None:
        address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        options = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 16384),)
        self._socket = websocket.create_connection(address, timeout=30, sockopt=options)
        self._socket.recv()
        self._socket.send(f"40/teacher,{json.dumps({'ticket': ticket})}")
        self.read_until("42/teacher")

    def watch(self, students: list[Student]) -> None:
        """Put the students on screen."""
        wanted = {"participants": [student.id for student in students], "focus": None}
        self._socket.send(f'42/teacher,7["watch",{json.dumps(wanted)}]')
        self.read_until("43/teacher,7")

    def read_until(self, start: str) -> None:
        """Read texts until one begins so."""
        while not str(self._socket.recv()).startswith(start):
            pass

    def wake(self, last: bytes) -> int:
        """Read on, acknowledging, until this picture comes; return how many ticks came."""
        ticks = 0
        while True:
            message = self._socket.recv()
            if isinstance(message, bytes):
                ticks += 1
                if last in message:
                    return ticks
            elif message.startswith("451-/teacher,"):
                number = message.removeprefix("451-/teacher,").partition("[")[0]
                self._socket.send(f"43/teacher,{number}[true]")
            elif message == "2":
                self._socket.send("3")

    def close(self) -> None:
        """Hang up."""
        self._socket.shutdown()


@pytest.fixture
def room(own_server: LiveServer, begin: Begin) -> Iterator[ExamRoom]:
    """An exam of four whose teacher has two pages open, one of them a bare WebSocket."""
    yield begin(own_server, [f"S{n}" for n in range(4)])


def large_picture(seed: int) -> bytes:
    """A picture of about 100 KB: a large view's."""
    noise = np.random.default_rng(seed).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    return encode(noise, 0.75)


def send_all(students: list[Student], pictures: list[bytes], rounds: int) -> list[bool]:
    """Have all students send at the same time, each as fast as allowed; return whether each was taken."""
    taken: list[bool] = []

    def film(student: Student) -> None:
        pause = threading.Event()
        for number in range(rounds):
            taken.append(student.send(pictures[number % len(pictures)]) == {"ok": True})
            pause.wait(0.08)

    threads = [threading.Thread(target=film, args=(student,)) for student in students]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def test_a_teacher_who_stops_reading_costs_little_and_slows_nobody(own_server: LiveServer, room: ExamRoom) -> None:
    pictures, last = [large_picture(seed) for seed in range(5)], large_picture(99)
    sleepy = SleepyTeacher(own_server, room.seeded.teachers[0].ticket)
    sleepy.watch(room.students)
    send_all(room.students, pictures, 10)
    before = own_server.process.memory_info().rss

    taken = send_all(room.students, pictures, ROUNDS)
    grown = own_server.process.memory_info().rss - before
    sent = ROUNDS * len(room.students) * len(pictures[0])
    assert all(taken) and len(taken) == ROUNDS * len(room.students)
    assert grown < MOST_GROWTH < sent / 2

    room.teacher.forget()
    assert room.students[0].send(last) == {"ok": True}
    assert last in room.teacher.wait_for("tiles", lambda tick: last in tick[1])[1]
    assert sleepy.wake(last) <= 4
    sleepy.close()
