"""Who may try how many codes, and how fast a room fills: guessing is hopeless, and a whole class gets in."""

import math

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from core.clock import Clock
from core.errors import Busy
from rooms.protocol.limits import DEFAULT_LIMITS, Limits, address_block
from rooms.protocol.rate_store import ClockedWindows
from rooms.protocol.throttle import Throttle, too_many


class JoinGuard:
    """Makes guessing six digits hopeless without keeping anybody out who has the right ones.

    Only failures count, of each browser and of each address. Whoever is over them goes on in the slow lane: there a
    right code still gets in, and guesses are too few to find one. The budget of failures that everybody shares stops
    a guesser with many addresses; those from which somebody joined, or a teacher logged in lately, are spared by it.
    """

    def __init__(self, clock: Clock, limits: Limits = DEFAULT_LIMITS) -> None:
        self._clock = clock
        self._limits = limits
        self._windows = MovingWindowRateLimiter(ClockedWindows(clock))
        # apart, so that a guesser's many addresses cannot push a school's out of memory, nor cookies an address
        self._known_places = MovingWindowRateLimiter(ClockedWindows(clock))
        self._browsers = MovingWindowRateLimiter(ClockedWindows(clock))
        self._slow = Throttle(clock)
        minutes = limits.failures_minutes
        self._per_address = RateLimitItemPerMinute(limits.failures_per_address, minutes, "failures-of-address")
        self._per_browser = RateLimitItemPerMinute(limits.failures_per_browser, minutes, "failures-of-browser")
        self._of_everybody = RateLimitItemPerMinute(limits.failures_per_minute, 1, "failures-of-everybody")
        self._known = RateLimitItemPerMinute(1, limits.known_minutes, "known-address")
        self._per_room = RateLimitItemPerMinute(limits.participants_per_minute, 1, "participants-of-room")
        self._participants = RateLimitItemPerMinute(limits.participants_per_browser, minutes, "participants-of-browser")

    def check(self, address: str, browser: str = "") -> float:
        """Return for how many seconds to hold the answer to a code, 0.0 where few were wrong; Busy `too_fast`."""
        place = address_block(address)
        is_known = not self._known_places.test(self._known, place)
        few = is_known or self._windows.test(self._of_everybody)
        few = few and self._windows.test(self._per_address, place)
        few = few and (not browser or self._browsers.test(self._per_browser, browser))
        return 0.0 if few else self._slow.enter(place, browser, is_known)

    def failed(self, address: str, browser: str = "") -> None:
        """Count a wrong or closed code; call it before the answer is delayed, or parallel guesses slip through."""
        place = address_block(address)
        # What failed in the slow lane was counted there: it must not spend what everybody shares.
        if self._windows.hit(self._per_address, place):
            self._windows.hit(self._of_everybody)
        if browser:
            self._browsers.hit(self._per_browser, browser)

    def succeeded(self, address: str) -> None:
        """Remember that a right code came from this address, or that a teacher logged in there."""
        place = address_block(address)
        self._known_places.clear(self._known, place)
        self._known_places.hit(self._known, place)

    def refusal(self, address: str) -> Busy:
        """Return what a wrong code is answered in the slow lane."""
        return too_many(self._wait(self._windows, self._per_address, address_block(address)))

    def create_participant(self, room: str, taken: int, participants: int, browser: str = "") -> float:
        """Count a new participant of a room that has `taken` of `participants`; return how long to hold the answer.

        Raises:
            Busy: `room_full`; `too_fast` for a browser that joined again and again.
        """
        if taken >= min(participants, self._limits.participants):
            raise room_full()
        if browser and not self._browsers.hit(self._participants, browser):
            wait = self._wait(self._browsers, self._participants, browser)
            raise Busy(
                "too_fast",
                "Many students have joined in this browser. Please try again in %(seconds)d seconds.",
                retry_after=wait,
                seconds=math.ceil(wait),
            )
        # One client that takes participant after participant must not make a class wait for the next minute.
        return 0.0 if self._windows.hit(self._per_room, room) else self._limits.crowd_seconds

    def _wait(self, windows: MovingWindowRateLimiter, item: RateLimitItem, *names: str) -> float:
        return max(1.0, windows.get_window_stats(item, *names).reset_time - self._clock.now())


def room_full() -> Busy:
    """Return the refusal of whoever comes to a room whose participants are all taken."""
    return Busy("room_full", "This room is full. Please tell your teacher.", retry_after=60.0)
