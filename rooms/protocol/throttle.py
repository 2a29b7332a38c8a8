"""Where tries go on after too many have failed: later and fewer, so that the right code still gets in."""

import math
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from core.clock import Clock
from core.errors import Busy
from rooms.protocol.rate_store import ClockedWindows


@dataclass(frozen=True, slots=True)
class ThrottleLimits:
    """How many tries a minute go on, and how long each is held."""

    seconds: float = 2.0  # that an answer is held
    per_browser: int = 6  # tries a minute of one browser: a person types no faster
    per_address: int = 120  # tries a minute of an address from which somebody joined lately: a class that comes late
    of_strangers: int = 15  # tries a minute of all other addresses together


class Throttle:
    """Lets some tries a minute go on, apart for each browser, so that one of them does not use up an address's."""

    def __init__(self, clock: Clock, lane: ThrottleLimits | None = None) -> None:
        self._clock = clock
        self._lane = lane or ThrottleLimits()
        # apart, so that throwing cookies away does not push addresses out of memory
        self._browsers = MovingWindowRateLimiter(ClockedWindows(clock))
        self._places = MovingWindowRateLimiter(ClockedWindows(clock))
        self._of_browser = RateLimitItemPerMinute(self._lane.per_browser, 1, "slow-of-browser")
        self._of_address = RateLimitItemPerMinute(self._lane.per_address, 1, "slow-of-address")
        self._of_strangers = RateLimitItemPerMinute(self._lane.of_strangers, 1, "slow-of-strangers")

    def enter(self, place: str, browser: str, is_known: bool) -> float:
        """Let one more try go on and return the seconds to hold its answer; Busy `too_fast` when there were too many.

        Whoever shows no cookie shares one browser's tries with all others at the address who show none.
        """
        lane = (self._of_address, place) if is_known else (self._of_strangers, "")
        for windows, item, name in (
            (self._browsers, self._of_browser, browser or f"none at {place}"),
            (self._places, *lane),
        ):
            if not windows.hit(item, name):
                raise too_many(windows.get_window_stats(item, name).reset_time - self._clock.now())
        return self._lane.seconds


def too_many(wait: float) -> Busy:
    """Return the refusal of whoever tried too many wrong codes."""
    wait = max(1.0, wait)
    return Busy(
        "too_fast",
        "Too many wrong codes were tried. Please try again in %(seconds)d seconds.",
        retry_after=wait,
        seconds=math.ceil(wait),
    )
