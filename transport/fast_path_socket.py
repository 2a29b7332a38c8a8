"""A WebSocket as Engine.IO uses it, on the I/O-free protocol and on either kind of wire, with fast paths for frames.

A frame is a Socket.IO event with two whole numbers and one picture. Where a fast path is open for it, it goes from the
socket to the path's callable and its acknowledgement straight back, past Engine.IO and Socket.IO. Every other message
takes the usual way, in the order in which it came.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engineio.exceptions import SocketIsClosedError
from engineio.packet import MESSAGE, Packet

from transport.fast_path import TEXT, Gathered, fast_paths_of, frame_head
from transport.protocol import Acknowledged, Ended, Event, FastFrame, Message, Outgoing, Protocol
from transport.wire import Wire

MOST_IN_A_ROW = 8
"""Events of one browser that are taken before anybody else gets a turn."""
INTERNAL_ERROR = 1011
SERVER_ERROR = {"error": {"code": "server_error", "text": "Something went wrong on the server."}}


class GatheredPacket(Packet):
    """Carries a Gathered message through an Engine.IO queue, for when it must wait for its turn."""

    def __init__(self, parts: list[bytes]) -> None:
        super().__init__(MESSAGE, data="gathered")
        self.encode_cache = Gathered(parts)


class FastPathSocket:
    """One browser's WebSocket; `owner` is the Engine.IO connection that it belongs to."""

    def __init__(self, wire: Wire, owner: Any, kernels: Any, limit: int, logger: logging.Logger) -> None:
        self.socket = wire  # on which Engine.IO sets its timeout
        self._wire = wire
        self._owner = owner
        self._protocol = Protocol(kernels, limit, fast_paths_of(owner), getattr(owner, "charge", _is_free))
        self._outgoing = Outgoing()
        self._logger = logger
        self._in_a_row = 0

    # ------------------------------------------------------------------------------------ reading

    def wait(self) -> str | bytes | None:
        """Return the next message for Engine.IO, None once the connection is over."""
        try:
            data = self._next()
        except Exception:
            self._protocol.fail(INTERNAL_ERROR, "Internal Server Error")
            self.close()
            raise
        if data is None and self._protocol.is_closed:
            self.close()
        elif data is None:
            self._wire.stop()
        return data

    def _next(self) -> str | bytes | None:
        protocol = self._protocol
        while True:
            event = protocol.next_event()
            if event is None:
                received = self._wire.receive(protocol.space())
                if not received:
                    return None
                protocol.filled(received)
                if self._wire.is_fair:
                    self._in_a_row = 0
                continue
            self._in_a_row = (self._in_a_row + 1) % MOST_IN_A_ROW
            if not self._in_a_row:  # one read may bring a thousand small messages, and nothing waits in between
                self._wire.take_turns()
            if type(event) is FastFrame:
                self._take(event)
            elif type(event) is Message:
                return event.data
            elif type(event) is Ended:
                return None
            else:
                self._attend(event)

    def _attend(self, event: Event) -> None:
        if isinstance(event, Acknowledged):
            try:
                event.acknowledged(*event.answer)
            except Exception:
                self._logger.exception("an acknowledgement could not be taken")
        elif parts := self._protocol.data_to_send():
            self._wire.write(parts)

    def _take(self, frame: FastFrame) -> None:
        answer: Mapping[str, Any]
        try:
            answer = frame.path.take(frame.first, frame.second, frame.data)
        except Exception:
            self._logger.exception("a frame could not be taken")
            answer = SERVER_ERROR
        text = frame.path.answer(frame.ack, answer)
        if not self._send_in_turn([frame_head(TEXT, len(text)), text]):
            self._queue(Packet(MESSAGE, data=text[1:].decode()))

    # ------------------------------------------------------------------------------------ writing

    def send(self, message: Any) -> None:
        """Send one message for Engine.IO, whose one writer calls this; an event and its attachments leave together."""
        parts = self._outgoing.parts_of(message)
        if parts:
            self._wire.write(parts)

    def send_gathered(self, parts: list[bytes]) -> None:
        """Send a framed message now or, behind what waits already, in its turn; may wait for the client to read."""
        if not self._send_in_turn(parts):
            self._queue(GatheredPacket(parts))

    def _send_in_turn(self, parts: Sequence[bytes]) -> bool:
        """Write past Engine.IO's queue; False when that would overtake something or the client is gone."""
        owner = self._owner
        if self._outgoing.due or self._protocol.is_closed or not owner.upgraded or owner.closing:
            return False
        try:
            return self._wire.write_in_turn(parts, owner.queue)
        except OSError as error:
            self._logger.debug("a client is gone: %s", error)
        return True

    def _queue(self, packet: Packet) -> None:
        try:
            self._owner.send(packet)
        except SocketIsClosedError:
            self._logger.debug("a message came too late for a closed connection")

    def expect_acknowledgement(self, ack_prefix: str, acknowledged: Callable[..., object]) -> int:
        """Return a number for an event; `acknowledged` is called with what the client answers to it."""
        return self._protocol.expect_acknowledgement(ack_prefix, acknowledged)

    # ------------------------------------------------------------------------------------ the end

    def close(self) -> None:
        """Close the connection from our side."""
        self._protocol.close()
        self._wire.close(self._protocol.data_to_send())

    def let_go(self) -> None:
        """Give back the memory of a connection that is over, which Engine.IO's timers would keep for a while."""
        self._wire.stop()
        self._protocol.let_go()
        vars(self._owner).pop("fast_path_socket", None)


def _is_free() -> bool:
    return True
