"""A browser's connection as its WebSocket writes to it; how one waits for it is the async mode's."""

import errno
import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from socket import SHUT_RDWR
from typing import Any

from transport.connections import cut

GONE = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ESHUTDOWN, errno.EBADF, errno.ENOTCONN, errno.ECONNABORTED})
"""Errors that mean that the browser, or this connection, is no longer there."""
MOST_PARTS = 512
"""In one write; Linux and macOS take 1024."""
LAST_WORDS_S = 1.0
"""How long a closing frame waits for whoever is writing."""

Parts = Sequence[bytes | memoryview]
logger = logging.getLogger(__name__)


class Wire(ABC):
    """A socket that one reads and many write to, whole messages each."""

    is_fair = True
    """Each read lets the other connections have their turn."""

    def __init__(self, sock: Any, lock: Any) -> None:
        self._socket = sock
        self._lock = lock

    @abstractmethod
    def receive(self, space: memoryview) -> int:
        """Wait for bytes and return how many came, 0 at the end; TimeoutError after too long a silence."""

    @abstractmethod
    def settimeout(self, seconds: float | None) -> None:
        """Set how long a browser may say nothing, or leave unread what is written."""

    @abstractmethod
    def is_idle(self, queue: Any) -> bool:
        """Say whether everything that Engine.IO was to send has been written; asked with the lock in hand."""

    @abstractmethod
    def take_turns(self) -> None:
        """Let the other connections have their turn, where they would not take it."""

    @abstractmethod
    def _write(self, parts: Parts) -> None:
        """Write all of it, the lock in hand."""

    @abstractmethod
    def _hang_up(self) -> None:
        """Let the browser see the end."""

    def write(self, parts: Parts) -> None:
        """Write a whole message, after those that others are writing; OSError when it cannot be."""
        self._lock.acquire()
        self._write_locked(parts)

    def write_in_turn(self, parts: Parts, queue: Any) -> bool:
        """Write past the queue if that overtakes nothing; False when something is before it."""
        if not self._lock.acquire(blocking=False):
            return False
        if not self.is_idle(queue):
            self._lock.release()
            return False
        self._write_locked(parts)
        return True

    @abstractmethod
    def stop(self) -> None:
        """End the wait of whoever reads, where nothing else would."""

    def close(self, last: Parts) -> None:
        """Say the last words, unless somebody is stuck in the middle of a message, and hang up."""
        self.stop()
        if last and self._lock.acquire(timeout=LAST_WORDS_S):
            try:
                self._write_locked(last)
            except OSError as error:
                logger.debug("a browser was gone already: %s", error)
        self._hang_up()

    def shutdown(self, _how: int = SHUT_RDWR) -> None:
        """End the connection under whoever reads and writes it."""
        cut(self._socket)

    def _write_locked(self, parts: Parts) -> None:
        try:
            self._write(parts)
        except BaseException:
            self.shutdown()  # half a message may be out: nothing sensible can follow it
            raise
        finally:
            self._lock.release()
