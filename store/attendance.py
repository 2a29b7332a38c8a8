"""When a room went on, and when each student and phone was connected and seen, as stretches of time."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base


class AttendanceSpan(Base):
    """A stretch of time in which nothing changed; a time without any was not recorded."""

    __tablename__ = "attendance"
    __table_args__ = (Index("ix_attendance_room_began", "room_id", "began_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Opaque, uuid4 hex."""
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    participant_id: Mapped[str | None] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    """None for a stretch of the room itself: it says when the server looked at all."""
    channel: Mapped[str] = mapped_column(String(16), default="webcam")
    """`webcam`, a phone's role, or `room`."""
    state: Mapped[str] = mapped_column(String(16))
    """A state that core/attendance.py names."""
    began_at: Mapped[datetime]
    until: Mapped[datetime]
    """How far it is known to reach; renewed while it goes on."""


def attendance_of(session: Session, room_id: str) -> list[AttendanceSpan]:
    """List the stretches of a room, oldest first."""
    query = select(AttendanceSpan).where(AttendanceSpan.room_id == room_id)
    return list(session.scalars(query.order_by(AttendanceSpan.began_at, AttendanceSpan.id)))


def lengthen(session: Session, until: Mapping[str, datetime]) -> None:
    """Let stretches reach further, by their ids; one that was deleted meanwhile stays so."""
    if until:
        one = update(AttendanceSpan).where(AttendanceSpan.id == bindparam("of")).values(until=bindparam("to"))
        session.connection().execute(one, [{"of": id, "to": moment} for id, moment in until.items()])
