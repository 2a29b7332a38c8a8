"""Seats: how a student becomes a participant of a room, and where a participant may go from there."""

import uuid
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import UserError
from rooms.states import GONE, ParticipantState, RoomState, move_participant
from store.rooms import Participant, Room


def count_seats(session: Session, room_id: str) -> int:
    """Count the seats of a room that are taken; those who were sent out or left have given theirs back."""
    query = select(func.count()).select_from(Participant)
    taken = Participant.room_id == room_id, Participant.state.not_in([str(state) for state in GONE])
    return session.scalar(query.where(*taken)) or 0


def count_arrived(session: Session, room_id: str) -> int:
    """Count the taken seats of a room to which somebody came: a seat alone keeps nobody's place."""
    query = select(func.count()).select_from(Participant).where(Participant.arrived_at.is_not(None))
    taken = Participant.room_id == room_id, Participant.state.not_in([str(state) for state in GONE])
    return session.scalar(query.where(*taken)) or 0


def note_arrival(session: Session, participant_id: str, now: datetime) -> bool:
    """Keep that a student came; False where the seat was given up meanwhile."""
    done = session.execute(update(Participant).where(Participant.id == participant_id).values(arrived_at=now))
    return bool(done.rowcount)  # type: ignore[attr-defined]  # CursorResult


def drop_unused(session: Session, room_id: str, most: int, newest: str) -> list[str]:
    """Give up the oldest seats of a room to which nobody came, where there are more than `most`; return their ids.

    `newest` was taken just now and stays, also where others were taken in the same instant.
    """
    unused = (
        Participant.id != newest,
        Participant.room_id == room_id,
        Participant.arrived_at.is_(None),
        Participant.state == ParticipantState.CHECKING,
    )
    newest_first = select(Participant.id).where(*unused).order_by(Participant.joined_at.desc(), Participant.id)
    dropped = list(session.scalars(newest_first.offset(most - 1)))
    session.execute(delete(Participant).where(Participant.id.in_(dropped), Participant.arrived_at.is_(None)))
    return dropped


def take_seat(session: Session, room: Room, name: str, now: datetime) -> Participant:
    """Give a student who agreed to the notice a seat; UserError `room_ended` when it is too late."""
    if room.state == RoomState.ENDED:
        raise UserError("room_ended", "This room has ended.")
    seat = Participant(id=uuid.uuid4().hex, room_id=room.id, name=name, kind="student", agreed_at=now, joined_at=now)
    seat.state = str(ParticipantState.CHECKING)
    session.add(seat)
    session.flush()
    return seat


def move_seat(session: Session, participant_id: str, new_state: str, now: datetime) -> Participant:
    """Move a participant to a new state; UserError `unknown_person` or `bad_move`."""
    seat = session.get(Participant, participant_id)
    if seat is None:
        raise UserError("unknown_person", "This person is not in the room.")
    seat.state = str(move_participant(seat.state, new_state))
    if seat.state in GONE:
        seat.left_at = now
    return seat
