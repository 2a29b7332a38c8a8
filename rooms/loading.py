"""Takes rooms from the database into the live directory: at start, and for teachers who look back at an ended one."""

from rooms.directory import LiveRoom, Phone, RoomDirectory, Seat
from rooms.room import exam_view
from rooms.room_settings import RoomSettings
from store.phones import PhoneRow, phones_of
from store.rooms import Participant, Room, participants_of
from store.session import Database


def load_room(database: Database, directory: RoomDirectory, room_id: str) -> LiveRoom | None:
    """Return the live room, taken up with everybody in it where it was not yet; None for one that never was."""
    known = directory.room(room_id)
    if known is not None:
        return known
    with database.read() as session:
        row = session.get(Room, room_id)
        people, phones = participants_of(session, room_id), phones_of(session, room_id)
    if row is None:
        return None
    room = directory.add_room(live_room(row))
    for participant in people:
        directory.add_seat(seat_of_row(participant)).was_online = participant.arrived_at is not None
    for phone in phones:
        directory.add_phone(phone_of_row(phone)).was_online = True
    return room


def live_room(row: Room) -> LiveRoom:
    """Return a room as the running server knows it, nobody in it yet."""
    return LiveRoom(
        id=row.id,
        code=row.code,
        title=row.title,
        state=row.state,
        settings=RoomSettings.from_json(row.settings),
        started_at=row.started_at,
        ended_at=row.ended_at,
        exam=exam_view(row),
        quietened=dict(row.quietened),
    )


def seat_of_row(row: Participant) -> Seat:
    """Return the live seat of a participant's row, offline until a connection comes."""
    return Seat(
        id=row.id,
        room=row.room_id,
        name=row.name,
        kind=row.kind,
        state=row.state,
        joined_at=row.joined_at,
        exemptions=tuple(row.exemptions),
        adjusted_by=row.adjusted_by,
        baseline=row.baseline,
        arm_reference=row.arm_reference,
    )


def phone_of_row(row: PhoneRow) -> Phone:
    """Return the live phone of its row, offline until a connection comes."""
    return Phone(id=row.id, seat=row.participant_id, room=row.room_id, role=row.role)
