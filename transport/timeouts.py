"""How long a client may take to say an HTTP request: many who say it slowly must not take every place."""

import io
import time
from collections.abc import Callable
from typing import Any

from transport.connections import Connections

REQUEST_S = 30.0
"""For the head of a request, and for each pause inside its body."""
LEAST_RATE = 16 * 1024
"""Bytes a second of a request's body on the average: slower than any network that an exam can be taken over."""


class Timeouts:
    """Seconds that are left to wait for a client; only our waiting counts, not what we do meanwhile."""

    def __init__(self) -> None:
        self._left = REQUEST_S
        self._rate = 0

    def for_head(self) -> None:
        """Begin to wait for a request; bytes of its head buy no time."""
        self._left, self._rate = REQUEST_S, 0

    def for_body(self) -> None:
        """Begin to wait for a body; the faster it comes, the longer it may last."""
        self._left, self._rate = REQUEST_S, LEAST_RATE

    def left(self) -> float:
        """Return how long to wait for the next bytes; TimeoutError when the client has had its time."""
        if self._left <= 0:
            raise TimeoutError("the request came too slowly")
        return self._left

    def waited(self, seconds: float, received: int) -> None:
        """Note how long the last bytes took."""
        earned = received / self._rate if self._rate else 0.0
        self._left = min(REQUEST_S, self._left - seconds + earned)


class PatientReader(io.RawIOBase):
    """What requests are read from, in both async modes; waits with timeouts, and tells whom it waits for."""

    def __init__(
        self,
        raw: io.RawIOBase,
        connection: Any,
        connections: Connections,
        timeouts: Timeouts,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._raw, self._connection, self._connections = raw, connection, connections
        self._timeouts, self._now = timeouts, now

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there, or wait for it."""
        usual, begun = self._connection.gettimeout(), self._now()
        self._connection.settimeout(self._timeouts.left())
        self._connections.wait_for(self._connection)
        received = 0
        try:
            received = self._raw.readinto(buffer) or 0
        finally:
            self._connections.serve(self._connection)
            self._timeouts.waited(self._now() - begun, received)
            self._connection.settimeout(usual)
        return received

    def close(self) -> None:
        """Close what is read from."""
        if not self.closed:
            self._raw.close()
        super().close()


def patient(rfile: Any, connection: Any, connections: Connections, timeouts: Timeouts) -> io.BufferedReader:
    """Return a request's reader like the buffered one that was given, with timeouts in place of waiting for ever."""
    return io.BufferedReader(PatientReader(rfile.detach(), connection, connections, timeouts))
