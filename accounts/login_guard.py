"""How often a log-in may fail: slows guessing down without letting a stranger lock a teacher out of an exam."""

import math

from core.errors import Busy
from core.rate_limit import Windows

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
        self._of_address = Windows(PER_ADDRESS, WINDOW_S, MOST_KEYS)
        self._of_account = Windows(PER_ACCOUNT, WINDOW_S, MOST_KEYS)
        self._slow = Windows(SLOW_A_MINUTE, MINUTE_S, MOST_KEYS)
        self._known: dict[tuple[str, str], float] = {}

    def check(self, address: str, email: str, now: float) -> float:
        """Return for how many seconds to hold the answer; Busy `too_fast` after too many failures for this account."""
        wait = self._of_account.wait(self._account(address, email), now)
        is_slow = (address, email) not in self._known and self._of_address.wait(address, now) > 0
        if is_slow:
            wait = max(wait, self._slow.wait(address, now))
        if wait > 0:
            raise Busy(
                "too_fast",
                "Too many log-ins have failed. Please try again in %(minutes)d minutes.",
                retry_after=wait,
                minutes=math.ceil(wait / 60),
            )
        if is_slow:
            self._slow.count(address, now)
        return SLOW_S if is_slow else 0.0

    def failed(self, address: str, email: str, now: float) -> None:
        """Count a failure; before the password is compared, or parallel guesses slip through."""
        self._of_address.count(address, now)
        self._of_account.count(self._account(address, email), now)

    def succeeded(self, address: str, email: str, now: float) -> None:
        """Take the failure counted beforehand back, and remember that this person logs in from here."""
        self._of_address.take_back(address)
        self._of_account.take_back(self._account(address, email))
        self._known.pop((address, email), None)
        self._known[address, email] = now
        while len(self._known) > MOST_KEYS:
            self._known.pop(next(iter(self._known)))

    def _account(self, address: str, email: str) -> str:
        return f"known {address} {email}" if (address, email) in self._known else f"account {email}"
