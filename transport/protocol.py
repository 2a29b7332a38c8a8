"""A browser's WebSocket without the socket: its bytes in, events and our own bytes out.

The core of both async modes: it knows no socket, no clock and no thread. Whoever has the socket reads into `space()`,
says `filled()`, takes `next_event()` until there is none, and writes `data_to_send()`. A frame of a fast path, which
comes as a text and a picture, is one event; every other message comes out in the order in which it came in.
"""

import json
import struct
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

from transport.fast_path import (
    BINARY,
    CLOSE,
    CONTROL,
    PING,
    PONG,
    TEXT,
    FastPath,
    Gathered,
    as_text,
    attachments_of,
    frame_head,
)

FIRST_ACK = 1_000_000_000
"""Numbers that Socket.IO's own count does not reach."""
NORMAL, BROKEN, GONE = 1000, 1002, 1006
STATUSES = frozenset({*range(1000, 1004), *range(1007, 1012), *range(3000, 5000)})
"""What a closing frame may name (RFC 6455, 7.4)."""


class Message(NamedTuple):
    """A message for Engine.IO."""

    data: str | bytes


class FastFrame(NamedTuple):
    """A picture that takes the fast path: where to, its number for the acknowledgement, its two numbers, its bytes."""

    path: FastPath
    ack: int
    first: int
    second: int
    data: bytes


class Acknowledged(NamedTuple):
    """The browser's answer to an event that `expect_acknowledgement` numbered."""

    acknowledged: Callable[..., object]
    answer: list[Any]


class Control(NamedTuple):
    """A ping or a pong, already answered."""

    opcode: int


class Ended(NamedTuple):
    """The connection is over for reading: the status it was closed with, 1006 where no closing frame was."""

    status: int


Event = Message | FastFrame | Acknowledged | Control | Ended


class Pending(NamedTuple):
    """The text half of a fast frame, whose picture is still to come."""

    path: FastPath
    ack: int
    first: int
    second: int
    text: bytes


class Protocol:
    """What one browser says; broken frames and used-up budgets end it, with the closing frame that they deserve."""

    def __init__(
        self, kernels: Any, limit: int, paths: dict[tuple[str, str], FastPath], charge: Callable[[], bool]
    ) -> None:
        """Read messages of up to `limit` bytes; `charge` says whether a control frame is within the budget."""
        self._reader = kernels.FrameReader(limit)
        self._parse = kernels.parse_lane_event
        self.space, self.filled = self._reader.space, self._reader.filled
        self._paths = paths
        self._charge = charge
        self._pending: Pending | None = None
        self._replay: deque[str | bytes] = deque()
        self._awaited: dict[bytes, Callable[..., object]] = {}
        self._ack_ids = count(FIRST_ACK)
        self._out: list[bytes] = []
        self._ended: Ended | None = None
        self.is_closed = False
        """Our closing frame was made: nothing may follow it."""

    def next_event(self) -> Event | None:
        """Return the next event, None until more bytes arrive; nothing follows `Ended`."""
        try:
            while self._ended is None:
                if self._replay:
                    return Message(self._replay.popleft())
                message = self._reader.next_message()
                if message is None:
                    return None
                event = self._read(*message)
                if event is not None:
                    return event
        except ValueError as error:  # (status, reason): what every reader of this package raises
            return self.fail(*error.args)
        return self._ended

    def data_to_send(self) -> list[bytes]:
        """Return the frames that the last events are to be answered with, and forget them."""
        parts, self._out = self._out, []
        return parts

    def fail(self, status: int, reason: str) -> Ended:
        """End the connection because of what the browser or the server did."""
        self._ended = Ended(status)
        self.close(status, reason)
        return self._ended

    def close(self, status: int | None = None, reason: str = "") -> None:
        """Make our closing frame, once; what the browser says from now on is not read."""
        self._ended = self._ended or Ended(status or NORMAL)
        if not self.is_closed:
            self.is_closed = True
            told = b"" if status is None else struct.pack("!H", status) + reason.encode()
            self._out += [frame_head(CLOSE, len(told)), told]

    def expect_acknowledgement(self, ack_prefix: str, acknowledged: Callable[..., object]) -> int:
        """Return a number for an event; what the browser answers to it comes out with `acknowledged`."""
        number = next(self._ack_ids)
        self._awaited[f"{ack_prefix}{number}".encode()] = acknowledged
        return number

    def let_go(self) -> None:
        """Give back the memory of a connection that is over."""
        self._ended = self._ended or Ended(GONE)
        self._reader = self._pending = None
        self.space = self.filled = None
        self._replay.clear()
        self._awaited.clear()
        self._paths.clear()

    # ------------------------------------------------------------------------------------ one message

    def _read(self, opcode: int, payload: bytes) -> Event | None:
        if opcode >= CONTROL:
            return self._control(opcode, payload)
        pending = self._pending
        if pending is not None:
            if opcode == BINARY or payload[:1] == b"4":  # Engine.IO's own ping or pong may come between the halves
                return self._second_half(pending, opcode, payload)
        elif opcode == TEXT:
            if self._paths and self._starts_frame(payload):
                return None
            if self._awaited and (answered := self._acknowledged(payload)) is not None:
                return answered
        return Message(payload if opcode == BINARY else as_text(payload))

    def _starts_frame(self, payload: bytes) -> bool:
        for path in self._paths.values():
            found = self._parse(payload, path.prefix, path.head)
            if found is not None:
                self._pending = Pending(path, found[0], found[1], found[2], payload)
                return True
        return False

    def _second_half(self, pending: Pending, opcode: int, payload: bytes) -> Event:
        self._pending = None
        if opcode == BINARY and pending.path.is_open:
            return FastFrame(pending.path, pending.ack, pending.first, pending.second, payload)
        self._replay.append(payload if opcode == BINARY else as_text(payload))
        return Message(as_text(pending.text))

    def _acknowledged(self, payload: bytes) -> Acknowledged | None:
        head, bracket, rest = payload.partition(b"[")
        if head not in self._awaited:
            return None
        try:
            answer = json.loads(bracket + rest)
        except ValueError as error:
            raise ValueError(BROKEN, "an acknowledgement that is not JSON") from error
        return Acknowledged(self._awaited.pop(head), answer)

    def _control(self, opcode: int, payload: bytes) -> Event:
        if not self._charge():
            self._ended = Ended(GONE)  # whoever counts has closed the connection
            return self._ended
        if opcode == CLOSE:
            return self.fail(close_status(payload), "")
        if opcode == PING and not self.is_closed:
            self._out += [frame_head(PONG, len(payload)), payload]
        return Control(opcode)


class Outgoing:
    """What Engine.IO says to one browser: an event waits for its attachments, so that both leave in one write."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self.due = 0
        """Attachments that are still to come before what is held may leave."""

    def parts_of(self, message: str | bytes | Gathered) -> list[bytes]:
        """Return what is to be written now that this message is to be sent; empty while attachments are due."""
        if isinstance(message, Gathered):
            self._held += message.parts
        elif isinstance(message, str):
            text = message.encode()
            self._held += [frame_head(TEXT, len(text)), text]
            self.due += attachments_of(message)
        else:
            self._held += [frame_head(BINARY, len(message)), message]
            self.due = max(0, self.due - 1)
        if self.due:
            return []
        parts, self._held = self._held, []
        return parts


def close_status(payload: bytes) -> int:
    """Return the status of a browser's closing frame; ValueError(1002, reason) for one that may not be."""
    if len(payload) < 2:
        return BROKEN if payload else NORMAL
    status = int.from_bytes(payload[:2], "big")
    if status not in STATUSES:
        raise ValueError(BROKEN, "no status of a closing frame")
    try:
        payload[2:].decode()
    except UnicodeDecodeError as error:
        raise ValueError(BROKEN, "the reason of a closing frame is UTF-8") from error
    return status
