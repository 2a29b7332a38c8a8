"""The batches that wait to be sensed: few for each channel, the newest, and everybody's turn comes."""

from collections import Counter, OrderedDict, deque
from typing import NamedTuple

from core.types import Reading

MOST_OF_ONE = 16  # batches of one channel; at one a second a process that stood still that long has missed the exam
MOST_BYTES = 16 << 20  # of all that wait
MOST_AGE = 10.0  # seconds; older sound and movement explain nothing that happens now

Place = tuple[str, str, str]  # participant, channel, kind of reading


class Waiting(NamedTuple):
    """A batch and when it came, on the server's own clock."""

    reading: Reading
    since: float


class WaitingReadings:
    """Plain state, told the time; whoever calls it from several threads holds a lock."""

    def __init__(self) -> None:
        self.drops: Counter[str] = Counter(dict.fromkeys(("replaced", "full", "expired", "forgotten"), 0))
        self._places: OrderedDict[Place, deque[Waiting]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._places.values())

    def put(self, reading: Reading, now: float) -> bool:
        """Take a batch, in place of the oldest of its channel where too many wait; False when there is no room."""
        if self._bytes + len(reading.data) > MOST_BYTES:
            self._expire(now)
        if self._bytes + len(reading.data) > MOST_BYTES:
            self.drops["full"] += 1
            return False
        place = self._places.setdefault((reading.participant, reading.channel, reading.kind), deque())
        place.append(Waiting(reading, now))
        self._bytes += len(reading.data)
        if len(place) > MOST_OF_ONE:
            self._drop_oldest(place, "replaced")
        return True

    def pick(self, now: float, most: int, most_bytes: int) -> list[Reading]:
        """Return the next batches in turn, each channel's in the order they came; what is too old is dropped."""
        self._expire(now)
        picked: list[Reading] = []
        size = 0
        while self._places and len(picked) < most:
            place, waiting = next(iter(self._places.items()))
            reading = waiting[0].reading
            if picked and size + len(reading.data) > most_bytes:
                break
            waiting.popleft()
            self._bytes -= len(reading.data)
            size += len(reading.data)
            picked.append(reading)
            self._places.move_to_end(place)
            self._tidy(place)
        return picked

    def forget(self, participant: str) -> None:
        """Drop what waits of a participant."""
        for place in [place for place in self._places if place[0] == participant]:
            waiting = self._places[place]
            while waiting:
                self._drop_oldest(waiting, "forgotten")
            self._tidy(place)

    def _expire(self, now: float) -> None:
        for place, waiting in list(self._places.items()):
            while waiting and not 0 <= now - waiting[0].since <= MOST_AGE:
                self._drop_oldest(waiting, "expired")
            self._tidy(place)

    def _drop_oldest(self, waiting: deque[Waiting], why: str) -> None:
        self._bytes -= len(waiting.popleft().reading.data)
        self.drops[why] += 1

    def _tidy(self, place: Place) -> None:
        if not self._places[place]:
            del self._places[place]
