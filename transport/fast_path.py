"""What a frame lane is made of: the event it takes, the bytes it answers with, and WebSocket framing."""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from engineio.packet import MESSAGE, Packet
from eventlet.websocket import FailedConnectionError

TEXT, BINARY, CONTROL = 1, 2, 8
FINAL = 128
USUAL_ANSWER = b'{"ok":true}'

Take = Callable[[int, int, bytes], Mapping[str, Any]]
"""What a lane hands a frame to: (sequence, capture time in ms, JPEG) to the payload of the acknowledgement."""


class FastPath:
    """One kind of event of one connection, and the callable that takes it."""

    def __init__(self, namespace: str, event: str, take: Take) -> None:
        place = "" if namespace == "/" else f"{namespace},"
        self.prefix = f"451-{place}".encode()
        self.head = f"[{json.dumps(event)},".encode()
        self.ack_prefix = f"43{place}".encode()
        self.take = take
        self.is_open = True

    def answer(self, ack: int, answer: Mapping[str, Any]) -> bytes:
        """Return the acknowledgement of one frame as the text of an Engine.IO message."""
        is_usual = len(answer) == 1 and answer.get("ok") is True
        told = USUAL_ANSWER if is_usual else json.dumps(answer, separators=(",", ":")).encode()
        return b"%b%d[%b]" % (self.ack_prefix, ack, told)


class Pending(NamedTuple):
    """The text half of a lane's event, whose picture is still to come."""

    lane: FastPath
    ack: int
    first: int
    second: int
    text: bytes


class Gathered:
    """A message that is already framed, written part by part without joining."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts


class GatheredPacket(Packet):
    """Carries a Gathered message through an Engine.IO queue, for when it must wait for its turn."""

    def __init__(self, parts: list[bytes]) -> None:
        super().__init__(MESSAGE, data="gathered")
        self.encode_cache = Gathered(parts)


def frame_head(opcode: int, size: int) -> bytes:
    """Return the header of an unfragmented, unmasked frame (RFC 6455, 5.2)."""
    if size < 126:
        return bytes((FINAL | opcode, size))
    if size < 65536:
        return struct.pack("!BBH", FINAL | opcode, 126, size)
    return struct.pack("!BBQ", FINAL | opcode, 127, size)


def attachments_of(text: str) -> int:
    """Return how many binary messages follow this Engine.IO message (Socket.IO types 5 and 6)."""
    if text[:2] not in {"45", "46"}:
        return 0
    count = text[2:12].partition("-")[0]
    return int(count) if count.isdigit() else 0


def unsent(parts: Sequence[bytes | memoryview], sent: int) -> list[bytes | memoryview]:
    """Return what is left of some parts after the first so many bytes were written."""
    for index, part in enumerate(parts):
        if sent < len(part):
            return [memoryview(part)[sent:], *parts[index + 1 :]]
        sent -= len(part)
    return []


def as_text(payload: bytes) -> str:
    """Return the text of a message; FailedConnectionError 1007 unless it is UTF-8."""
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise FailedConnectionError(1007, "Text data must be valid utf-8") from error


def fast_paths_of(owner: Any) -> dict[tuple[str, str], FastPath]:
    """Return the lanes of an Engine.IO connection, by namespace and event; they outlive a change of transport."""
    lanes: dict[tuple[str, str], FastPath] = vars(owner).setdefault("lanes", {})
    return lanes
