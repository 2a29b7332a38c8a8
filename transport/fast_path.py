"""What a frame's fast path is made of: the event it takes, the bytes it answers with, and WebSocket framing."""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
CONTROL = 8
"""Opcodes from here on are control frames (RFC 6455, 5.5)."""
FINAL = 128
USUAL_ANSWER = b'{"ok":true}'

Take = Callable[[int, int, bytes], Mapping[str, Any]]
"""What a fast path hands a frame to: (sequence, capture time in ms, JPEG) to the payload of the acknowledgement."""


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


class Gathered:
    """A message that is already framed, written part by part without joining."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = parts


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
    """Return the text of a message; ValueError(1007, reason) unless it is UTF-8."""
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise ValueError(1007, "text is UTF-8") from error


def fast_paths_of(owner: Any) -> dict[tuple[str, str], FastPath]:
    """Return an Engine.IO connection's fast paths, by namespace and event; they outlive a change of transport."""
    paths: dict[tuple[str, str], FastPath] = vars(owner).setdefault("fast_paths", {})
    return paths
