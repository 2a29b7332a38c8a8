"""The Socket.IO rooms of an exam room: whom an event is for is said by one of these, never by a list of connections."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

STUDENT = "/student"
TEACHER = "/teacher"
PHONE = "/phone"


class RoomKind(StrEnum):
    """What a Socket.IO room stands for; docs/protocol.md says who is in each."""

    TEACHERS = "teachers"
    STUDENTS = "students"
    DEVICES = "devices"
    PHONES = "phones"
    PHONE = "phone"
    WATCHERS = "watchers"
    THUMBNAILS = "thumbnails"
    FOCUS = "focus"
    CONNECTION = "connection"


class SocketRoom(NamedTuple):
    """One Socket.IO room: its namespace, what it stands for, and its name within the namespace."""

    namespace: str
    kind: RoomKind
    name: str


def teachers_of(room: str) -> SocketRoom:
    """Return the Socket.IO room of an exam room's teachers."""
    return SocketRoom(TEACHER, RoomKind.TEACHERS, f"teachers:{room}")


def students_of(room: str) -> SocketRoom:
    """Return the Socket.IO room of an exam room's students."""
    return SocketRoom(STUDENT, RoomKind.STUDENTS, f"students:{room}")


def devices_of(participant: str, namespace: str = STUDENT) -> SocketRoom:
    """Return the Socket.IO room of a participant's devices: the computer, or in the namespace of phones the phones."""
    return SocketRoom(namespace, RoomKind.DEVICES, f"devices:{participant}")


def phones_of(room: str, role: str) -> SocketRoom:
    """Return the Socket.IO room of an exam room's phones of one role."""
    return SocketRoom(PHONE, RoomKind.PHONES, f"phones:{room}:{role}")


def only_phone(phone: str) -> SocketRoom:
    """Return the Socket.IO room of one phone."""
    return SocketRoom(PHONE, RoomKind.PHONE, f"phone:{phone}")


def watchers_of(participant: str) -> SocketRoom:
    """Return the Socket.IO room of the teachers' pages that show a participant."""
    return SocketRoom(TEACHER, RoomKind.WATCHERS, f"watchers:{participant}")


def small_watchers_of(participant: str) -> SocketRoom:
    """Return the Socket.IO room of the teachers' pages that show a participant in a small tile."""
    return SocketRoom(TEACHER, RoomKind.THUMBNAILS, f"thumbnails:{participant}")


def focus_on(participant: str) -> SocketRoom:
    """Return the Socket.IO room of the teachers' pages that show a participant in the large view."""
    return SocketRoom(TEACHER, RoomKind.FOCUS, f"focus:{participant}")


def only_connection(namespace: str, sid: str) -> SocketRoom:
    """Return the Socket.IO room that every connection has to itself."""
    return SocketRoom(namespace, RoomKind.CONNECTION, sid)


def rooms_of_student(room: str, participant: str) -> tuple[SocketRoom, ...]:
    """Return where the connection belongs that speaks for a student."""
    return students_of(room), devices_of(participant)


def rooms_of_phone(room: str, participant: str, role: str, phone: str) -> tuple[SocketRoom, ...]:
    """Return where the connection belongs that speaks for a phone."""
    return only_phone(phone), phones_of(room, role), devices_of(participant, PHONE)


def rooms_of_teacher(room: str) -> tuple[SocketRoom, ...]:
    """Return where every live page of a room's teachers belongs, whatever it shows."""
    return (teachers_of(room),)


def rooms_of_watching(
    watched: Iterable[str], focus: str | None, small: frozenset[str] = frozenset()
) -> frozenset[SocketRoom]:
    """Return where a page belongs that shows these participants, one in the large view, some of them small."""
    large = () if focus is None else (watchers_of(focus), focus_on(focus))
    tiles = (small_watchers_of(one) if one in small else watchers_of(one) for one in watched)
    return frozenset((*tiles, *large))
