"""How many accounts may be made: where registration is open, a stranger must not fill the server with them."""

import math
from collections import deque

from core.errors import Busy

WINDOW_S = 3600.0
PER_ADDRESS = 60
"""A school's teachers share one address, and may all register on one day."""
PER_SERVER = 300


class SignUpGuard:
    """Counts new accounts of strangers, of each address and of everybody together."""

    def __init__(self) -> None:
        self._made: deque[tuple[float, str]] = deque()

    def take(self, address: str, now: float) -> None:
        """Count an account that is to be made, before its password is hashed; Busy `too_fast` for too many."""
        while self._made and self._made[0][0] <= now - WINDOW_S:
            self._made.popleft()
        here = [at for at, of in self._made if of == address]
        for times, most in ((here, PER_ADDRESS), ([at for at, _ in self._made], PER_SERVER)):
            if len(times) >= most:
                raise _too_many(times[-most] + WINDOW_S - now)
        self._made.append((now, address))


def _too_many(wait: float) -> Busy:
    return Busy(
        "too_fast",
        "Many accounts were made just now. Please try again in %(minutes)d minutes, or ask for an invitation.",
        retry_after=wait,
        minutes=math.ceil(wait / 60),
    )
