"""How many alerts of each kind rooms had and what teachers made of them: counts, no names.

They are counted from the rows while these are kept. When the people of a room are deleted, its counts stay.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.alerts import RIGHT, WRONG, AlertRow
from store.rooms import ParticipantRow, Room
from store.session import Base


class KindTally(NamedTuple):
    """The alerts of one kind in one room."""

    kind: str
    alerts: int
    incidents: int
    students: int
    right: int
    wrong: int


class RoomTally(NamedTuple):
    """One room in numbers."""

    students: int
    """Who came to it."""
    kinds: Sequence[KindTally]


class RoomSummary(Base):
    """What stays of a room's people and alerts once they are deleted."""

    __tablename__ = "room_summaries"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    students: Mapped[int]
    kinds: Mapped[list[list[Any]]] = mapped_column(JSON)
    """A KindTally each."""
    made_at: Mapped[datetime]


def ended_rooms(session: Session, first: datetime, before: datetime) -> list[Room]:
    """List the rooms of everybody that ended from `first` on and before `before`, the last to end first."""
    query = select(Room).where(Room.ended_at >= first, Room.ended_at < before)
    return list(session.scalars(query.order_by(Room.ended_at.desc(), Room.id)))


def tallies_of(session: Session, rooms: Collection[str]) -> Mapping[str, RoomTally]:
    """Return the numbers of these rooms, from their rows or from what stayed of them."""
    kept = session.scalars(select(RoomSummary).where(RoomSummary.room_id.in_(rooms)))
    tallies = {row.room_id: RoomTally(row.students, [KindTally(*one) for one in row.kinds]) for row in kept}
    return {**count_now(session, [room for room in rooms if room not in tallies]), **tallies}


def keep_tallies(session: Session, rooms: Collection[str], now: datetime) -> None:
    """Keep the numbers of rooms whose people are about to be deleted."""
    for room, tally in count_now(session, rooms).items():
        kinds = [list(one) for one in tally.kinds]
        session.merge(RoomSummary(room_id=room, students=tally.students, kinds=kinds, made_at=now))


def count_now(session: Session, rooms: Collection[str]) -> dict[str, RoomTally]:
    """Count the rows of these rooms; a room of nobody has none."""
    came = select(ParticipantRow.room_id, func.count()).where(
        ParticipantRow.room_id.in_(rooms), ParticipantRow.arrived_at.is_not(None)
    )
    students = {str(room): int(count) for room, count in session.execute(came.group_by(ParticipantRow.room_id))}
    kinds = _kinds(session, rooms)
    return {room: RoomTally(students.get(room, 0), kinds[room]) for room in sorted({*students, *kinds})}


def _kinds(session: Session, rooms: Collection[str]) -> defaultdict[str, list[KindTally]]:
    incident = case((AlertRow.incident_id == "", AlertRow.id), else_=AlertRow.incident_id)
    counted = select(
        AlertRow.room_id,
        AlertRow.kind,
        func.count(),
        func.count(incident.distinct()),
        func.count(AlertRow.participant_id.distinct()),
        func.sum(case((AlertRow.verdict == RIGHT, 1), else_=0)),
        func.sum(case((AlertRow.verdict == WRONG, 1), else_=0)),
    ).where(AlertRow.room_id.in_(rooms))
    found = defaultdict[str, list[KindTally]](list)
    for room, *tally in session.execute(counted.group_by(AlertRow.room_id, AlertRow.kind).order_by(AlertRow.kind)):
        found[room].append(KindTally(*tally))
    return found
