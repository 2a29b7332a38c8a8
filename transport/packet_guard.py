"""What comes before any channel: packets that no browser of ours sends end their connection, at once and in one line.

The libraries below keep as many attachments as a packet announces, let a connection join its namespaces again and
again, take names of their own events from anybody, and leave a connection half open where they cannot read a packet.
"""

from collections.abc import Collection
from functools import partial
from types import MethodType
from typing import Any

from socketio.packet import ACK

from core.clock import Clock
from core.event_log import EventLog
from core.rate_limit import Bucket
from transport.connection_traffic import JOIN, GuardedSocket, Traffic, is_behind

MOST_JOINS = 8
"""Of namespaces by one connection; our pages join one, and connect afresh where they have to come back."""
MOST_ATTACHMENTS = 1
"""A frame is one attachment, and so is the padding of a probe."""
JOIN_S = 10.0
"""Until a connection belongs to a namespace; our pages ask for theirs in their first packet."""
LINES_A_SECOND, MOST_LINES = 1.0, 60
"""In the log: strangers who connect again and again must not push everything else out of it."""
# What the library makes of bytes that are not its protocol.
BROKEN_PACKET = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class PacketGuard:
    """Stands between Engine.IO and Socket.IO for every connection of one server."""

    def __init__(
        self, server: Any, namespaces: Collection[str], watching: str, event_log: EventLog, clock: Clock
    ) -> None:
        """Guard the connections of `namespaces`; those of `watching`, who are sent pictures, may have more waiting."""
        self._server = server
        self._namespaces = namespaces
        self._watching = watching
        self._event_log = event_log
        self._clock = clock
        self._lines = Bucket(LINES_A_SECOND, MOST_LINES, clock.now())
        self._welcome, self._hand_on, self._let_go = (
            server._handle_eio_connect,
            server._handle_eio_message,
            server._handle_eio_disconnect,
        )
        self._known: dict[str, Traffic] = {}
        server.namespaces = []  # only our channels: otherwise anybody may join "/"
        server._handle_event = self._event
        server.eio.on("connect", self.begin)
        server.eio.on("message", self.take)
        server.eio.on("disconnect", self.end)

    # ------------------------------------------------------------------------------------ a connection's life

    def begin(self, eio_sid: str, environ: dict[str, Any]) -> None:
        """Take a connection in: what it says and what waits for it pass this guard from now on."""
        connection = self._server.eio.sockets[eio_sid]
        self._known[eio_sid] = Traffic(self._clock.now())
        # the WebSocket's maker finds its owner by this method
        connection._websocket_handler = MethodType(self._listen, connection)
        connection.send = partial(self._send, eio_sid)
        connection.charge = partial(self._charge, eio_sid)
        self._welcome(eio_sid, environ)

    def end(self, eio_sid: str, reason: str) -> None:
        """Forget a connection, and the packet that it never finished."""
        self._known.pop(eio_sid, None)
        self._server._binary_packet.pop(eio_sid, None)
        self._let_go(eio_sid, reason)

    def look_around(self) -> None:
        """Close the connections that belong to nothing: they never joined, or were sent away long ago."""
        now = self._clock.now()
        for eio_sid, traffic in list(self._known.items()):
            if traffic.alone_for(self._is_alone(eio_sid), now) > JOIN_S:
                self._close(eio_sid, "no namespace joined")

    def _listen(self, connection: Any, ws: Any) -> Any:
        del connection._websocket_handler  # used once, and a cycle
        traffic = self._known.get(connection.sid)
        if traffic is not None:
            traffic.ws = ws
        may_pass = partial(self._may_pass, connection.sid)
        return connection._websocket_handler(GuardedSocket(ws, may_pass, partial(self._server.sleep, 0)))

    # ------------------------------------------------------------------------------------ what it says

    def _may_pass(self, eio_sid: str, data: str | bytes) -> bool:
        """Say whether a message may go on to Engine.IO; the connection is closed where not."""
        traffic = self._known.get(eio_sid)
        if traffic is None:
            return False  # what was read before the end
        is_alone = self._is_alone(eio_sid)
        fault = traffic.fault_in(data, is_alone) or traffic.overrun(data, is_alone, self._clock.now())
        if fault:
            self._close(eio_sid, fault)
        return not fault

    def _charge(self, eio_sid: str) -> bool:
        """Count what the WebSocket itself answers, such as its pings; False once that was too much."""
        traffic = self._known.get(eio_sid)
        if traffic is None:
            return False
        fault = traffic.overrun(b"", self._is_alone(eio_sid), self._clock.now())
        if fault:
            self._close(eio_sid, fault)
        return not fault

    def take(self, eio_sid: str, data: str | bytes) -> None:
        """Hand a message on, or close the connection that sent what cannot be taken."""
        traffic = self._known.get(eio_sid)
        if traffic is None:
            return  # what was read before the end
        if isinstance(data, str) and data.startswith(JOIN):
            traffic.joins += 1
        elif self._is_alone(eio_sid):
            return  # on its way while the client was sent away
        if traffic.joins > MOST_JOINS:
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

    def _event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:
        """Hand a client's event to its channel by whatever name: to the library some names are its own events."""
        if not isinstance(data, list) or not data or not isinstance(data[0], str):
            raise ValueError("an event without a name")
        channel = self._server.namespace_handlers.get(namespace)
        sid = self._server.manager.sid_from_eio_sid(eio_sid, namespace)
        if channel is None or not self._server.manager.is_connected(sid, namespace):
            return
        answer = channel.answer(sid, data[0], tuple(data[1:]))
        if id is not None:
            made = self._server.packet_class(ACK, namespace=namespace, id=id, data=[answer])
            self._server._send_packet(eio_sid, made)

    def _is_alone(self, eio_sid: str) -> bool:
        found = self._server.manager.sid_from_eio_sid
        return all(found(eio_sid, namespace) is None for namespace in self._namespaces)

    # ------------------------------------------------------------------------------------ what it is told

    def _send(self, eio_sid: str, packet: Any) -> None:
        """Queue a packet, or close the connection of a client that does not read."""
        connection = self._server.eio.sockets.get(eio_sid)
        if connection is None:
            return
        if eio_sid in self._known and is_behind(connection.queue, partial(self._is_teacher, eio_sid)):
            self._close(eio_sid, "does not read")
            return
        type(connection).send(connection, packet)

    def _is_teacher(self, eio_sid: str) -> bool:
        return self._server.manager.sid_from_eio_sid(eio_sid, self._watching) is not None

    # ------------------------------------------------------------------------------------ the end

    def _close(self, eio_sid: str, why: str) -> None:
        traffic = self._known.pop(eio_sid, None)
        if traffic is None:
            return
        if self._lines.take(self._clock.now()) == 0.0:
            address = self._server.environ.get(eio_sid, {}).get("REMOTE_ADDR")
            self._event_log.warn("broken-packet", why=why, address=address)
        # in a task of its own: a channel that lets go of a client tells others, and may be what is sending now
        self._server.start_background_task(self._hang_up, eio_sid, traffic)

    def _hang_up(self, eio_sid: str, traffic: Traffic) -> None:
        connection = self._server.eio.sockets.get(eio_sid)
        if connection is not None:
            connection.close(wait=False, abort=True, reason=self._server.reason.SERVER_DISCONNECT)
            traffic.drop(connection.queue)
