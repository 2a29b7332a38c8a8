"""How messages cross to a process of ours: two 32-bit big-endian lengths, then that many bytes of JSON and of body."""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

LENGTHS = struct.Struct(">II")
MAX_HEADER, MAX_BODY = 1 << 18, 1 << 20  # bytes

M = TypeVar("M")

_as_json = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps would make an encoder for each message


class MessageError(ValueError):
    """The other side sent what no version of ours sends; the connection cannot be trusted any more."""


def pack(fields: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return the bytes of one message; MessageError when it is larger than anybody takes."""
    return b"".join(pack_parts(fields, body))


def pack_parts(fields: Mapping[str, Any], body: bytes = b"") -> tuple[bytes, bytes]:
    """Return the bytes of one message in two parts, the second being the body as it is."""
    header = _as_json(fields).encode()
    if len(header) > MAX_HEADER or len(body) > MAX_BODY:
        raise MessageError(f"message too large: {len(header)} + {len(body)} bytes")
    return LENGTHS.pack(len(header), len(body)) + header, body


class Cutter(Generic[M]):
    """Cuts a stream of bytes into messages, however the bytes arrive; `decode` makes one of its fields and body."""

    def __init__(self, decode: Callable[[Mapping[str, Any], bytes], M]) -> None:
        self._decode = decode
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[M]:
        """Yield every message that is complete now.

        Raises:
            MessageError: a length beyond the limits, or what `decode` raises.
        """
        self._buffer += data
        while (parts := self._next()) is not None:
            yield self._decode(*parts)

    def _next(self) -> tuple[dict[str, Any], bytes] | None:
        if len(self._buffer) < LENGTHS.size:
            return None
        header, body = LENGTHS.unpack_from(self._buffer)
        if header > MAX_HEADER or body > MAX_BODY:
            raise MessageError(f"lengths {header} and {body} are beyond the limits")
        middle, end = LENGTHS.size + header, LENGTHS.size + header + body
        if len(self._buffer) < end:
            return None
        parts = _fields(bytes(self._buffer[LENGTHS.size : middle])), bytes(self._buffer[middle:end])
        del self._buffer[:end]
        return parts


def _fields(header: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(header)
    except ValueError as error:
        raise MessageError(f"unreadable message: {error}") from error
    if not isinstance(fields, dict):
        raise MessageError("a message is an object")
    return fields
