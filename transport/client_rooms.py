"""Who is in which Socket.IO room, safe to change from many threads: python-socketio's own is not."""

from collections.abc import Iterator
from threading import RLock
from typing import Any

from socketio import Manager


class ClientRooms(Manager):
    """The library's client manager for one process, for servers that answer each connection in a thread of its own.

    The library looks whether a room is there and then uses it: without a lock the last one who leaves takes the room
    away from under who enters, or from under an event.
    """

    def __init__(self) -> None:
        super().__init__()
        self._changing = RLock()

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """Put a client into a room; KeyError or ValueError for one that is not connected any more."""
        with self._changing:
            super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """Take a client out of a room."""
        with self._changing:
            super().basic_leave_room(sid, namespace, room)

    def basic_disconnect(self, sid: str, namespace: str, **options: Any) -> None:
        """Take a client out of all its rooms at once, so that nobody puts it into another meanwhile."""
        with self._changing:
            super().basic_disconnect(sid, namespace, **options)

    def members(self, namespace: str, room: str) -> list[str]:
        """List the clients in a room; looked at for every picture, so no more than that."""
        held = self.rooms.get(namespace, {}).get(room)
        return [] if held is None else list(held)

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, str]]:
        """Give (client, connection) of everybody in a room, or once of everybody in a list of rooms."""
        # without the lock, which costs more than the look: what changed meanwhile is looked up anew
        while True:
            try:
                return iter(list(super().get_participants(namespace, room)))
            except KeyError:
                continue
