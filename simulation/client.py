"""The smallest Socket.IO client that many simulated people can share one process with: asyncio, WebSocket only.

It speaks Engine.IO 4 and Socket.IO 5 as far as docs/protocol.md needs them: one namespace a connection, events and
acknowledgements with or without one binary attachment.
"""

import asyncio
import base64
import json
import os
import ssl
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from transport import _websocket_py

try:
    import cy_frame

    unmask: Callable[[bytes, bytes, int], bytes] = cy_frame.unmask
except ImportError:  # not built: the Python twin does the same, slower
    unmask = _websocket_py.unmask

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
ANSWER_S = 20.0
MOST_UNSENT = 1 << 20  # bytes; beyond it the server does not read, and a camera drops pictures

Hear = Callable[[str, list[Any]], Any]
"""Called with an event's name and arguments; what it returns is the acknowledgement, if one was asked for."""


def as_json(value: Any) -> str:
    """Write a value as a browser does, without spaces: frames written otherwise miss the server's fast path."""
    return json.dumps(value, separators=(",", ":"))


class Refused(Exception):
    """The server does not let this client in; `code` is the error's, as docs/protocol.md lists them."""

    def __init__(self, told: Any) -> None:
        super().__init__(str(told))
        error = told.get("data") if isinstance(told, dict) else None
        self.code = str(error.get("code", "?")) if isinstance(error, dict) else "?"


class Gone(ConnectionError):
    """The connection ended while an answer was awaited."""


class WebSocket(asyncio.Protocol):
    """The client's side of RFC 6455 after its handshake; whole messages go to `take`."""

    def __init__(self, host: str, take: Callable[[int, bytes], None], lost: Callable[[], None]) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._host, self._take, self._lost = host, take, lost
        self._data = bytearray()
        self._transport: Any = None
        self._mask = os.urandom(4)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        asked = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", f"Host: {self._host}", "Upgrade: websocket"
        more = "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"
        self._transport.write("\r\n".join([*asked, *more, "", ""]).encode())

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever waits."""
        if not self.opened.done():
            self.opened.set_exception(Gone("the server hung up"))
        self._lost()

    def data_received(self, data: bytes) -> None:
        """Take what came, and hand over each message that is whole."""
        self._data += data
        if not self.opened.done() and not self._is_open():
            return
        while (message := self._next()) is not None:
            self._take_frame(*message)

    def send(self, opcode: int, *parts: bytes) -> None:
        """Send messages of one kind each: the first with this opcode, all others binary."""
        codes = [opcode, *[BINARY] * (len(parts) - 1)]
        self._transport.write(b"".join(self._frame(code, part) for code, part in zip(codes, parts, strict=True)))

    def unsent(self) -> int:
        """Return how many bytes wait because the server does not read."""
        return int(self._transport.get_write_buffer_size())

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def _is_open(self) -> bool:
        head, end, rest = bytes(self._data).partition(b"\r\n\r\n")
        if not end:
            return False
        self._data = bytearray(rest)
        if b" 101 " in head.split(b"\r\n")[0]:
            self.opened.set_result(None)
            return True
        self.opened.set_exception(Gone(head.split(b"\r\n")[0].decode("latin-1")))
        self.close()
        return False

    def _next(self) -> tuple[int, bytes] | None:
        data = self._data
        if len(data) < 2:
            return None
        size, head = data[1] & 127, 2
        if size > 125:
            head = 4 if size == 126 else 10
            size = int.from_bytes(data[2:head], "big") if len(data) >= head else 1 << 62
        if len(data) < head + size:
            return None
        message = data[0] & 15, bytes(data[head : head + size])
        del data[: head + size]
        return message

    def _take_frame(self, opcode: int, payload: bytes) -> None:
        if opcode == CLOSE:
            self.close()
        elif opcode == PING:
            self.send(PONG, payload)
        else:
            self._take(opcode, payload)

    def _frame(self, opcode: int, payload: bytes) -> bytes:
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", 128 | opcode, 128 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 128 | opcode, 254, size)
        else:
            head = struct.pack("!BBQ", 128 | opcode, 255, size)
        return head + self._mask + unmask(payload, self._mask, 0)


class Client:
    """One Socket.IO connection to one namespace."""

    def __init__(self, namespace: str, hear: Hear) -> None:
        self.namespace = namespace
        self.closed = asyncio.Event()
        self._hear = hear
        self._socket: WebSocket | None = None
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._asked = 0
        self._half: list[Any] | None = None
        self._auth = ""

    async def connect(self, url: str, ticket: str) -> "Client":
        """Connect, or raise Refused with the server's error, or ConnectionError where there is no server."""
        place = urlsplit(url)
        self._auth = as_json({"ticket": ticket})
        loop = asyncio.get_running_loop()
        _, self._socket = await loop.create_connection(
            lambda: WebSocket(place.netloc, self._take, self._lost),
            place.hostname or "127.0.0.1",
            place.port or (443 if place.scheme == "https" else 80),
            ssl=_any_certificate() if place.scheme == "https" else None,
        )
        try:
            await asyncio.wait_for(self._socket.opened, ANSWER_S)
            await asyncio.wait_for(self._connected, ANSWER_S)
        except BaseException:
            self.close()
            raise
        return self

    def ask(
        self, event: str, *arguments: Any, attachment: bytes | None = None, held_as: str | None = None
    ) -> "asyncio.Future[Any]":
        """Send an event and return what will be its acknowledgement.

        `attachment` becomes its last argument, or with `held_as` the field of that name in its one argument.
        """
        self._asked += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[self._asked] = answer
        if self._socket is None or self.closed.is_set():
            answer.set_exception(Gone("not connected"))
            return answer
        if attachment is None:
            text = f"42{self.namespace},{self._asked}{as_json([event, *arguments])}"
            self._socket.send(TEXT, text.encode())
        else:
            place = {"_placeholder": True, "num": 0}
            said = [event, {**arguments[0], held_as: place}] if held_as else [event, *arguments, place]
            text = f"451-{self.namespace},{self._asked}{as_json(said)}"
            self._socket.send(TEXT, text.encode(), attachment)
        return answer

    def tell(self, event: str, payload: Any) -> None:
        """Send an event that nobody acknowledges."""
        self._send(f"42{self.namespace},{as_json([event, payload])}")

    def is_choked(self) -> bool:
        """Say whether the server has stopped reading."""
        return self._socket is not None and self._socket.unsent() > MOST_UNSENT

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()

    def _lost(self) -> None:
        self.closed.set()
        for future in [self._connected, *self._answers.values()]:
            if not future.done():
                future.set_exception(Gone("the connection ended"))
                future.exception()  # nobody may wait for it any more
        self._answers.clear()

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == BINARY and self._half is not None:
            packet, self._half = self._half, None
            self._heard(packet[0], packet[1], [*packet[2][:-1], payload])
            return
        text = payload.decode()
        if text[:1] == "0":
            self._send(f"40{self.namespace},{self._auth}")
        elif text[:1] == "2":
            self._send("3" + text[1:])
        elif text[:1] == "4":
            self._take_packet(text[1:])
        elif text[:1] == "1":
            self.close()

    def _take_packet(self, text: str) -> None:
        kind, ack, body = _parse(text, self.namespace)
        if kind == "0" and not self._connected.done():
            self._connected.set_result(None)
        elif kind == "4" and not self._connected.done():
            self._connected.set_exception(Refused(body))
        elif kind == "1":
            self.close()
        elif kind in "56":
            self._half = [kind, ack, body]
        elif kind in "23":
            self._heard(kind, ack, body)

    def _heard(self, kind: str, ack: int | None, body: list[Any]) -> None:
        if kind in "36":
            answer = self._answers.pop(ack or 0, None)
            if answer is not None and not answer.done():
                answer.set_result(body[0] if body else None)
            return
        told = self._hear(body[0], body[1:])
        if ack is not None:
            self._send(f"43{self.namespace},{ack}{as_json([] if told is None else [told])}")

    def _send(self, text: str) -> None:
        if self._socket is not None:
            self._socket.send(TEXT, text.encode())


def _parse(text: str, namespace: str) -> tuple[str, int | None, Any]:
    """Return kind, acknowledgement number and body of a Socket.IO packet of our namespace."""
    kind, rest = text[0], text[1:]
    if kind in "56":
        rest = rest.partition("-")[2]
    rest = rest.removeprefix(namespace).removeprefix(",")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return kind, int(rest[:digits]) if digits else None, json.loads(rest[digits:]) if rest[digits:] else None


def _any_certificate() -> ssl.SSLContext:
    # Simulated people meet servers with certificates of their own making, on this machine.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
