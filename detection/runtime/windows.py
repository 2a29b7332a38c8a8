"""The four small memories that rules are made of: plain state, told the time, in seconds since the epoch."""

from collections import deque

MOST_LOOKS = 60  # the largest window that N-of-M can look back on

# A reading this much older than the last one is merely late; one older still means that the clock was set back.
CLOCK_SET_BACK = 5.0


class Held:
    """How long something has been so, counting at most `step` seconds between two readings that say it.

    A gap in the readings (a busy server, a suspended machine, a clock set forward) is time in which nobody looked,
    and is never counted as time in which it was so.
    """

    def __init__(self, step: float) -> None:
        self._step = step
        self._last: float | None = None
        self.since: float | None = None
        self.seconds = 0.0

    def yes(self, now: float) -> None:
        """Say that it is so at `now`."""
        if self._last is not None and now < self._last - CLOCK_SET_BACK:
            self.reset()
        if self.since is None:
            self.since = now
        if self._last is not None:
            self.seconds += min(max(0.0, now - self._last), self._step)
        self._last = now if self._last is None else max(now, self._last)

    def pause(self) -> None:
        """Say that nothing is known until the next `yes`: what was counted stays, the time between is not added."""
        self._last = None

    def reset(self) -> None:
        """Say that it is not so."""
        self._last = self.since = None
        self.seconds = 0.0


class NofM:
    """The last looks and how many of them agreed; the numbers of N and M may change at any time."""

    def __init__(self) -> None:
        self._looks: deque[bool] = deque(maxlen=MOST_LOOKS)
        self._times: deque[float] = deque(maxlen=MOST_LOOKS)

    def add(self, hit: bool, at: float = 0.0) -> None:
        """Remember one look."""
        self._looks.append(hit)
        self._times.append(at)

    def every(self, window: int) -> float | None:
        """Return the mean seconds between the last `window` looks, None for a single one."""
        times = list(self._times)[-max(1, window) :]
        return max(0.0, times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else None

    def hits(self, window: int) -> int:
        """Return how many of the last `window` looks agreed."""
        return sum(list(self._looks)[-max(1, window) :])

    def looks(self, window: int) -> int:
        """Return how many looks there were, `window` at most."""
        return min(len(self._looks), max(1, window))

    def agrees(self, confirm: int, window: int) -> bool:
        """Return whether `confirm` of the last `window` looks agreed."""
        return self.hits(window) >= max(1, min(confirm, window))

    def is_hopeless(self, confirm: int, window: int) -> bool:
        """Return whether so many of the last `window` looks disagreed that `confirm` can no longer be met."""
        misses = self.looks(window) - self.hits(window)
        return misses > max(1, window) - max(1, min(confirm, window))

    def reset(self) -> None:
        """Forget every look."""
        self._looks.clear()
        self._times.clear()


class Hysteresis:
    """Since when all has been clear, so that a condition ends only once that has lasted."""

    def __init__(self) -> None:
        self.since: float | None = None

    def clear(self, now: float) -> None:
        """Say that all is clear at `now`."""
        if self.since is None or now < self.since:
            self.since = now

    def reset(self) -> None:
        """Say that it is not."""
        self.since = None

    def is_over(self, now: float, seconds: float) -> bool:
        """Return whether all has been clear for `seconds`."""
        return self.since is not None and now - self.since >= seconds


class Cooldown:
    """The rest between the end of one alert and the next of its kind."""

    def __init__(self) -> None:
        self._from: float | None = None

    def start(self, now: float) -> None:
        """Begin to rest."""
        self._from = now

    def is_over(self, now: float, seconds: float) -> bool:
        """Return whether `seconds` have passed since the rest began; a clock set back begins it anew."""
        if self._from is None:
            return True
        self._from = min(self._from, now)
        return now - self._from >= seconds
