"""Nothing is kept for longer than the notice to the students says."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rooms.states import RoomState
from store.alerts import AlertRow
from store.faces import ReferencePhoto
from store.messages import Message
from store.rooms import Participant, Room


def purge_rooms(session: Session, ended_before: datetime) -> list[str]:
    """Delete what is kept of the people of rooms that ended before; return the rooms' ids for their evidence."""
    old = select(Room.id).where(Room.state == RoomState.ENDED, Room.ended_at < ended_before)
    had_people = select(Participant.room_id).where(Participant.room_id.in_(old)).distinct()
    purged = list(session.scalars(had_people))
    # photos are given before anybody is there, so a room of nobody may have some
    session.execute(delete(ReferencePhoto).where(ReferencePhoto.room_id.in_(old)))
    for table in (AlertRow, Message, Participant):
        session.execute(delete(table).where(table.room_id.in_(purged)))
    return purged
