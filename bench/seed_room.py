"""Makes accounts, a room and seats straight in a database, by the functions that the pages use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import uuid4

from sqlalchemy.orm import Session

from accounts.invitations import CO_TEACH, make_invitation
from accounts.passwords import Passwords
from accounts.people import register
from rooms.exam_paper import Exam
from rooms.policy import check_name
from rooms.room import accept_invitation, change_state, create_room
from rooms.room_settings import RoomSettings
from rooms.seats import move_seat, take_seat
from rooms.states import ParticipantState
from rooms.tickets import Tickets
from settings import Settings
from store.migrate import upgrade
from store.people import Person
from store.phones import PhoneRow
from store.rooms import Room
from store.session import Database

NO_PHONES: Mapping[str, Sequence[str]] = MappingProxyType({})
PASSWORD = "a bench, a lamp, a clock"
"""Of every seeded account; they exist in throw-away databases only."""


@dataclass(frozen=True)
class SeededSeat:
    """One student, still at the system check."""

    id: str
    name: str
    ticket: str
    phones: Mapping[str, str] = field(default_factory=dict)
    """The tickets of this student's phones, by role."""


@dataclass(frozen=True)
class SeededTeacher:
    """One teacher of the room, the owner first."""

    id: int
    name: str
    email: str
    ticket: str


@dataclass(frozen=True)
class SeededRoom:
    """A room and what its people need to connect."""

    id: str
    code: str
    teachers: tuple[SeededTeacher, ...]
    students: tuple[SeededSeat, ...]


def seed_room(
    settings: Settings,
    students: Sequence[str],
    teachers: int = 1,
    room: RoomSettings | None = None,
    exam: Exam | None = None,
    state: str = "running",
    title: str = "Mathematics, final exam",
    admitted: int = 0,
    password: str = PASSWORD,
    phones: Mapping[str, Sequence[str]] = NO_PHONES,
) -> SeededRoom:
    """Make a room with its people in the settings' database; a server takes it up at its next start.

    The first `admitted` students have passed the system check; the others have it before them. `phones` gives
    the roles of some students' phones, by name.
    """
    upgrade(settings.database())
    database = Database(settings.database())
    tickets, now = Tickets(settings.secret()), datetime.now(UTC)
    try:
        with database.session() as session:
            people = _register(session, teachers, password, now)
            row = create_room(session, people[0].id, title, room or RoomSettings(), exam or Exam(), now)
            for other in people[1:]:
                invitation = make_invitation(session, CO_TEACH, row.id, people[0].id, now)
                accept_invitation(session, invitation, other.id, now)
            if state != "open":
                change_state(session, row.id, state, now)
            # A moment apart, because lists of people are in the order of their coming.
            moments = [now + n * timedelta(milliseconds=1) for n in range(len(students))]
            seats = [
                _seat(session, tickets, row, name, at, phones.get(name, ()))
                for name, at in zip(students, moments, strict=True)
            ]
            for seat in seats[:admitted]:
                move_seat(session, seat.id, ParticipantState.ADMITTED, now)
            return SeededRoom(row.id, row.code, tuple(_teacher(tickets, row, p) for p in people), tuple(seats))
    finally:
        database.close()


def _register(session: Session, count: int, password: str, now: datetime) -> list[Person]:
    kept = Passwords().hash(password)
    taken = session.query(Person).count()
    return [
        register(session, f"teacher{taken + n}@example.org", f"Teacher {n + 1}", kept, "open", None, now)
        for n in range(count)
    ]


def _seat(session: Session, tickets: Tickets, room: Room, name: str, now: datetime, roles: Sequence[str]) -> SeededSeat:
    seat = take_seat(session, room, check_name(name), now)
    phones = {role: PhoneRow(id=uuid4().hex, room_id=room.id, participant_id=seat.id, role=role) for role in roles}
    for phone in phones.values():
        phone.paired_at = now
        session.add(phone)
    held = {role: tickets.issue_phone(room.id, phone.id) for role, phone in phones.items()}
    return SeededSeat(seat.id, seat.name, tickets.issue_student(room.id, seat.id), held)


def _teacher(tickets: Tickets, room: Room, person: Person) -> SeededTeacher:
    ticket = tickets.issue_teacher(room.id, person.id, person.session_version)
    return SeededTeacher(person.id, person.name, person.email, ticket)
