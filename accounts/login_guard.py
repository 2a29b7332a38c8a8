"""How often a log-in may fail: slows guessing down without letting a stranger lock a teacher out of an exam."""

import math
from collections import deque

from core.errors import Busy

WINDOW_S, MINUTE_S = 600.0, 60.0
PER_ADDRESS = 30
"""A school's teachers share one address."""
PER_ACCOUNT = 10
SLOW_S, SLOW_A_MINUTE = 2.0, 20
"""After too many failures of an address a right password still gets in, so late and so often."""
MOST_KEYS = 20_000
"""Addresses and accounts remembered at once: a guesser with many addresses must not fill the memory."""


class LoginGuard:
    """Counts failures per address and per account; where an account logged in lately it has a budget of its own.

    An address is a whole school's: one guesser there slows the others down, and never keeps them out.
    """

    def __init__(self) -> None:
        self._failures: dict[str, deque[float]] = {}
        self._known: dict[tuple[str, str], float] = {}

    def check(self, address: str, email: str, now: float) -> float:
        """Return for how many seconds to hold the answer; Busy `too_fast` after too many failures for this account."""
        wait = self._wait(self._account(address, email), PER_ACCOUNT, now)
        held = 0.0
        if (address, email) not in self._known and self._wait(f"address {address}", PER_ADDRESS, now) > 0:
            held = SLOW_S
            wait = max(wait, self._wait(f"slow {address}", SLOW_A_MINUTE, now, MINUTE_S))
        if wait > 0:
            raise Busy(
                "too_fast",
                "Too many log-ins have failed. Please try again in %(minutes)d minutes.",
                retry_after=wait,
                minutes=math.ceil(wait / 60),
            )
        if held:
            self._failures.setdefault(f"slow {address}", deque()).append(now)
        return held

    def failed(self, address: str, email: str, now: float) -> None:
        """Count a failure; before the password is compared, or parallel guesses slip through."""
        for key in (f"address {address}", self._account(address, email)):
            self._failures.setdefault(key, deque()).append(now)
        self._shrink(now)

    def succeeded(self, address: str, email: str, now: float) -> None:
        """Take the failure counted beforehand back, and remember that this person logs in from here."""
        for key in (f"address {address}", self._account(address, email)):
            if self._failures.get(key):
                self._failures[key].pop()
        self._known.pop((address, email), None)
        self._known[address, email] = now

    def _account(self, address: str, email: str) -> str:
        return f"known {address} {email}" if (address, email) in self._known else f"account {email}"

    def _wait(self, key: str, allowed: int, now: float, window: float = WINDOW_S) -> float:
        times = self._failures.get(key, deque())
        while times and times[0] <= now - window:
            times.popleft()
        return 0.0 if len(times) < allowed else times[-allowed] + window - now

    def _shrink(self, now: float) -> None:
        if len(self._failures) > MOST_KEYS:
            recent = {key: times for key, times in self._failures.items() if times and times[-1] > now - WINDOW_S}
            newest = sorted(recent, key=lambda key: recent[key][-1])[-MOST_KEYS // 2 :]
            self._failures = {key: recent[key] for key in newest}
        while len(self._known) > MOST_KEYS:
            self._known.pop(next(iter(self._known)))
