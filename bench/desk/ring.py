"""What it costs to keep the last twenty seconds of everybody's pictures: processor time of the ring for a class."""

import time
from collections.abc import Iterator
from itertools import count

from core.types import Frame
from evidence.frame_ring import FrameRing
from simulation.pictures import Camera, Scene

STUDENTS, RATE, SECONDS = 60, 5.0, 60
SETTLING = 25.0
"""Seconds after which the ring is as full as it gets."""
TURNS = 5


class Moment:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> float:
        """Return the moment that was set."""
        return self.at


def ring_share() -> list[float]:
    """Return for some turns what share of a core (%) the ring takes where 60 students send five pictures a second."""
    jpegs = [Camera(number, f"Student {number}").jpeg(Scene.PRESENT, 1.0) for number in range(3)]
    return [_turn(jpegs) for _ in range(TURNS)]


def _turn(jpegs: list[bytes]) -> float:
    clock = Moment()
    ring, spent, begin = FrameRing(clock), 0.0, clock.at
    for frame in frames(jpegs, begin):
        clock.at = frame.received_at
        if clock.at > begin + SETTLING + SECONDS:
            break
        started = time.process_time()
        ring.take(frame)
        if clock.at > begin + SETTLING:
            spent += time.process_time() - started
    return 100 * spent / SECONDS


def frames(jpegs: list[bytes], begin: float) -> Iterator[Frame]:
    """Yield everybody's pictures in the order of their arrival, without end."""
    for number in count():
        at = begin + number / (STUDENTS * RATE)
        who, jpeg = f"s{number % STUDENTS}", jpegs[number % len(jpegs)]
        yield Frame("room", who, number, at, at, jpeg, 320, 240)
