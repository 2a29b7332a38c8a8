"""A browser's connection in a thread of its own: the system waits, and wakes who reads when the connection is cut."""

import contextlib
import selectors
import ssl
import struct
import sys
from queue import Queue
from socket import SHUT_WR, SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET, SocketType
from threading import Lock
from typing import Any

from transport.fast_path import unsent
from transport.wire import GONE, MOST_PARTS, Parts, Wire

POLL: Any = getattr(selectors, "PollSelector", selectors.SelectSelector)
"""Takes file numbers beyond 1024 where the system can, and needs no file of its own."""


class WriterQueue(Queue[Any]):
    """Engine.IO's queue of packets, which knows whether its one writer has written all that it took."""

    _is_writing = False

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Return the next packet; whoever waits for one has written those before."""
        if block:
            with self.mutex:
                self._is_writing = False
        return super().get(block, timeout)

    def _get(self) -> Any:
        self._is_writing = True
        return super()._get()

    def is_idle(self) -> bool:
        """Say whether nothing waits and nothing is being written."""
        with self.mutex:
            return not self._is_writing and not self._qsize()


class ThreadWire(Wire):
    """A blocking socket without TLS; timeouts are the system's, so that each read and write is one call."""

    def __init__(self, sock: Any) -> None:
        super().__init__(sock, Lock())
        sock.settimeout(None)
        self._gathers = hasattr(sock, "sendmsg")

    def receive(self, space: memoryview) -> int:
        """Wait for bytes and return how many came, 0 at the end; TimeoutError after too long a silence."""
        try:
            return int(self._socket.recv_into(space))
        except BlockingIOError as error:
            raise TimeoutError("timed out") from error
        except OSError as error:
            if error.errno in GONE:
                return 0
            raise

    def settimeout(self, seconds: float | None) -> None:
        """Set how long a browser may say nothing, or leave unread what is written."""
        whole, fraction = divmod(seconds or 0.0, 1.0)  # none is 0 for the system
        told = struct.pack("ll", int(whole), int(fraction * 1e6))
        if sys.platform == "win32":
            told = struct.pack("L", int(1000 * (seconds or 0.0)))
        for option in (SO_RCVTIMEO, SO_SNDTIMEO):
            self._socket.setsockopt(SOL_SOCKET, option, told)

    def is_idle(self, queue: WriterQueue) -> bool:
        """Say whether everything that Engine.IO was to send has been written."""
        return queue.is_idle()

    def take_turns(self) -> None:
        """Do nothing: threads take their turns by themselves."""

    def stop(self) -> None:
        """Do nothing: who reads is woken by what the browser answers, or by its silence."""

    def _hang_up(self) -> None:
        # The reader ends by what the browser answers, or by its silence; the thread that serves it closes the socket.
        with contextlib.suppress(OSError):
            SocketType.shutdown(self._socket, SHUT_WR)  # past TLS, whose own would disturb the reader

    def _write(self, parts: Parts) -> None:
        if not self._gathers:  # on Windows
            self._socket.sendall(b"".join(parts))
            return
        while parts:
            try:
                sent = self._socket.sendmsg(parts[:MOST_PARTS])
            except BlockingIOError as error:
                raise TimeoutError("timed out") from error
            parts = unsent(parts, sent)


class TlsThreadWire(ThreadWire):
    """A socket with TLS, whose state may not be read and written at the same time: one waits outside of its lock."""

    def __init__(self, sock: Any) -> None:
        super().__init__(sock)
        sock.setblocking(False)
        self._state = Lock()
        self._timeout: float | None = None

    def receive(self, space: memoryview) -> int:
        """Wait for bytes and return how many came, 0 at the end; TimeoutError after too long a silence."""
        try:
            return self._when_ready(self._socket.recv_into, space)
        except ssl.SSLError:
            return 0  # the browser ended it halfway, or we did
        except OSError as error:
            if error.errno in GONE:
                return 0
            raise

    def settimeout(self, seconds: float | None) -> None:
        """Set how long a browser may say nothing, or leave unread what is written."""
        self._timeout = seconds

    def _write(self, parts: Parts) -> None:
        left = memoryview(b"".join(parts))
        while left:
            left = left[self._when_ready(self._socket.send, left) :]

    def _when_ready(self, call: Any, data: memoryview) -> int:
        while True:
            try:
                with self._state:
                    return int(call(data))
            except ssl.SSLWantReadError:
                self._wait(selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE)

    def _wait(self, event: int) -> None:
        with POLL() as poll:
            poll.register(self._socket, event)
            if not poll.select(self._timeout):
                raise TimeoutError("timed out")
