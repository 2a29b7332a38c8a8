"""How much one teacher may fill: rooms, papers kept, papers read at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Busy, UserError
from core.rate_limit import Bucket
from store.rooms import Room

OPEN_ROOMS = 50
"""Rooms of one teacher that have not ended."""
ROOMS = 1000
"""Rooms of one teacher with those that have ended and were not deleted yet."""
PAPER_BYTES = 300 * 1024**2
"""PDFs of one teacher together, those of ended rooms among them."""
PAPERS_AT_ONCE = 2
"""Each takes a core: the others are left to the exam that runs."""
PAPERS_A_MINUTE, PAPERS_BURST = 10.0, 20
TURN_SECONDS = 20.0
"""How long a paper waits for its turn before its teacher is asked to try again."""


def check_rooms(session: Session, owner_id: int) -> None:
    """Raise UserError `too_many_rooms` where a teacher has as many as one may have."""
    mine = select(func.count()).select_from(Room).where(Room.owner_id == owner_id)
    if (session.scalar(mine.where(Room.state != "ended")) or 0) >= OPEN_ROOMS:
        raise UserError(
            "too_many_rooms", "You have %(most)d open rooms. Please end those that are over first.", most=OPEN_ROOMS
        )
    if (session.scalar(mine) or 0) >= ROOMS:
        raise UserError("too_many_rooms", "You have %(most)d rooms. Please delete some that have ended.", most=ROOMS)


def check_papers(session: Session, room: Room, content: bytes | None) -> None:
    """Raise UserError `papers_full` where another PDF would make more than the room's owner may keep."""
    if content is None:
        return
    others = select(func.sum(func.length(Room.exam_file))).where(Room.owner_id == room.owner_id, Room.id != room.id)
    if (session.scalar(others) or 0) + len(content) > PAPER_BYTES:
        raise UserError(
            "papers_full",
            "The PDFs of your rooms take %(most)d MB together. Please delete rooms that have ended first.",
            most=PAPER_BYTES // 1024**2,
        )


class PaperTurns:
    """Lets few papers be read at once, one of each teacher, so that nobody's keep another's from being read."""

    def __init__(self, clock: Clock, at_once: int = PAPERS_AT_ONCE, seconds: float = TURN_SECONDS) -> None:
        self._clock = clock
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._reading: set[int] = set()
        self._rates: dict[int, Bucket] = {}

    @contextmanager
    def turn(self, person: int) -> Iterator[None]:
        """Wait for a place; Busy `too_fast` for a second paper at once, for too many, and where all are taken."""
        self._begin(person)
        try:
            if not self._places.acquire(timeout=self._seconds):
                raise _busy(self._seconds)
            try:
                yield
            finally:
                self._places.release()
        finally:
            with self._lock:
                self._reading.discard(person)

    def _begin(self, person: int) -> None:
        now = self._clock.now()
        with self._lock:
            rate = self._rates.setdefault(person, Bucket(PAPERS_A_MINUTE / 60, PAPERS_BURST, now))
            wait = rate.take(now)
            if person in self._reading or wait > 0.0:
                raise _busy(max(wait, 5.0))
            self._reading.add(person)


def _busy(seconds: float) -> Busy:
    return Busy(
        "too_fast",
        "The server is still reading exam papers. Please try again in %(seconds)d seconds.",
        retry_after=seconds,
        seconds=round(seconds),
    )
