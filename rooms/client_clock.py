"""What time it was on the server when a browser says that something was so on its own clock."""

MOST_AGE_S = 10.0
"""A client's clock is believed only this far behind ours."""
DRIFT = 0.0005
"""Seconds a second that two clocks may drift apart; quartz is ten times better."""


class ClientClock:
    """The difference between one client's clock and ours, learnt from what it sends.

    The smallest difference seen is the one with the least network in it: clocks differ, networks only delay. A clock
    that was set back shows as a difference beyond anything a network does, and is learnt anew.
    """

    __slots__ = ("_at", "_offset")

    def __init__(self) -> None:
        self._offset: float | None = None
        self._at = 0.0

    def server_time(self, client_time: float, now: float) -> float:
        """Return when it was, in server seconds, between `MOST_AGE_S` ago and now; both arguments in seconds."""
        offset = now - client_time
        known = self._offset
        if known is not None:
            known += DRIFT * max(0.0, now - self._at)
        # beyond `MOST_AGE_S` nothing is believed, so such a client would otherwise be late for ever
        if known is None or offset < known or offset - known > MOST_AGE_S:
            known = offset
        self._offset, self._at = known, now
        return min(now, max(now - MOST_AGE_S, client_time + known))

    def forget(self) -> None:
        """Begin anew: another page, or another device, may be behind the next connection."""
        self._offset = None
