"""Chat messages: ordered by id, kept once for each id that its sender gave."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base


class Message(Base):
    """One message from a teacher or student to a student, to the teachers, or to all."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("room_id", "sender_kind", "sender_id", "client_id", name="uq_messages_once"),
        Index("ix_messages_room_id_id", "room_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(64))
    sender_kind: Mapped[str] = mapped_column(String(8))
    """`teacher` or `student`."""
    sender_id: Mapped[str] = mapped_column(String(32))
    sender_name: Mapped[str] = mapped_column(String(60))
    to_kind: Mapped[str] = mapped_column(String(8))
    """`student`, `teachers` or `all`."""
    to_id: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]


def find_sent(session: Session, room_id: str, sender_kind: str, sender_id: str, client_id: str) -> Message | None:
    """Find a message its sender has sent before under the same id."""
    query = select(Message).where(
        Message.room_id == room_id,
        Message.sender_kind == sender_kind,
        Message.sender_id == sender_id,
        Message.client_id == client_id,
    )
    return session.scalar(query)


def messages_for_teachers(session: Session, room_id: str, after: int = 0, limit: int = 200) -> list[Message]:
    """List the newest messages of a room above an id, oldest first."""
    query = select(Message).where(Message.room_id == room_id, Message.id > after)
    return list(session.scalars(query.order_by(Message.id.desc()).limit(limit)))[::-1]


def messages_for_student(
    session: Session, room_id: str, participant_id: str, after: int = 0, limit: int = 200
) -> list[Message]:
    """List the newest messages that one student may see above an id, oldest first."""
    mine = (Message.sender_kind == "student") & (Message.sender_id == participant_id)
    to_me = (Message.to_kind == "student") & (Message.to_id == participant_id)
    query = select(Message).where(
        Message.room_id == room_id, Message.id > after, or_(mine, to_me, Message.to_kind == "all")
    )
    return list(session.scalars(query.order_by(Message.id.desc()).limit(limit)))[::-1]
