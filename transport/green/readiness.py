"""Waiting for a socket on eventlet's event loop without registering it anew each time."""

import errno
from typing import Any

from eventlet import hubs
from eventlet.greenio import GreenSocket
from eventlet.hubs import IOClosed
from greenlet import getcurrent


class Readiness:
    """Lets one greenlet wait for its socket; stays registered between waits, which spares two system calls each."""

    def __init__(self, green: GreenSocket) -> None:
        self._green = green
        self._fileno: int = green.fileno()
        self._hub: Any = None
        self._listener: Any = None
        self._timer: Any = None
        self._waiter: Any = None
        self._last = 0.0
        self._is_over = False

    def wait(self) -> None:
        """Return when there is something to read; TimeoutError after the socket's timeout, IOClosed when it is gone."""
        if self._is_over:
            raise IOClosed(errno.ENOTCONN, "closed from our side")
        if self._hub is None:
            self._hub = hubs.get_hub()
        if self._listener is None:
            hub = self._hub
            self._listener = hub.add(hub.READ, self._fileno, self._readable, self._throw, self._closed)
        self._last = self._hub.clock()
        if self._timer is None:
            self._arm(self._green.gettimeout())
        self._waiter = getcurrent()
        try:
            self._hub.switch()
        finally:
            self._waiter = None

    def stop(self) -> None:
        """Let the event loop forget the socket, and whoever waits for it go on: nothing else would wake him."""
        self._is_over = True
        if self._waiter is not None and self._hub is not None:
            self._hub.schedule_call_global(0, self._throw, IOClosed(errno.ENOTCONN, "closed from our side"))
        listener, self._listener = self._listener, None
        if listener is not None:
            self._hub.remove(listener)
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _readable(self, _fileno: int) -> None:
        if self._waiter is not None:
            self._waiter.switch()
        elif self._listener is not None:  # its greenlet is busy elsewhere: do not be called in a loop
            listener, self._listener = self._listener, None
            self._hub.remove(listener)

    def _throw(self, error: BaseException) -> None:
        self._listener = None
        if self._waiter is not None:
            self._waiter.throw(error)

    def _closed(self) -> None:
        self._green._mark_as_closed()

    def _arm(self, seconds: float | None) -> None:
        if seconds is not None:
            self._timer = self._hub.schedule_call_global(seconds, self._check_silence)

    def _check_silence(self) -> None:
        self._timer = None
        limit = self._green.gettimeout()
        if limit is None:
            return
        left = self._last + limit - self._hub.clock()
        if self._waiter is not None and left <= 0:
            self._waiter.throw(TimeoutError("timed out"))
        else:
            self._arm(left if left > 0 else limit)
