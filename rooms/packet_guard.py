"""What comes before any channel: packets that no browser of ours sends end their connection, at once and in one line.

Socket.IO itself keeps as many attachments as a packet announces, lets a connection join its namespaces again and
again, and writes a traceback for each packet that it cannot read.
"""

from typing import Any

from core.clock import Clock
from rooms.bucket import Bucket
from rooms.journal import Journal

MOST_JOINS = 8
"""Of namespaces by one connection; our pages join one, and connect afresh where they have to come back."""
MOST_ATTACHMENTS = 1
"""A frame is one attachment, and so is the padding of a probe."""
LINES_A_SECOND, MOST_LINES = 1.0, 60
"""In the log: strangers who connect again and again must not push everything else out of it."""
JOIN = "0"
# What the library makes of bytes that are not its protocol.
BROKEN_PACKET = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class PacketGuard:
    """Stands between Engine.IO and Socket.IO for every connection of one server."""

    def __init__(self, server: Any, journal: Journal, clock: Clock) -> None:
        self._server = server
        self._journal = journal
        self._clock = clock
        self._lines = Bucket(LINES_A_SECOND, MOST_LINES, clock.now())
        self._hand_on, self._let_go = server._handle_eio_message, server._handle_eio_disconnect
        self._joins: dict[str, int] = {}
        self._closing: set[str] = set()
        server.eio.on("message", self.take)
        server.eio.on("disconnect", self.end)

    def take(self, eio_sid: str, data: str | bytes) -> None:
        """Hand a message on, or close the connection that sent what cannot be taken."""
        if eio_sid in self._closing or eio_sid not in self._server.environ:
            return  # what was read before the farewell is out
        if isinstance(data, str) and data.startswith(JOIN):
            self._joins[eio_sid] = self._joins.get(eio_sid, 0) + 1
        if self._joins.get(eio_sid, 0) > MOST_JOINS:
            self._close(eio_sid, "too many joins")
            return
        try:
            self._hand_on(eio_sid, data)
        except BROKEN_PACKET as error:
            self._close(eio_sid, f"{type(error).__name__}: {error}")
            return
        waiting = self._server._binary_packet.get(eio_sid)
        if waiting is not None and waiting.attachment_count > MOST_ATTACHMENTS:
            self._close(eio_sid, "too many attachments")

    def end(self, eio_sid: str, reason: str) -> None:
        """Forget a connection, and the packet that it never finished."""
        self._joins.pop(eio_sid, None)
        self._closing.discard(eio_sid)
        self._server._binary_packet.pop(eio_sid, None)
        self._let_go(eio_sid, reason)

    def _close(self, eio_sid: str, why: str) -> None:
        self._closing.add(eio_sid)
        self._server._binary_packet.pop(eio_sid, None)
        if self._lines.take(self._clock.now()) == 0.0:
            address = self._server.environ.get(eio_sid, {}).get("REMOTE_ADDR")
            self._journal.warn("broken-packet", why=why, address=address)
        self._server.start_background_task(self._server.eio.disconnect, eio_sid)
