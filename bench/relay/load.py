"""Simulated students and teachers for bench.relay: raw WebSockets in one thread, so that they cost little."""

import base64
import contextlib
import json
import os
import selectors
import socket
import struct
import time
from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np

import cy_frame

MASK = b"\x5a\x13\xc7\x88"
STAMP_AT = 6  # behind the start marker and the head of a comment segment
STAMP = struct.Struct("!Q")  # time.monotonic_ns() when the picture left
TEXT, BINARY, CLOSE = 1, 2, 8


def picture_of(size: int) -> bytes:
    """Return a JPEG of 320 x 240 and exactly so many bytes, with room for a time stamp."""
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    soft = cv2.GaussianBlur(noise, (9, 9), 0)
    for quality in range(90, 4, -5):
        jpeg = cv2.imencode(".jpg", soft, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        padding = size - len(jpeg) - 2 - 2 - STAMP.size
        if padding >= 0:
            break
    else:
        raise ValueError(f"no picture fits {size} bytes")
    comment = b"\xff\xfe" + struct.pack("!H", 2 + STAMP.size + padding) + bytes(STAMP.size + padding)
    return b"\xff\xd8" + comment + jpeg[2:]


def masked(opcode: int, payload: bytes) -> bytes:
    """Return a client's frame."""
    return masked_head(opcode, len(payload)) + cy_frame.unmask(payload, MASK)


def masked_head(opcode: int, size: int) -> bytes:
    """Return the header of a client's frame, its mask included."""
    if size < 126:
        return bytes((128 | opcode, 128 | size)) + MASK
    if size < 65536:
        return struct.pack("!BBH", 128 | opcode, 254, size) + MASK
    return struct.pack("!BBQ", 128 | opcode, 255, size) + MASK


class Connection:
    """One WebSocket to the server under test."""

    def __init__(self, port: int, path: str) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._data = bytearray()
        self._room = memoryview(bytearray(1 << 20))
        while b"\r\n\r\n" not in self._data:
            self.receive()
        head, _, rest = bytes(self._data).partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.decode())
        self._data = bytearray(rest)
        self._messages: deque[tuple[int, bytes]] = deque()

    def receive(self) -> None:
        """Take what the socket has."""
        count = self.sock.recv_into(self._room)
        if not count:
            raise ConnectionError("the server closed the connection")
        self._data += self._room[:count]

    def messages(self) -> list[tuple[int, bytes]]:
        """Return the whole messages received so far."""
        data, at, found = self._data, 0, []
        while len(data) - at >= 2:
            size, head = data[at + 1] & 127, 2
            if size >= 126:
                head = 4 if size == 126 else 10
                if len(data) - at < head:
                    break
                size = int.from_bytes(data[at + 2 : at + head], "big")
            if len(data) - at < head + size:
                break
            found.append((data[at] & 15, bytes(data[at + head : at + head + size])))
            at += head + size
        del data[:at]
        return found

    def expect(self, start: bytes) -> bytes:
        """Wait for a message with this beginning; answer what Engine.IO asks in between."""
        while True:
            while not self._messages:
                self._messages.extend(self.messages())
                if not self._messages:
                    self.receive()
            _, payload = self._messages.popleft()
            if payload.startswith(start):
                return payload

    def send(self, opcode: int, payload: bytes) -> None:
        """Send one message."""
        self.sock.sendall(masked(opcode, payload))


@dataclass
class Outcome:
    """What a load saw."""

    sent: int = 0
    acknowledged: int = 0
    delivered: int = 0
    skipped: int = 0  # pictures not sent because the last one was not acknowledged
    latencies: list[float] = field(default_factory=list)  # seconds

    def add(self, other: "Outcome") -> None:
        """Take in what another stretch of the same load saw."""
        self.sent += other.sent
        self.acknowledged += other.acknowledged
        self.delivered += other.delivered
        self.skipped += other.skipped
        self.latencies += other.latencies

    def percentile(self, share: float) -> float:
        """Return a percentile of the latencies in milliseconds."""
        return float(np.percentile(self.latencies, 100 * share)) * 1e3 if self.latencies else float("nan")


class Student:
    """Sends pictures, the next only when the last was acknowledged."""

    def __init__(self, port: int, picture: bytes, raw: bool) -> None:
        path = "/student" if raw else "/socket.io/?EIO=4&transport=websocket"
        self.connection = Connection(port, path)
        self.raw = raw
        self.free = True
        self._seq = 0
        self._hidden = bytearray(masked(BINARY, picture))
        self._stamp_at = len(self._hidden) - len(picture) + STAMP_AT
        self._mask = bytes(MASK[(STAMP_AT + i) % 4] for i in range(STAMP.size))
        if not raw:
            self.connection.expect(b"0")
            self.connection.send(TEXT, b"40/student,{}")
            self.connection.expect(b"40/student,")
        self.connection.sock.setblocking(False)

    def offer(self, outcome: Outcome) -> None:
        """Send a picture if the last one was acknowledged."""
        if not self.free:
            outcome.skipped += 1
            return
        self._seq += 1
        now = time.monotonic_ns()
        stamp = int.from_bytes(STAMP.pack(now)) ^ int.from_bytes(self._mask)
        self._hidden[self._stamp_at : self._stamp_at + STAMP.size] = stamp.to_bytes(STAMP.size)
        told = b""
        if not self.raw:
            numbers = (self._seq, self._seq, now // 1000)
            told = masked(TEXT, b'451-/student,%d["frame",%d,%d,{"_placeholder":true,"num":0}]' % numbers)
        send_all(self.connection.sock, told + self._hidden)
        self.free = False
        outcome.sent += 1

    def read(self, outcome: Outcome) -> None:
        """Take acknowledgements."""
        self.connection.receive()
        for opcode, payload in self.connection.messages():
            if payload == b"2":
                send_all(self.connection.sock, masked(TEXT, b"3"))
            elif opcode == TEXT and (payload == b"ok" or payload.startswith(b"43/student,")):
                self.free = True
                outcome.acknowledged += 1


class Teacher:
    """Takes pictures one by one or in ticks, and acknowledges ticks."""

    def __init__(self, port: int, raw: bool) -> None:
        path = "/teacher" if raw else "/socket.io/?EIO=4&transport=websocket"
        self.connection = Connection(port, path)
        if not raw:
            self.connection.expect(b"0")
            self.connection.send(TEXT, b"40/teacher,{}")
            self.connection.expect(b"40/teacher,")
        self.connection.sock.setblocking(False)
        self._sizes: list[int] | None = None
        self._ack = b""

    def read(self, outcome: Outcome) -> None:
        """Take pictures."""
        self.connection.receive()
        for opcode, payload in self.connection.messages():
            if opcode == BINARY:
                self._take(payload, outcome)
            elif payload == b"2":
                send_all(self.connection.sock, masked(TEXT, b"3"))
            elif payload.startswith(b"451-/teacher,"):
                self._announced(payload[13:])

    def say_alive(self) -> None:
        """Send a pong unasked: a page that draws nothing, on a connection that lives."""
        send_all(self.connection.sock, masked(TEXT, b"3"))

    def _announced(self, rest: bytes) -> None:
        start = rest.index(b"[")
        self._ack = rest[:start]
        event, *args = json.loads(rest[start:])
        self._sizes = [tile[3] for tile in args[0]["tiles"]] if event == "tiles" else None

    def _take(self, data: bytes, outcome: Outcome) -> None:
        now, at = time.monotonic_ns(), 0
        for size in self._sizes or [len(data)]:
            (sent,) = STAMP.unpack_from(data, at + STAMP_AT)
            outcome.latencies.append((now - sent) / 1e9)
            outcome.delivered += 1
            at += size
        if self._ack:
            send_all(self.connection.sock, masked(TEXT, b"43/teacher," + self._ack + b"[]"))
            self._ack = b""


def send_all(sock: socket.socket, data: bytes | bytearray) -> None:
    """Send everything on a socket that does not block; the kernel's buffer is almost always large enough."""
    view = memoryview(data)
    while view:
        try:
            view = view[sock.send(view) :]
        except BlockingIOError:
            time.sleep(0.0005)


class Crowd:
    """Students and teachers of one server, driven from one loop."""

    def __init__(self, port: int, students: int, teachers: int, size: int, raw: bool) -> None:
        picture = picture_of(size)
        self.teachers = [Teacher(port, raw) for _ in range(teachers)]
        self.students = [Student(port, picture, raw) for _ in range(students)]
        self._selector = selectors.DefaultSelector()
        self._people: list[Teacher | Student] = [*self.teachers, *self.students]
        for someone in self._people:
            self._selector.register(someone.connection.sock, selectors.EVENT_READ, someone)

    def ignore(self, teacher: Teacher) -> None:
        """Stop reading what one teacher gets."""
        self._selector.unregister(teacher.connection.sock)

    def run(self, seconds: float, rate: float) -> Outcome:
        """Send pictures at a rate for each student, evenly spread, and take what comes back."""
        outcome, start = Outcome(), time.monotonic()
        gap = 1 / (rate * len(self.students))
        due, turn = start, 0
        while (now := time.monotonic()) < start + seconds:
            while due <= now:
                self.students[turn % len(self.students)].offer(outcome)
                turn, due = turn + 1, due + gap
            self.attend(max(0.0, due - time.monotonic()), outcome)
        self.drain(outcome)
        return outcome

    def drain(self, outcome: Outcome) -> None:
        """Take what is still on its way."""
        until = time.monotonic() + 1.5
        while time.monotonic() < until and not all(student.free for student in self.students):
            self.attend(0.05, outcome)
        until = time.monotonic() + 0.25
        while time.monotonic() < until:
            self.attend(0.05, outcome)

    def attend(self, seconds: float, outcome: Outcome) -> None:
        """Handle what arrives within so many seconds."""
        for key, _ in self._selector.select(seconds):
            with contextlib.suppress(BlockingIOError):
                key.data.read(outcome)

    def close(self) -> None:
        """Let everybody go."""
        self._selector.close()
        for someone in self._people:
            someone.connection.sock.close()
