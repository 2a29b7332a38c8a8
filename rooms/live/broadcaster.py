"""Sends events to the people of a room; what rooms/protocol/events.py does not list for a namespace is not sent."""

from collections.abc import Callable
from typing import Any

from flask_socketio import SocketIO

from rooms.live.directory import LiveRoom, Participant, Phone
from rooms.live.views import participant_view
from rooms.protocol.events import PHONE, STUDENT, TEACHER, may_receive
from transport.websocket_seam import send_binary_event


class Broadcaster:
    """The only way out to browsers; emits to connections, never through a message queue for pictures."""

    def __init__(self, socketio: SocketIO) -> None:
        self._server = socketio.server

    def to_participant(self, participant: Participant, event: str, payload: Any) -> None:
        """Send an event to the connection that speaks for a participant, if one does."""
        if participant.sid is not None:
            self.to_sid(STUDENT, participant.sid, event, payload)

    def to_participants(self, room: LiveRoom, event: str, payload: Any) -> None:
        """Send an event to every student of a room."""
        for participant in list(room.participants.values()):
            self.to_participant(participant, event, payload)

    def to_phone(self, phone: Phone, event: str, payload: Any) -> None:
        """Send an event to the connection that speaks for a phone, if one does."""
        if phone.sid is not None:
            self.to_sid(PHONE, phone.sid, event, payload)

    def to_teachers(self, room: LiveRoom, event: str, payload: Any) -> None:
        """Send an event to every open teacher's page of a room."""
        for sid in list(room.teachers):
            self.to_sid(TEACHER, sid, event, payload)

    def participant_changed(self, room: LiveRoom, participant: Participant) -> None:
        """Tell the teachers what a student's tile should show now, once somebody came to the participant."""
        if participant.came:
            self.to_teachers(room, "participant", participant_view(room, participant))

    def to_sid(self, namespace: str, sid: str, event: str, payload: Any) -> None:
        """Send one event to one connection; ValueError for an event this namespace may not receive."""
        if not may_receive(namespace, event):
            raise ValueError(f"{event} is not for {namespace}")
        self._server.emit(event, payload, to=sid, namespace=namespace, ignore_queue=True)

    def to_sid_counted(
        self, namespace: str, sid: str, event: str, payload: Any, acknowledged: Callable[[], None]
    ) -> None:
        """Send one event to one connection, and have it say that it took it."""
        if not may_receive(namespace, event):
            raise ValueError(f"{event} is not for {namespace}")
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
