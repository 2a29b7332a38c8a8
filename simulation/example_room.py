"""Makes accounts, a room and participants straight in a database, by the functions that the pages use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import uuid4

from sqlalchemy.orm import Session

from accounts.invitations import CO_TEACH, make_invitation
from accounts.passwords import Passwords
from accounts.users import register
from rooms.protocol.payload_checks import check_name
from rooms.protocol.tickets import Tickets
from rooms.setup.exam_paper import Exam
from rooms.setup.participant_records import create_participant, set_participant_state
from rooms.setup.room_records import accept_invitation, change_state, create_room
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import ParticipantState
from settings import Settings
from store.database.migrate import upgrade
from store.phones import PhoneRow
from store.rooms import Room
from store.session import Database
from store.users import User

NO_PHONES: Mapping[str, Sequence[str]] = MappingProxyType({})
PASSWORD = "a bench, a lamp, a clock"
"""Of every seeded account; they exist in throw-away databases only."""


@dataclass(frozen=True)
class ExampleParticipant:
    """One student, still at the system check."""

    id: str
    name: str
    ticket: str
    phones: Mapping[str, str] = field(default_factory=dict)
    """The tickets of this student's phones, by role."""


@dataclass(frozen=True)
class ExampleTeacher:
    """One teacher of the room, the owner first."""

    id: int
    name: str
    email: str
    ticket: str


@dataclass(frozen=True)
class ExampleRoom:
    """A room and what its people need to connect."""

    id: str
    code: str
    teachers: tuple[ExampleTeacher, ...]
    students: tuple[ExampleParticipant, ...]


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
) -> ExampleRoom:
    """Make a room with its people in the settings' database; a server takes it up at its next start.

    The first `admitted` students have passed the system check; the others have it before them. `phones` gives
    the roles of some students' phones, by name.
    """
    upgrade(settings.database())
    database = Database(settings.database())
    tickets, now = Tickets(settings.secret()), datetime.now(UTC)
    try:
        with database.session() as session:
            users = _register(session, teachers, password, now)
            row = create_room(session, users[0].id, title, room or RoomSettings(), exam or Exam(), now)
            for other in users[1:]:
                invitation = make_invitation(session, CO_TEACH, row.id, users[0].id, now)
                accept_invitation(session, invitation, other.id, now)
            if state != "open":
                change_state(session, row.id, state, now)
            # A moment apart, because lists of people are in the order of their coming.
            moments = [now + n * timedelta(milliseconds=1) for n in range(len(students))]
            participants = [
                _participant(session, tickets, row, name, at, phones.get(name, ()))
                for name, at in zip(students, moments, strict=True)
            ]
            for participant in participants[:admitted]:
                set_participant_state(session, participant.id, ParticipantState.ADMITTED, now)
            return ExampleRoom(row.id, row.code, tuple(_teacher(tickets, row, p) for p in users), tuple(participants))
    finally:
        database.close()


def _register(session: Session, count: int, password: str, now: datetime) -> list[User]:
    kept = Passwords().hash(password)
    taken = session.query(User).count()
    return [
        register(session, f"teacher{taken + n}@example.org", f"Teacher {n + 1}", kept, "open", None, now)
        for n in range(count)
    ]


def _participant(
    session: Session, tickets: Tickets, room: Room, name: str, now: datetime, roles: Sequence[str]
) -> ExampleParticipant:
    participant = create_participant(session, room, check_name(name), now)
    phones = {
        role: PhoneRow(id=uuid4().hex, room_id=room.id, participant_id=participant.id, role=role) for role in roles
    }
    for phone in phones.values():
        phone.paired_at = now
        session.add(phone)
    held = {role: tickets.issue_phone(room.id, phone.id) for role, phone in phones.items()}
    return ExampleParticipant(participant.id, participant.name, tickets.issue_student(room.id, participant.id), held)


def _teacher(tickets: Tickets, room: Room, user: User) -> ExampleTeacher:
    ticket = tickets.issue_teacher(room.id, user.id, user.session_version)
    return ExampleTeacher(user.id, user.name, user.email, ticket)
