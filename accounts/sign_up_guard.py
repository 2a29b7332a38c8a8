"""How many accounts may be made: where registration is open, a stranger must not fill the server with them."""

import math

from core.errors import Busy
from core.rate_limit import Windows

WINDOW_S = 3600.0
PER_ADDRESS = 60
"""A school's teachers share one address, and may all register on one day."""
PER_SERVER = 300


class SignUpGuard:
    """Counts new accounts of strangers, of each address and of everybody together."""

    def __init__(self, per_address: int = PER_ADDRESS) -> None:
        self._of_address = Windows(per_address, WINDOW_S)
        self._of_everybody = Windows(PER_SERVER, WINDOW_S)

    def take(self, address: str, now: float) -> None:
        """Count an account that is to be made, before its password is hashed; Busy `too_fast` for too many."""
        wait = self._of_address.wait(address, now) or self._of_everybody.take("", now)
        if wait > 0.0:
            raise _too_many(wait)
        self._of_address.count(address, now)


def _too_many(wait: float) -> Busy:
    return Busy(
        "too_fast",
        "Many accounts were made just now. Please try again in %(minutes)d minutes, or ask for an invitation.",
        retry_after=wait,
        minutes=math.ceil(wait / 60),
    )
