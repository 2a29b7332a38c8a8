"""How often something may happen: the two counters that every limit on a rate is made of.

Both take the time as an argument and answer 0.0, or the seconds until there is room. A `Bucket` is for the stream of
one client, such as pictures: little work, no memory of single events, bursts and parts of an event. `Windows` are for
what is rare and counted one by one, such as wrong codes: a bucket would let twice the limit through at first.
"""

import threading
from collections import OrderedDict, deque

MOST_KEYS = 10_000


class Bucket:
    """A token bucket: `rate` tokens a second, at most `burst` saved up."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float, cost: float = 1.0) -> float:
        """Take `cost` tokens and return 0.0, or take nothing and return the seconds until they are there."""
        elapsed = max(0.0, now - self._at)  # a clock set back gives nothing and takes nothing
        self._at = now
        self._tokens = min(self._burst, self._tokens + elapsed * self._rate)
        if self._tokens >= cost:
            self._tokens -= cost
            return 0.0
        return (cost - self._tokens) / self._rate


class Windows:
    """Moving windows: for each key at most `most` events in any `seconds`; safe to use from several threads.

    Beyond `most_keys` those are forgotten that were counted longest ago, so that nobody can fill the memory.
    """

    def __init__(self, most: int, seconds: float, most_keys: int = MOST_KEYS) -> None:
        self._most = most
        self._seconds = seconds
        self._most_keys = most_keys
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._times)

    def take(self, key: str, now: float) -> float:
        """Count one event and return 0.0, or count nothing and return the seconds until there is room for it."""
        with self._lock:
            wait = self._wait(key, now)
            if wait == 0.0:
                self._count(key, now)
            return wait

    def wait(self, key: str, now: float) -> float:
        """Return the seconds until there is room for one more; counts nothing."""
        with self._lock:
            return self._wait(key, now)

    def count(self, key: str, now: float) -> None:
        """Count one event that has happened, whether there was room for it or not."""
        with self._lock:
            self._recent(key, now)
            self._count(key, now)

    def take_back(self, key: str) -> None:
        """Count the latest event no more."""
        with self._lock:
            if self._times.get(key):
                self._times[key].pop()

    def forget(self, key: str) -> None:
        """Count none of the events so far any more."""
        with self._lock:
            self._times.pop(key, None)

    def seconds_left(self, key: str, now: float) -> float:
        """Return the seconds until the oldest event counts no more; a whole window where there is none."""
        with self._lock:
            times = self._recent(key, now)
            return (times[0] if times else now) + self._seconds - now

    # under the lock

    def _wait(self, key: str, now: float) -> float:
        times = self._recent(key, now)
        return 0.0 if len(times) < self._most else times[-self._most] + self._seconds - now

    def _count(self, key: str, now: float) -> None:
        self._times.setdefault(key, deque()).append(now)
        self._times.move_to_end(key)
        while len(self._times) > self._most_keys:
            self._times.popitem(last=False)

    def _recent(self, key: str, now: float) -> deque[float]:
        times = self._times.get(key) or deque()
        # an event "from the future" means that the clock was set back: it would otherwise count for ever
        while times and not times[0] <= now < times[0] + self._seconds:
            times.popleft()
        return times
