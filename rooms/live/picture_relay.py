"""The relay: newest pictures to the teachers that watch them, one batched tick per teacher, credit by acknowledgement.

A teacher's page holds one slot per student; a newer picture replaces the one that waits. A tick takes all slots at
once. Without an acknowledgement at most two ticks are under way, so a teacher who stops reading costs a bounded
amount of memory and slows nobody else. Nothing is decoded or encoded again.
"""

import threading
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, Protocol

from core.clock import Clock

WEBCAM = "webcam"
MOST_UNDER_WAY = 2
MOST_BYTES_UNDER_WAY = 768 * 1024
"""A second tick is sent ahead of the first acknowledgement only while less than this is on its way."""
TICK_S = 0.1
"""Least time between two ticks of one teacher: ten a second is the rate of the large view."""


class Size(StrEnum):
    """How large a page shows a student, which decides what it is sent."""

    THUMBNAIL = "thumbnail"
    TILE = "tile"
    LARGE = "large"


class Tile(NamedTuple):
    """One channel's newest picture of a student, as it came."""

    participant: str
    sequence: int
    captured_at: float
    jpeg: bytes
    channel: str = WEBCAM

    def entry(self, now: float) -> list[object]:
        """Return the picture's place in a tick's index; a phone's names its channel."""
        age = max(0, int((now - self.captured_at) * 1000))
        entry: list[object] = [self.participant, self.sequence, age, len(self.jpeg)]
        return entry if self.channel == WEBCAM else [*entry, self.channel]


SendTick = Callable[[str, dict[str, object], list[bytes], Callable[[], None]], None]
"""How a tick leaves: (sid, index, JPEGs, what to call when it was acknowledged)."""


class Outlet(Protocol):
    """Where pictures go: who watches whom now, and how a tick leaves."""

    def watching(self, participant: str, size: Size = Size.TILE) -> list[str]:
        """List the teachers' pages that show a participant in this size."""
        ...

    def send_tick(
        self, sid: str, index: dict[str, object], pictures: list[bytes], acknowledged: Callable[[], None]
    ) -> None:
        """Send one tick to one page."""
        ...


class TeacherStream:
    """The pictures that wait for one teacher's page; offered from many threads, emptied by one."""

    def __init__(self, sid: str, send: SendTick, clock: Clock) -> None:
        self.sid = sid
        self.replaced = 0
        """Pictures that a newer one replaced before they were sent."""
        self._send = send
        self._clock = clock
        self._slots: dict[tuple[str, str], Tile] = {}
        self._wake = threading.Condition()
        self._under_way: dict[int, int] = {}
        self._tick = 0
        self._closed = False

    def offer(self, tile: Tile) -> None:
        """Put a picture into the slot of its student's channel."""
        slot = tile.participant, tile.channel
        with self._wake:
            self.replaced += slot in self._slots
            self._slots[slot] = tile
            if len(self._slots) == 1:
                self._wake.notify()

    def keep_only(self, watched: frozenset[str], focus: str | None = None) -> None:
        """Drop the pictures of students who are no longer on screen, and of phones of all but the one in focus."""
        with self._wake:
            for slot in list(self._slots):
                participant, channel = slot
                if participant != focus and (participant not in watched or channel != WEBCAM):
                    del self._slots[slot]

    def close(self) -> None:
        """End the lane's loop and drop what waits."""
        with self._wake:
            self._closed = True
            self._slots.clear()
            self._wake.notify()

    def acknowledged(self, tick: int) -> None:
        """Take the teacher's word that a tick was drawn."""
        with self._wake:
            self._under_way.pop(tick, None)
            self._wake.notify()

    def run(self, sleep: Callable[[float], object]) -> None:
        """Send ticks until the lane is closed; one background task per teacher."""
        while (tiles := self._next()) is not None:
            try:
                self._send_tick(tiles)
            except OSError:
                return  # the connection ended under our hands; the channel hears of it and closes the lane
            sleep(TICK_S)

    def _next(self) -> list[Tile] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._closed or (self._slots and self._has_credit()))
            if self._closed:
                return None
            tiles, self._slots = list(self._slots.values()), {}
            self._tick += 1
            self._under_way[self._tick] = sum(len(tile.jpeg) for tile in tiles)
            return tiles

    def _has_credit(self) -> bool:
        on_the_way = sum(self._under_way.values())
        return not self._under_way or (len(self._under_way) < MOST_UNDER_WAY and on_the_way < MOST_BYTES_UNDER_WAY)

    def _send_tick(self, tiles: list[Tile]) -> None:
        tick, now = self._tick, self._clock.now()
        index = {
            "tick": tick,
            "server_time": int(now * 1000),
            "tiles": [tile.entry(now) for tile in tiles],
        }
        self._send(self.sid, index, [tile.jpeg for tile in tiles], lambda: self.acknowledged(tick))


class GridRelay:
    """Owns the lanes of all teachers; the student channel offers pictures, the teacher channel opens lanes."""

    def __init__(
        self, outlet: Outlet, start_task: Callable[..., object], sleep: Callable[[float], object], clock: Clock
    ) -> None:
        self._outlet = outlet
        self._start_task = start_task
        self._sleep = sleep
        self._clock = clock
        self._lanes: dict[str, TeacherStream] = {}

    def open(self, sid: str) -> None:
        """Begin to serve a teacher's page."""
        lane = self._lanes[sid] = TeacherStream(sid, self._outlet.send_tick, self._clock)
        self._start_task(lane.run, self._sleep)

    def close(self, sid: str) -> None:
        """Stop serving a teacher's page."""
        lane = self._lanes.pop(sid, None)
        if lane is not None:
            lane.close()

    def keep_only(self, sid: str, watched: frozenset[str], focus: str | None = None) -> None:
        """Tell a lane who is on screen now, and who in the large view."""
        lane = self._lanes.get(sid)
        if lane is not None:
            lane.keep_only(watched, focus)

    def offer(self, tile: Tile, size: Size | None = None) -> None:
        """Hand a picture to every page that shows its student in this size; a phone's to the large view alone."""
        for sid in self._outlet.watching(
            tile.participant, size or (Size.TILE if tile.channel == WEBCAM else Size.LARGE)
        ):
            lane = self._lanes.get(sid)
            if lane is not None:
                lane.offer(tile)
