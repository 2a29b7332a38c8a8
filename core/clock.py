"""Time as an argument: the real clock for the server, a settable one for tests."""

import time
from typing import Protocol


class Clock(Protocol):
    """What code that needs the time asks for."""

    def now(self) -> float:
        """Return seconds since the Unix epoch."""
        ...


class SystemClock:
    """The machine's clock, for the running server."""

    def now(self) -> float:
        """Return seconds since the Unix epoch."""
        return time.time()


class FakeClock:
    """A clock that moves only when a test tells it to."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start

    def now(self) -> float:
        """Return the seconds set so far."""
        return self._now

    def advance(self, seconds: float) -> float:
        """Move forward by `seconds` and return the new time."""
        self._now += seconds
        return self._now
