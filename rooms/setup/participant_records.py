"""Participants: how a student becomes a participant of a room, and where a participant may go from there."""

import uuid
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import UserError
from rooms.setup.states import GONE, ParticipantState, RoomState, move_participant
from store.rooms import ParticipantRow, Room


def count_participants(session: Session, room_id: str) -> int:
    """Count the participants of a room that are taken; those who were sent out or left have given theirs back."""
    query = select(func.count()).select_from(ParticipantRow)
    taken = ParticipantRow.room_id == room_id, ParticipantRow.state.not_in([str(state) for state in GONE])
    return session.scalar(query.where(*taken)) or 0


def count_arrived(session: Session, room_id: str) -> int:
    """Count the taken participants of a room to which somebody came: a participant alone keeps nobody's place."""
    query = select(func.count()).select_from(ParticipantRow).where(ParticipantRow.arrived_at.is_not(None))
    taken = ParticipantRow.room_id == room_id, ParticipantRow.state.not_in([str(state) for state in GONE])
    return session.scalar(query.where(*taken)) or 0


def note_arrival(session: Session, participant_id: str, now: datetime) -> bool:
    """Keep that a student came; False where the participant was given up meanwhile."""
    done = session.execute(update(ParticipantRow).where(ParticipantRow.id == participant_id).values(arrived_at=now))
    return bool(done.rowcount)  # type: ignore[attr-defined]  # CursorResult


def drop_unused(session: Session, room_id: str, most: int, newest: str) -> list[str]:
    """Give up a room's oldest places to which nobody came, where there are more than `most`; return their ids.

    `newest` was taken just now and stays, also where others were taken in the same instant.
    """
    unused = (
        ParticipantRow.id != newest,
        ParticipantRow.room_id == room_id,
        ParticipantRow.arrived_at.is_(None),
        ParticipantRow.state == ParticipantState.CHECKING,
    )
    newest_first = select(ParticipantRow.id).where(*unused).order_by(ParticipantRow.joined_at.desc(), ParticipantRow.id)
    dropped = list(session.scalars(newest_first.offset(most - 1)))
    session.execute(delete(ParticipantRow).where(ParticipantRow.id.in_(dropped), ParticipantRow.arrived_at.is_(None)))
    return dropped


def create_participant(session: Session, room: Room, name: str, now: datetime) -> ParticipantRow:
    """Give a student who agreed to the notice a participant; UserError `room_ended` when it is too late."""
    if room.state == RoomState.ENDED:
        raise UserError("room_ended", "This room has ended.")
    participant = ParticipantRow(
        id=uuid.uuid4().hex, room_id=room.id, name=name, kind="student", agreed_at=now, joined_at=now
    )
    participant.state = str(ParticipantState.CHECKING)
    session.add(participant)
    session.flush()
    return participant


def set_participant_state(session: Session, participant_id: str, new_state: str, now: datetime) -> ParticipantRow:
    """Move a participant to a new state; UserError `unknown_participant` or `bad_move`."""
    participant = session.get(ParticipantRow, participant_id)
    if participant is None:
        raise UserError("unknown_participant", "This person is not in the room.")
    participant.state = str(move_participant(participant.state, new_state))
    if participant.state in GONE:
        participant.left_at = now
    return participant
