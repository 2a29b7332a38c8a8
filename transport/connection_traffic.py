"""What one connection may send and have waiting, whatever it sends: packets, bytes, and what it does not read."""

import contextlib
import socket
from collections.abc import Callable
from typing import Any

from core.rate_limit import Bucket

JOIN = "0"
"""A Socket.IO packet that asks for a namespace."""
PONG, CLOSE, MESSAGE = "3", "1", "4"
SOCKET_IO_TYPES = frozenset("012356")

PACKETS_A_SECOND, MOST_PACKETS = 120.0, 600
"""More than every budget of rooms/protocol/limits.py together lets through; the second for a network that was gone."""
ALONE_COST = 10.0
"""Of a packet from a connection that has joined nothing: it has next to nothing to say."""
MOST_JOIN = 8 * 1024
"""Characters of a packet that asks for a namespace; its ticket has a few hundred."""
BYTES_A_SECOND, MOST_BYTES = 5 * 1024**2, 12 * 1024**2
"""Fifteen of the largest frames a second, and sound."""
TEXT_COST = 4
"""Of a byte of text in bytes: it is parsed, and its parts become objects."""

FEW_WAITING = 32
"""Packets that may always wait to be read, whatever they weigh."""
MOST_WAITING, MOST_WAITING_BYTES = 500, 512 * 1024
"""For a student or a phone, beyond which the client is taken for one that does not read."""
TEACHERS_SHARE = 8
"""A teacher is told what happens to each student of a room."""


class GuardedSocket:
    """A WebSocket as Engine.IO uses it, of which each message is checked before Engine.IO reads it."""

    def __init__(self, ws: Any, may_pass: Callable[[str | bytes], bool], pause: Callable[[], None]) -> None:
        self._ws = ws
        self._may_pass = may_pass
        self._pause = pause
        self._has_spoken = False
        self.send, self.close = ws.send, ws.close
        if hasattr(ws, "socket"):
            self.socket = ws.socket  # on which Engine.IO sets its timeout

    def wait(self) -> str | bytes | None:
        """Return the next message, None once the connection is over or has sent what ends it."""
        if self._has_spoken:
            self._pause()  # one read may bring a hundred messages: others get their turn between two of them
        self._has_spoken = True
        data: str | bytes | None = self._ws.wait()
        return data if data is not None and self._may_pass(data) else None


class Traffic:
    """How much one connection has sent lately, and since when it belongs to no namespace."""

    __slots__ = ("_alone_since", "_bytes", "_has_joined", "_packets", "joins", "ws")

    def __init__(self, now: float) -> None:
        self._packets = Bucket(PACKETS_A_SECOND, MOST_PACKETS, now)
        self._bytes = Bucket(BYTES_A_SECOND, MOST_BYTES, now)
        self._alone_since: float | None = now
        self._has_joined = False
        self.joins = 0
        self.ws: Any = None

    def fault_in(self, data: str | bytes, is_alone: bool) -> str:
        """Say what is wrong with a message as the outermost protocol sees it; an empty text for nothing."""
        self._has_joined = self._has_joined or not is_alone
        is_text = isinstance(data, str)
        if is_text and data in (PONG, CLOSE):
            return ""
        if is_text and (data[:1] != MESSAGE or data[1:2] not in SOCKET_IO_TYPES):
            return "no packet of Socket.IO"
        if is_text and data[1:2] == JOIN:
            return "a join as large as no ticket" if len(data) > MOST_JOIN else ""
        return "" if self._has_joined else "an event before joining"

    def overrun(self, data: str | bytes, is_alone: bool, now: float) -> str:
        """Count a message and say what it was too much of; an empty text for nothing."""
        if self._packets.take(now, ALONE_COST if is_alone else 1.0) > 0.0:
            return "too many packets"
        weight = len(data) * (TEXT_COST if isinstance(data, str) else 1)
        return "too many bytes" if self._bytes.take(now, weight) > 0.0 else ""

    def alone_for(self, is_alone: bool, now: float) -> float:
        """Return for how many seconds the connection has belonged to no namespace, as far as was looked."""
        if not is_alone:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
        return 0.0 if self._alone_since is None else now - self._alone_since

    def drop(self, queue: Any) -> None:
        """Let go of what a client that is behind will never read, and of the writer that waits for it."""
        if queue.qsize() < FEW_WAITING:
            return
        queue.queue.clear()
        queue.put(None)
        raw = getattr(self.ws, "socket", None) or getattr(getattr(self.ws, "ws", None), "sock", None)
        if raw is not None:
            with contextlib.suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)


def is_behind(queue: Any, is_teacher: Callable[[], bool]) -> bool:
    """Say whether too much waits to be read; grid ticks weigh nothing, the relay keeps one of them on its way."""
    waiting = queue.qsize()
    if waiting < FEW_WAITING:
        return False
    share = TEACHERS_SHARE if is_teacher() else 1
    if waiting > MOST_WAITING * share:
        return True
    weight = sum(len(packet.data) for packet in tuple(queue.queue) if packet and isinstance(packet.data, str | bytes))
    return weight > MOST_WAITING_BYTES * share
