"""The last seconds of every camera, as the JPEGs came: what a capsule is made of when an alert is raised."""

import threading
from dataclasses import dataclass

from core.clock import Clock
from core.types import Frame
from evidence.gaps import Gap
from evidence.kept_frames import FrameRow, Seat


@dataclass(frozen=True, slots=True)
class RingLimits:
    """How much is kept; seconds, frames a second, bytes.

    `rate` and `participant_bytes` hold in the background, `close_rate` and `close_bytes` while a participant is looked
    at closely, that is for ten seconds after an alert: 50 pictures of 60 KB and what was there before. `linger` is the
    time to fetch a window after that. `total_bytes` is the most that all participants have together.
    """

    seconds: float = 20.0
    rate: float = 2.0
    close_rate: float = 5.0
    participant_bytes: int = 600_000
    close_bytes: int = 3_600_000
    total_bytes: int = 128_000_000
    linger: float = 5.0


@dataclass(frozen=True, slots=True)
class Window:
    """What was seen of a participant between two moments, and where nothing was."""

    begin: float
    end: float
    frames: tuple[Frame, ...]
    gaps: tuple[Gap, ...]
    thinned: int
    """Frames that came in that time and were let go, since all would have taken too much memory."""


class FrameRing:
    """Keeps references to frames, for any number of threads; it never copies a picture.

    Frames of all channels of one participant share one limit. Where more comes than may be kept, it keeps fewer frames
    over the same time, and `window` says so.
    """

    def __init__(self, clock: Clock, limits: RingLimits | None = None) -> None:
        self._clock = clock
        self._limits = limits or RingLimits()
        self._lock = threading.Lock()
        self._seats: dict[tuple[str, str], Seat] = {}
        self._sizes: dict[tuple[str, str], int] = {}
        self._total = 0

    @property
    def size(self) -> int:
        """Return how many bytes all frames in the ring have."""
        return self._total

    def take(self, frame: Frame) -> bool:
        """Keep a frame unless its channel has had enough of them, or it is too old; say whether it was taken."""
        now, key = self._clock.now(), (frame.room, frame.participant)
        if frame.received_at < now - self._limits.seconds:
            return False
        with self._lock:
            seat = self._seats.setdefault(key, Seat())
            if not seat.rows.setdefault(frame.channel, FrameRow()).add(frame, self._rate(seat, now)):
                return False
            self._tidy(key, now)
            seat.thin(self._allowed(seat, now))
            self._weigh(key)
            self._keep_within_total(now)
        return True

    def look_closely(self, room: str, participant: str, until: float) -> None:
        """Take more frames of a participant from now on, and keep what is there, until a capsule is made of it."""
        now, key = self._clock.now(), (room, participant)
        with self._lock:
            self._tidy(key, now)
            seat = self._seats.setdefault(key, Seat())
            begin, end = seat.close or (now, until)
            seat.close = begin, max(end, until)

    def window(self, room: str, participant: str, begin: float, end: float) -> Window:
        """Return the frames of a participant that came from `begin` to `end`, in the order of their arrival."""
        with self._lock:
            rows = {channel: row for channel, row in self._rows(room, participant).items() if row.slots}
            inside = [slot for row in rows.values() for slot in row.slots if begin <= slot.at <= end]
            gaps = [gap for channel, row in rows.items() for gap in row.gaps(channel, (begin, end))]
            frames = [slot.frame for slot in sorted(inside, key=lambda slot: slot.at) if slot.frame]
        return Window(begin, end, tuple(frames), tuple(gaps), len(inside) - len(frames))

    def sweep(self) -> None:
        """Forget what is too old, also of those who send nothing any more; to be called about once a second."""
        now = self._clock.now()
        with self._lock:
            self._sweep(now)

    def forget(self, room: str, participant: str | None = None) -> None:
        """Forget a participant at once, or a whole room."""
        with self._lock:
            for key in [one for one in self._seats if one[0] == room and participant in (None, one[1])]:
                self._drop(key)

    def _rows(self, room: str, participant: str) -> dict[str, FrameRow]:
        seat = self._seats.get((room, participant))
        return seat.rows if seat else {}

    def _rate(self, seat: Seat, now: float) -> float:
        is_close = seat.close is not None and now <= seat.close[1]
        return self._limits.close_rate if is_close else self._limits.rate

    def _allowed(self, seat: Seat, now: float) -> float:
        if seat.close is not None and now <= seat.close[1] + self._limits.linger:
            return self._limits.close_bytes
        return min(self._limits.participant_bytes, self._limits.total_bytes / len(self._seats))

    def _tidy(self, key: tuple[str, str], now: float) -> None:
        if (seat := self._seats.get(key)) is None:
            return
        if seat.close is not None and now > seat.close[1] + self._limits.linger:
            seat.close = None
        seat.drop_before(min(now, seat.close[0] if seat.close else now) - self._limits.seconds)
        if seat.rows or seat.close:
            self._weigh(key)
        else:
            self._drop(key)

    def _weigh(self, key: tuple[str, str]) -> None:
        size = self._seats[key].size()
        self._total += size - self._sizes.get(key, 0)
        self._sizes[key] = size

    def _drop(self, key: tuple[str, str]) -> None:
        del self._seats[key]
        self._total -= self._sizes.pop(key, 0)

    def _sweep(self, now: float) -> None:
        for key in list(self._seats):
            self._tidy(key, now)

    def _keep_within_total(self, now: float) -> None:
        if self._total > self._limits.total_bytes:
            self._sweep(now)
        while self._total > self._limits.total_bytes:
            key = max(self._sizes, key=lambda one: self._sizes[one] / self._allowed(self._seats[one], now))
            self._seats[key].thin(self._sizes[key] * 0.9)
            self._weigh(key)
