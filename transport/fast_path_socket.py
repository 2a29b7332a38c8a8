"""A WebSocket for eventlet that reads in large pieces, writes without joining, and has a fast lane for frames.

A frame is a Socket.IO event with two whole numbers and one picture. Where a lane is open for it, it goes from the
socket to the lane's callable and its acknowledgement straight back, past Engine.IO and Socket.IO. Every other message
takes the usual way, in the order in which it came.
"""

import errno
import json
import logging
import socket as stdlib_socket
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from engineio.exceptions import SocketIsClosedError
from engineio.packet import MESSAGE, Packet
from eventlet import sleep
from eventlet.greenio import GreenSocket
from eventlet.hubs import IOClosed, trampoline
from eventlet.websocket import ConnectionClosedError, FailedConnectionError, RFC6455WebSocket

from transport.fast_path import (
    BINARY,
    CONTROL,
    TEXT,
    Gathered,
    GatheredPacket,
    Pending,
    as_text,
    attachments_of,
    fast_paths_of,
    frame_head,
    unsent,
)
from transport.readiness import Readiness

MOST_IN_A_ROW = 16  # messages of one client that are taken before anybody else gets a turn
MOST_PARTS = 512  # in one write; Linux and macOS take 1024
FIRST_ACK = 1_000_000_000  # numbers that Socket.IO's own count does not reach
GONE = {errno.ECONNRESET, errno.EPIPE, errno.ESHUTDOWN, errno.EBADF, errno.ENOTCONN}
SERVER_ERROR = {"error": {"code": "server_error", "text": "Something went wrong on the server."}}


class FastPathSocket(RFC6455WebSocket):
    """One browser's WebSocket as Engine.IO sees it, with lanes; made from the stock one after its handshake."""

    def __init__(self, stock: RFC6455WebSocket, owner: Any, kernels: Any, logger: logging.Logger) -> None:
        super().__init__(
            stock.socket,
            stock.environ,
            stock.version,
            protocol=stock.protocol,
            max_frame_length=stock.max_frame_length,
        )
        plain = type(stock.socket) is GreenSocket
        self._plain: Any = stock.socket.fd if plain else None
        self._readiness = Readiness(stock.socket) if plain else None
        self._owner = owner
        self._lanes = fast_paths_of(owner)
        self._reader = kernels.FrameReader(stock.max_frame_length)
        self._parse = kernels.parse_lane_event
        self._logger = logger
        self._pending: Pending | None = None
        self._replay: deque[str | bytes] = deque()
        self._held: list[bytes] = []
        self._attachments_due = 0
        self._over = False
        self._in_a_row = 0
        self._awaited: dict[bytes, Callable[..., object]] = {}
        self._ack_ids = count(FIRST_ACK)

    # ------------------------------------------------------------------------------------ reading

    def wait(self) -> str | bytes | None:
        """Return the next message for Engine.IO, None once the connection is over."""
        if self._over:
            return None
        try:
            return self._next()
        except FailedConnectionError as error:
            self._over = True
            self.close(close_data=(error.status, error.message))
        except (ConnectionClosedError, IOClosed):
            self._over = True
        except Exception:
            self._over = True
            self.close(close_data=(1011, "Internal Server Error"))
            raise
        self.stop_reading()
        return None

    def stop_reading(self) -> None:
        """Let the event loop forget this connection."""
        if self._readiness is not None:
            self._readiness.stop()

    def let_go(self) -> None:
        """Give back the memory of a connection that is over, which Engine.IO's timers would keep for a while."""
        self._over = True
        self.stop_reading()
        self._reader = self._pending = None
        self._replay.clear()
        self._held.clear()
        self._awaited.clear()
        self._lanes.clear()
        self.environ: dict[str, Any] = {}
        vars(self._owner).pop("lane_socket", None)

    def close(self, close_data: tuple[int, str] | None = None) -> None:
        """Close the connection from our side."""
        self.stop_reading()
        super().close(close_data=close_data)

    def expect_acknowledgement(self, ack_prefix: str, acknowledged: Callable[..., object]) -> int:
        """Return a number for an event; `acknowledged` is called with what the client answers to it."""
        number = next(self._ack_ids)
        self._awaited[f"{ack_prefix}{number}".encode()] = acknowledged
        return number

    def _next(self) -> str | bytes:
        while True:
            if self._replay:
                return self._replay.popleft()
            message = self._next_message()
            if message is None:
                self._receive()
                continue
            self._take_turns()
            opcode, payload = message
            if opcode >= CONTROL:
                self._charge_control()
                self._handle_control_frame(opcode, payload)
            elif not self._takes(opcode, payload):
                return payload if opcode == BINARY else as_text(payload)

    def _take_turns(self) -> None:
        # one read may bring a thousand small messages, and the lanes do not wait in between
        self._in_a_row = (self._in_a_row + 1) % MOST_IN_A_ROW
        if self._in_a_row == 0:
            sleep(0)

    def _charge_control(self) -> None:
        charge = getattr(self._owner, "charge", None)
        if charge is not None and not charge():
            raise ConnectionClosedError

    def _next_message(self) -> tuple[int, bytes] | None:
        try:
            message: tuple[int, bytes] | None = self._reader.next_message()
        except ValueError as error:
            raise FailedConnectionError(*error.args) from error
        return message

    def _receive(self) -> None:
        space = self._reader.space()
        received = self.socket.recv_into(space) if self._readiness is None else self._receive_plain(space)
        if not received:
            raise ConnectionClosedError
        self._reader.filled(received)

    def _receive_plain(self, space: memoryview) -> int:
        # One read for each time the event loop finds something: a client that floods waits for its turn.
        while self._readiness is not None:
            self._readiness.wait()
            try:
                return int(self._plain.recv_into(space))
            except BlockingIOError:
                continue
            except OSError as error:
                if error.errno in GONE:
                    return 0
                raise
        return 0

    # ------------------------------------------------------------------------------------ lanes

    def _takes(self, opcode: int, payload: bytes) -> bool:
        if self._lanes and self._through_lane(opcode, payload):
            return True
        return bool(self._awaited) and opcode == TEXT and self._pending is None and self._acknowledged(payload)

    def _acknowledged(self, payload: bytes) -> bool:
        head, bracket, rest = payload.partition(b"[")
        if head not in self._awaited:
            return False
        try:
            answer = json.loads(bracket + rest)
        except ValueError as error:
            raise FailedConnectionError(1002, "an acknowledgement that is not JSON") from error
        acknowledged = self._awaited.pop(head)
        try:
            acknowledged(*answer)
        except Exception:
            self._logger.exception("an acknowledgement could not be taken")
        return True

    def _through_lane(self, opcode: int, payload: bytes) -> bool:
        """Take a message that belongs to a lane; False when it goes the usual way."""
        pending = self._pending
        if pending is None:
            return opcode == TEXT and self._starts_event(payload)
        if opcode == TEXT and payload[:1] != b"4":
            return False  # Engine.IO's own ping or pong may come between the halves
        self._pending = None
        if opcode == BINARY and pending.lane.is_open:
            self._answer(pending, self._taken(pending, payload))
            return True
        self._replay.append(payload if opcode == BINARY else as_text(payload))
        self._replay.appendleft(as_text(pending.text))
        return True

    def _starts_event(self, payload: bytes) -> bool:
        for lane in self._lanes.values():
            found = self._parse(payload, lane.prefix, lane.head)
            if found is not None:
                self._pending = Pending(lane, found[0], found[1], found[2], payload)
                return True
        return False

    def _taken(self, pending: Pending, jpeg: bytes) -> Mapping[str, Any]:
        try:
            return pending.lane.take(pending.first, pending.second, jpeg)
        except Exception:
            self._logger.exception("a frame could not be taken")
            return SERVER_ERROR

    def _answer(self, pending: Pending, answer: Mapping[str, Any]) -> None:
        text = pending.lane.answer(pending.ack, answer)
        if not self.send_in_turn([frame_head(TEXT, len(text)), text]):
            self._queue(Packet(MESSAGE, data=text[1:].decode()))

    def _queue(self, packet: Packet) -> None:
        try:
            self._owner.send(packet)
        except SocketIsClosedError:
            self._logger.debug("a message came too late for a closed connection")

    # ------------------------------------------------------------------------------------ writing

    def send(self, message: Any, **options: Any) -> None:
        """Send one message for Engine.IO; an event and its attachments leave in one write."""
        if options:
            super().send(message, **options)
            return
        if isinstance(message, Gathered):
            self._held += message.parts
        elif isinstance(message, str):
            text = message.encode()
            self._held += [frame_head(TEXT, len(text)), text]
            self._attachments_due += attachments_of(message)
        else:
            self._held += [frame_head(BINARY, len(message)), message]
            self._attachments_due = max(0, self._attachments_due - 1)
        if not self._attachments_due:
            parts, self._held = self._held, []
            self._write(parts)

    def send_gathered(self, parts: list[bytes]) -> None:
        """Send a framed message now or, behind what waits already, in its turn; may wait for the client to read."""
        if not self.send_in_turn(parts):
            self._queue(GatheredPacket(parts))

    def send_in_turn(self, parts: list[bytes]) -> bool:
        """Write past the queue if that overtakes nothing; False when something is before it or the client is gone.

        The writer of Engine.IO takes a packet and writes it without letting anyone else run, so an empty queue, a free
        lock and no attachment due mean that all that was sent before has been written.
        """
        owner = self._owner
        if self._attachments_due or self.websocket_closed or not owner.upgraded or owner.closing:
            return False
        if self._sendlock.locked() or not owner.queue.empty():
            return False
        try:
            self._write(parts)
        except OSError as error:
            self._logger.debug("a client is gone: %s", error)
        return True

    def _write(self, parts: Sequence[bytes | memoryview]) -> None:
        self._sendlock.acquire()
        try:
            if self._plain is None:
                self.socket.sendall(b"".join(parts))
            else:
                self._write_plain(parts)
        except BaseException:
            self._cut()  # half a message may be out: nothing sensible can follow it
            raise
        finally:
            self._sendlock.release()

    def _write_plain(self, parts: Sequence[bytes | memoryview]) -> None:
        while parts:
            try:
                sent = self._plain.sendmsg(parts[:MOST_PARTS])
            except BlockingIOError:
                self._wait_writable()
            else:
                parts = unsent(parts, sent)

    def _wait_writable(self) -> None:
        timeout = self.socket.gettimeout()
        trampoline(self._plain, write=True, timeout=timeout, timeout_exc=TimeoutError("timed out"))

    def _cut(self) -> None:
        try:
            self.socket.shutdown(stdlib_socket.SHUT_RDWR)
        except OSError as error:
            self._logger.debug("a client was gone already: %s", error)
