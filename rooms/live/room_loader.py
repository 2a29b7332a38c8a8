"""Takes rooms from the database into the live directory: at start, and for teachers who look back at an ended one."""

from typing import Any

from rooms.live.components import Accommodated, AdmissionStatus, Hand, Presence, Standing
from rooms.live.directory import LiveRoom, RoomDirectory
from rooms.live.participant import Phone, Student
from rooms.live.standing import standings_in
from rooms.setup.room_records import exam_view
from rooms.setup.room_settings import RoomSettings
from store.phones import PhoneRow, phones_of
from store.rooms import ParticipantRow, Room, participants_of
from store.session import Database


def load_room(database: Database, directory: RoomDirectory, room_id: str) -> LiveRoom | None:
    """Return the live room, taken up with everybody in it where it was not yet; None for one that never was."""
    known = directory.room(room_id)
    if known is not None:
        return known
    with database.read() as session:
        row = session.get(Room, room_id)
        people, phones = participants_of(session, room_id), phones_of(session, room_id)
        standings = standings_in(session, room_id)
    if row is None:
        return None
    room = directory.add_room(live_room(row))
    for student in people:
        directory.add_student(student_of_row(student, standings.get(student.id)))
    for phone in phones:
        directory.add_phone(phone_of_row(phone, room.students[phone.participant_id], Presence(was_online=True)))
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
        muted=dict(row.muted),
    )


def student_of_row(row: ParticipantRow, standing: Standing | None = None) -> Student:
    """Return the live student of a row, offline until a connection comes; `standing` None: nobody did anything."""
    return Student(
        id=row.id,
        room=row.room_id,
        name=row.name,
        kind=row.kind,
        joined_at=row.joined_at,
        admission=AdmissionStatus(row.state),
        presence=Presence(was_online=row.arrived_at is not None),
        accommodations=Accommodated(tuple(row.accommodations), row.accommodated_by),
        hand=_hand(row.hand),
        standing=standing or Standing(),
        baseline=row.baseline,
        arm_reference=row.arm_reference,
    )


def phone_of_row(row: PhoneRow, owner: Student, presence: Presence) -> Phone:
    """Return the live phone of its row, offline until a connection comes."""
    return Phone(id=row.id, room=row.room_id, role=row.role, owner=owner, presence=presence)


def _hand(kept: dict[str, Any] | None) -> Hand:
    try:
        return Hand(**(kept or {}))
    except TypeError:  # of another version of the server
        return Hand()
