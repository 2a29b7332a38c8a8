"""Who may try how many codes, and how fast a room fills: guessing is hopeless, and a whole class gets in."""

import math

from core.clock import Clock
from core.errors import Busy
from core.rate_limit import Windows
from rooms.protocol.limits import DEFAULT_LIMITS, Limits, address_block
from rooms.protocol.throttle import EVERYBODY, MINUTE_S, Throttle, too_many


class JoinGuard:
    """Makes guessing six digits hopeless without keeping anybody out who has the right ones.

    Only failures count, of each browser and of each address. Whoever is over them goes on in the slow lane: there a
    right code still gets in, and guesses are too few to find one. The budget of failures that everybody shares stops
    a guesser with many addresses; those from which somebody joined, or a teacher logged in lately, are spared by it.
    """

    def __init__(self, clock: Clock, limits: Limits = DEFAULT_LIMITS) -> None:
        self._clock = clock
        self._limits = limits
        self._slow = Throttle(clock)
        # each with a memory of its own: a guesser's many addresses must not push a school's out, nor cookies an address
        seconds = limits.failures_minutes * MINUTE_S
        self._of_address = Windows(limits.failures_per_address, seconds)
        self._of_browser = Windows(limits.failures_per_browser, seconds)
        self._of_everybody = Windows(limits.failures_per_minute, MINUTE_S)
        self._known = Windows(1, limits.known_minutes * MINUTE_S)
        self._participants_of_room = Windows(limits.participants_per_minute, MINUTE_S)
        self._participants_of_browser = Windows(limits.participants_per_browser, seconds)

    def check(self, address: str, browser: str = "") -> float:
        """Return for how many seconds to hold the answer to a code, 0.0 where few were wrong; Busy `too_fast`."""
        place, now = address_block(address), self._clock.now()
        is_known = self._known.wait(place, now) > 0.0
        few = is_known or self._of_everybody.wait(EVERYBODY, now) == 0.0
        few = few and self._of_address.wait(place, now) == 0.0
        few = few and (not browser or self._of_browser.wait(browser, now) == 0.0)
        return 0.0 if few else self._slow.enter(place, browser, is_known)

    def failed(self, address: str, browser: str = "") -> None:
        """Count a wrong or closed code; call it before the answer is delayed, or parallel guesses slip through."""
        now = self._clock.now()
        # What failed in the slow lane was counted there: it must not spend what everybody shares.
        if self._of_address.take(address_block(address), now) == 0.0:
            self._of_everybody.take(EVERYBODY, now)
        if browser:
            self._of_browser.take(browser, now)

    def succeeded(self, address: str) -> None:
        """Remember that a right code came from this address, or that a teacher logged in there."""
        place = address_block(address)
        self._known.forget(place)
        self._known.take(place, self._clock.now())

    def refusal(self, address: str) -> Busy:
        """Return what a wrong code is answered in the slow lane."""
        return too_many(self._of_address.seconds_left(address_block(address), self._clock.now()))

    def create_participant(self, room: str, taken: int, participants: int, browser: str = "") -> float:
        """Count a new participant of a room that has `taken` of `participants`; return how long to hold the answer.

        Raises:
            Busy: `room_full`; `too_fast` for a browser that joined again and again.
        """
        if taken >= min(participants, self._limits.participants):
            raise room_full()
        now = self._clock.now()
        if browser and (left := self._participants_of_browser.take(browser, now)) > 0.0:
            wait = max(1.0, left)
            raise Busy(
                "too_fast",
                "Many students have joined in this browser. Please try again in %(seconds)d seconds.",
                retry_after=wait,
                seconds=math.ceil(wait),
            )
        # One client that takes participant after participant must not make a class wait for the next minute.
        return 0.0 if self._participants_of_room.take(room, now) == 0.0 else self._limits.crowd_seconds


def room_full() -> Busy:
    """Return the refusal of whoever comes to a room whose participants are all taken."""
    return Busy("room_full", "This room is full. Please tell your teacher.", retry_after=60.0)
