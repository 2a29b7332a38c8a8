"""Memory for the rate limiter that reads our clock, starts no thread and cannot grow without end."""

import threading
from collections import OrderedDict, deque

from limits.storage import Storage
from limits.storage.base import MovingWindowSupport

from core.clock import Clock


class ClockedWindows(Storage, MovingWindowSupport):
    """Moving windows in memory for `limits`; the keys untouched for longest are forgotten beyond `most_keys`.

    The library's own memory storage reads the machine's clock and starts a timer thread for each hit; ours takes
    the clock, so tests move it and eventlet and threads alike need nothing running behind their back.
    """

    STORAGE_SCHEME = ["examonitor-memory"]  # noqa: RUF012 - the library reads it from the class

    def __init__(self, clock: Clock, most_keys: int = 10_000) -> None:
        super().__init__()
        self._clock = clock
        self._most_keys = most_keys
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` hits now unless that makes more than `limit` in the last `expiry` seconds."""
        with self._lock:
            hits = self._recent_locked(key, expiry)
            if len(hits) + amount > limit:
                return False
            self._hits[key] = hits
            self._hits.move_to_end(key)
            hits.extend([self._clock.now()] * amount)
            while len(self._hits) > self._most_keys:
                self._hits.popitem(last=False)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest hit of the window was, in seconds since the epoch, and how many hits it holds."""
        with self._lock:
            hits = self._recent_locked(key, expiry)
            return (hits[0] if hits else self._clock.now()), len(hits)

    def _recent_locked(self, key: str, expiry: int) -> deque[float]:
        now = self._clock.now()
        hits = self._hits.get(key, deque())
        # a hit "from the future" means that the clock was set back: it would otherwise count for ever
        while hits and not now - expiry < hits[0] <= now:
            hits.popleft()
        return hits

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what a failing storage raises; memory raises nothing of its own."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: fixed windows let twice the limit through at their edge, so nobody may use them here."""
        raise NotImplementedError("moving windows only")

    def get(self, key: str) -> int:
        """Return how many hits are remembered for the key, old ones included."""
        with self._lock:
            return len(self._hits.get(key, ()))

    def get_expiry(self, key: str) -> float:
        """Return now: a moving window has no single moment at which it expires."""
        return self._clock.now()

    def check(self) -> bool:
        """Return True: memory is always there."""
        return True

    def reset(self) -> int:
        """Forget every key and return how many there were."""
        with self._lock:
            count = len(self._hits)
            self._hits.clear()
            return count

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._hits.pop(key, None)
