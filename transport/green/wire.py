"""A browser's connection on eventlet: waits on the event loop, writes the parts of a message without joining them."""

import contextlib
from socket import SHUT_WR
from typing import Any

from eventlet import sleep
from eventlet.greenio import GreenSocket
from eventlet.hubs import IOClosed, trampoline
from eventlet.semaphore import Semaphore

from transport.fast_path import unsent
from transport.green.readiness import Readiness
from transport.wire import GONE, MOST_PARTS, Parts, Wire


class GreenWire(Wire):
    """A green socket; without TLS it is read and written past eventlet, which only waits."""

    def __init__(self, green: Any) -> None:
        super().__init__(green, Semaphore())
        is_plain = type(green) is GreenSocket
        self._plain: Any = green.fd if is_plain else None
        self._readiness = Readiness(green) if is_plain else None
        self.is_fair = is_plain  # TLS may have more in its buffer, and does not wait then

    def receive(self, space: memoryview) -> int:
        """Wait for bytes and return how many came, 0 at the end; TimeoutError after too long a silence."""
        try:
            return self._receive_plain(space) if self._readiness else int(self._socket.recv_into(space))
        except IOClosed:
            return 0
        except OSError as error:
            if error.errno in GONE:
                return 0
            raise

    def _receive_plain(self, space: memoryview) -> int:
        # One read for each time the event loop finds something: a client that floods waits for its turn.
        while self._readiness is not None:
            self._readiness.wait()
            try:
                return int(self._plain.recv_into(space))
            except BlockingIOError:
                continue
        return 0

    def settimeout(self, seconds: float | None) -> None:
        """Set how long a browser may say nothing, or leave unread what is written."""
        self._socket.settimeout(seconds)

    def is_idle(self, queue: Any) -> bool:
        """Say whether everything that Engine.IO was to send has been written.

        Its writer takes a packet and writes it without letting anyone else run: with an empty queue and the lock in
        hand nothing is on its way.
        """
        return bool(queue.empty())

    def take_turns(self) -> None:
        """Let the other connections have their turn."""
        sleep(0)

    def stop(self) -> None:
        """Let the event loop forget this connection."""
        if self._readiness is not None:
            self._readiness.stop()

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(SHUT_WR)
        self._socket.close()

    def _write(self, parts: Parts) -> None:
        if self._plain is None:
            self._socket.sendall(b"".join(parts))
            return
        while parts:
            try:
                sent = self._plain.sendmsg(parts[:MOST_PARTS])
            except BlockingIOError:
                timeout = self._socket.gettimeout()
                trampoline(self._plain, write=True, timeout=timeout, timeout_exc=TimeoutError("timed out"))
            else:
                parts = unsent(parts, sent)
