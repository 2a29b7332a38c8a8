"""Where tries go on after too many have failed: later and fewer, so that the right code still gets in."""

import math
from dataclasses import dataclass

from core.clock import Clock
from core.errors import Busy
from core.rate_limit import Windows

MINUTE_S = 60.0
EVERYBODY = ""
"""The one key of a limit that all share."""


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
        self._of_browser = Windows(self._lane.per_browser, MINUTE_S)
        self._of_address = Windows(self._lane.per_address, MINUTE_S)
        self._of_strangers = Windows(self._lane.of_strangers, MINUTE_S)

    def enter(self, place: str, browser: str, is_known: bool) -> float:
        """Let one more try go on and return the seconds to hold its answer; Busy `too_fast` when there were too many.

        Whoever shows no cookie shares one browser's tries with all others at the address who show none.
        """
        now = self._clock.now()
        shared = (self._of_address, place) if is_known else (self._of_strangers, EVERYBODY)
        for windows, name in ((self._of_browser, browser or f"none at {place}"), shared):
            if (wait := windows.take(name, now)) > 0.0:
                raise too_many(wait)
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
