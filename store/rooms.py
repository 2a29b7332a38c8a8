"""Exam rooms, who teaches in them and who takes part."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, or_, select, text
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from store.session import Base
from store.users import User


class Room(Base):
    """One exam: its code, its state and what a teacher set for it."""

    __tablename__ = "rooms"
    __table_args__ = (
        # A code may be used again once its room has ended; among open rooms it is unique.
        Index(
            "uq_rooms_open_code",
            "code",
            unique=True,
            sqlite_where=text("state != 'ended'"),
            postgresql_where=text("state != 'ended'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Opaque, uuid4 hex."""
    code: Mapped[str] = mapped_column(String(6))
    title: Mapped[str] = mapped_column(String(120))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="open")
    """`open`, `running`, `paused`, `ended` (rooms/setup/states.py holds the moves)."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What rooms/setup/room_settings.py reads and writes: admission, hints, forbidden items, rules."""
    muted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Kinds of alert that were decided about (rooms/desk/muting.py): {kind: {"quiet", "by", "right", "wrong"}}."""
    exam_kind: Mapped[str] = mapped_column(String(8), default="none")
    """`none`, `text`, `pdf` or `link`."""
    exam_text: Mapped[str] = mapped_column(Text, default="")
    """Markdown for `text`; the address for `link`; the file's name for `pdf`."""
    exam_file: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """The PDF itself; loaded only when asked for."""
    exam_html: Mapped[str | None] = mapped_column(Text)
    """A `text` as students see it, made when it was saved."""
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class RoomTeacher(Base):
    """A teacher's place in a room."""

    __tablename__ = "room_teachers"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(8))
    """`owner` or `co`."""
    joined_at: Mapped[datetime]


class ParticipantRow(Base):
    """A student's participant in a room; it outlives reloads, dropped networks and restarts."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("room_id", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8), default="student")
    name: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(8), default="checking")
    """`checking`, `waiting`, `admitted`, `refused`, `removed`, `left`."""
    agreed_at: Mapped[datetime | None]
    """When the notice of what is captured was agreed to."""
    joined_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    """When the student's page connected for the first time: a participant that nobody ever came to takes no place."""
    left_at: Mapped[datetime | None]
    accommodations: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What is judged otherwise for this student (rooms/participants/accommodations.py)."""
    accommodated_by: Mapped[int | None]
    """The teacher who set them, the only one who may see which."""
    baseline: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The neutral pose measured at the system check: angles, no picture."""
    hand: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A raised hand or a break (rooms/desk/hands.py), None for neither."""
    arm_reference: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """How the arm moves at desk work, measured at the system check: features, no recording."""


def room_by_code(session: Session, code: str) -> Room | None:
    """Find the room that is not over and has this code."""
    return session.scalar(select(Room).where(Room.code == code, Room.state != "ended"))


def rooms_of(session: Session, user_id: int) -> list[Room]:
    """List the rooms a person teaches in, newest first."""
    mine = select(RoomTeacher.room_id).where(RoomTeacher.user_id == user_id)
    query = select(Room).where(or_(Room.owner_id == user_id, Room.id.in_(mine)))
    return list(session.scalars(query.order_by(Room.created_at.desc())))


def live_rooms(session: Session) -> list[Room]:
    """List every room that has not ended, for start-up."""
    return list(session.scalars(select(Room).where(Room.state != "ended")))


def teaches(session: Session, user_id: int, room_id: str) -> bool:
    """Say whether the person is a teacher of the room."""
    return session.get(RoomTeacher, (room_id, user_id)) is not None


def teachers_of(session: Session, room_id: str) -> list[User]:
    """List the teachers of a room, owner first."""
    query = select(User).join(RoomTeacher, RoomTeacher.user_id == User.id)
    return list(session.scalars(query.where(RoomTeacher.room_id == room_id).order_by(RoomTeacher.joined_at)))


def teachers_by_room(session: Session, rooms: Collection[str]) -> dict[str, list[User]]:
    """Return the teachers of each of these rooms, owner first."""
    query = select(RoomTeacher.room_id, User).join(User, RoomTeacher.user_id == User.id)
    found: dict[str, list[User]] = {}
    for room, user in session.execute(query.where(RoomTeacher.room_id.in_(rooms)).order_by(RoomTeacher.joined_at)):
        found.setdefault(room, []).append(user)
    return found


def participants_of(session: Session, room_id: str) -> list[ParticipantRow]:
    """List everyone who ever joined in the room, in order of joining."""
    query = select(ParticipantRow).where(ParticipantRow.room_id == room_id)
    return list(session.scalars(query.order_by(ParticipantRow.joined_at, ParticipantRow.id)))
