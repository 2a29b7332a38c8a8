"""The Python twins of cy_frame's WebSocket loops: the specification, and what runs where nothing was compiled."""

import re
from functools import lru_cache

CONTROL, FINAL = 8, 128
RESERVED = 0x70
OPCODES = frozenset({0, 1, 2, 8, 9, 10})
LEAST_ROOM, USUAL_ROOM = 8192, 65536  # bytes: what a read may take at first, and once pictures come


def unmask(payload: bytes, mask: bytes, offset: int = 0) -> bytes:
    """Return payload XORed with the repeated 4-byte mask, of which the first offset bytes were used before."""
    if len(mask) != 4:
        raise ValueError("a WebSocket mask has 4 bytes")
    size, turn = len(payload), offset % 4
    key = (bytes(mask[turn:] + mask[:turn]) * (size // 4 + 1))[:size]
    # one XOR of two very long numbers: the fastest that the standard library can do
    return (int.from_bytes(payload, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class FrameReader:
    """Cuts the bytes a browser sends into unmasked WebSocket messages; ValueError(close status, reason) when broken."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = bytearray()
        self._room = memoryview(bytearray(LEAST_ROOM))
        self._fragments: list[bytes] = []
        self._kept = 0
        self._fragment_opcode = 0

    def space(self) -> memoryview:
        """Return the memory that the next bytes from the socket go to."""
        return self._room

    def filled(self, count: int) -> None:
        """Say how many bytes were written to space()."""
        if not 0 <= count <= len(self._room):
            raise ValueError("more bytes than there was room for")
        self._bytes += self._room[:count]
        if count == len(self._room) < USUAL_ROOM:
            self._room = memoryview(bytearray(2 * count))

    def next_message(self) -> tuple[int, bytes] | None:
        """Return the next (opcode, payload), or None until more bytes arrive."""
        while (frame := self._next_frame()) is not None:
            first, payload = frame
            opcode = first & 15
            if opcode >= CONTROL or (opcode and first & FINAL):
                return opcode, payload
            self._fragment_opcode = opcode or self._fragment_opcode
            if payload:  # empty fragments cost nothing, however many there are
                self._fragments.append(payload)
                self._kept += len(payload)
            if first & FINAL:
                whole = self._fragment_opcode, b"".join(self._fragments)
                self._fragments, self._fragment_opcode, self._kept = [], 0, 0
                return whole
        return None

    def _next_frame(self) -> tuple[int, bytes] | None:
        data = self._bytes
        if len(data) < 2:
            return None
        self._check_start(data[0], data[1])
        length, at = data[1] & 127, 2
        if length >= 126:
            at = 4 if length == 126 else 10
        if len(data) < at + 4:
            return None
        if at > 2:
            length = int.from_bytes(data[2:at], "big")
        kept = 0 if data[0] & CONTROL else self._kept
        if length > self._limit - kept:
            raise ValueError(1009, "message too big")
        end = at + 4 + length
        if len(data) < end:
            return None
        frame = data[0], unmask(bytes(data[at + 4 : end]), bytes(data[at : at + 4]))
        del data[:end]
        return frame

    def _check_start(self, first: int, second: int) -> None:
        opcode = first & 15
        if first & RESERVED:
            raise ValueError(1002, "reserved bits set")
        if opcode not in OPCODES:
            raise ValueError(1002, "unknown opcode")
        if not second & 128:
            raise ValueError(1002, "client frames are masked")
        if opcode >= CONTROL:
            if not first & FINAL or second & 127 > 125:
                raise ValueError(1002, "control frames are short and whole")
        elif (opcode == 0) != (self._fragment_opcode != 0):
            raise ValueError(1002, "fragments out of order")


@lru_cache(maxsize=16)
def lane_pattern(prefix: bytes, head: bytes) -> re.Pattern[bytes]:
    """Return the pattern of one lane's event: ack id, two whole numbers of up to 15 digits, one attachment."""
    number = rb"(0|[1-9][0-9]{0,14})"
    tail = re.escape(b',{"_placeholder":true,"num":0}]')
    return re.compile(re.escape(prefix) + number + re.escape(head) + number + b"," + number + tail)


def parse_lane_event(payload: bytes, prefix: bytes, head: bytes) -> tuple[int, int, int] | None:
    """Return (ack id, first, second) of a Socket.IO event with two whole numbers and one attachment, else None."""
    found = lane_pattern(prefix, head).fullmatch(payload)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
