"""Sends events to Socket.IO rooms; what rooms/protocol/events.py does not list for a room is not sent."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType

from flask_socketio import SocketIO

from rooms.live.directory import LiveRoom
from rooms.live.participant import Participant, Student
from rooms.live.picture_relay import Size
from rooms.live.views import participant_view
from rooms.protocol.events import TEACHER, may_go_to
from rooms.protocol.socket_rooms import (
    SocketRoom,
    focus_on,
    only_connection,
    small_watchers_of,
    students_of,
    teachers_of,
    watchers_of,
)
from transport.client_rooms import ClientRooms
from transport.websocket_seam import send_binary_event

Payload = Mapping[str, object]

ROOMS_BY_SIZE: Mapping[Size, Callable[[str], SocketRoom]] = MappingProxyType(
    {Size.THUMBNAIL: small_watchers_of, Size.TILE: watchers_of, Size.LARGE: focus_on}
)


class Broadcaster:
    """The only way out to browsers, and who is in which Socket.IO room; nothing goes through a message queue."""

    def __init__(self, socketio: SocketIO) -> None:
        self._server = socketio.server
        self._rooms: ClientRooms = self._server.manager

    # ------------------------------------------------------------------------------ who is in which room

    def enter(self, sid: str, rooms: Iterable[SocketRoom]) -> None:
        """Put a connection into rooms; it leaves all of them by itself when it ends."""
        # a connection that ended meanwhile is in no namespace any more
        with suppress(KeyError, ValueError):
            for room in rooms:
                self._server.enter_room(sid, room.name, namespace=room.namespace)

    def leave(self, sid: str, rooms: Iterable[SocketRoom]) -> None:
        """Take a connection out of rooms: what goes to them from now on does not reach it."""
        for room in rooms:
            self._server.leave_room(sid, room.name, namespace=room.namespace)

    def watching(self, participant: str, size: Size = Size.TILE) -> list[str]:
        """List the teachers' pages that show a participant in this size, by their connections."""
        room = ROOMS_BY_SIZE[size](participant)
        return self._rooms.members(room.namespace, room.name)

    # ------------------------------------------------------------------------------ events

    def to_rooms(self, rooms: Iterable[SocketRoom], event: str, payload: Payload) -> None:
        """Send an event to rooms of one namespace, encoded once; ValueError for a room it may not go to."""
        held: list[SocketRoom] = []
        for room in rooms:
            _refuse_unlisted(room, event)
            if self._rooms.members(room.namespace, room.name):
                held.append(room)
        # an event for nobody is not worth its encoding, and an empty list means everybody to python-socketio
        if held:
            to = held[0].name if len(held) == 1 else [room.name for room in held]
            self._server.emit(event, payload, to=to, namespace=held[0].namespace, ignore_queue=True)

    def to_participant(self, participant: Participant, event: str, payload: Payload) -> None:
        """Send an event to the connection that speaks for a student or a phone, if one does."""
        self.to_rooms((participant.address,), event, payload)

    def to_students(self, room: LiveRoom, event: str, payload: Payload) -> None:
        """Send an event to every student of a room."""
        self.to_rooms((students_of(room.id),), event, payload)

    def to_teachers(self, room: LiveRoom, event: str, payload: Payload) -> None:
        """Send an event to every open teacher's page of a room."""
        self.to_rooms((teachers_of(room.id),), event, payload)

    def participant_changed(self, room: LiveRoom, participant: Student) -> None:
        """Tell the teachers what a student's tile should show now, once somebody came to the participant."""
        if participant.came:
            self.to_teachers(room, "participant", participant_view(room, participant))

    def to_sid(self, namespace: str, sid: str, event: str, payload: Payload) -> None:
        """Send one event to one connection alone."""
        self.to_rooms((only_connection(namespace, sid),), event, payload)

    def to_sid_counted(
        self, namespace: str, sid: str, event: str, payload: Payload, acknowledged: Callable[[], None]
    ) -> None:
        """Send one event to one connection, and have it say that it took it."""
        _refuse_unlisted(only_connection(namespace, sid), event)
        self._server.emit(
            event,
            payload,
            to=sid,
            namespace=namespace,
            callback=lambda *_answer: acknowledged(),
            ignore_queue=True,
        )

    def send_tick(
        self, sid: str, index: dict[str, object], pictures: list[bytes], acknowledged: Callable[[], None]
    ) -> None:
        """Send one grid tick: the index and all pictures as one binary message, gathered where the seam allows."""
        send_binary_event(self._server, sid, TEACHER, "tiles", index, pictures, lambda *_answer: acknowledged())

    def disconnect(self, namespace: str, sid: str) -> None:
        """Close one connection from our side."""
        self._server.disconnect(sid, namespace=namespace)


def _refuse_unlisted(room: SocketRoom, event: str) -> None:
    if not may_go_to(room.namespace, event, room.kind):
        raise ValueError(f"{event} of {room.namespace} is not for {room.kind}")
