"""What time it was on the server when a browser says that something was so on its own clock."""

MOST_AGE_S = 10.0
"""A client's clock is believed only this far behind ours."""
DRIFT = 0.0005
"""Seconds a second that two clocks may drift apart; quartz is ten times better."""
MOST_LATE = 3
"""So many moments in a row that are too old to be believed mean that the client's clock was set back."""


class ClientClock:
    """The difference between one client's clock and ours, learnt from what it sends.

    The smallest difference seen is the one with the least network in it: clocks differ, networks only delay.
    """

    __slots__ = ("_at", "_late", "_offset")

    def __init__(self) -> None:
        self._offset: float | None = None
        self._at = 0.0
        self._late = 0

    @property
    def ahead_ms(self) -> int | None:
        """By how many milliseconds the client's clock is ahead of ours, as far as is known; None before it told."""
        return None if self._offset is None else round(-1000 * self._offset)

    def server_time(self, client_time: float, now: float) -> float:
        """Return when it was, in server seconds, between `MOST_AGE_S` ago and now; both arguments in seconds."""
        offset, known = now - client_time, self._offset
        if known is not None:
            known += DRIFT * max(0.0, now - self._at)
            self._late = self._late + 1 if offset - known > MOST_AGE_S else 0
        if known is None or offset < known or self._late >= MOST_LATE:
            known, self._late = offset, 0
        self._offset, self._at = known, now
        return min(now, max(now - MOST_AGE_S, client_time + known))

    def forget(self) -> None:
        """Begin anew: another page, or another device, may be behind the next connection."""
        self._offset, self._late = None, 0
