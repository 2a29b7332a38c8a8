"""Chat messages: ordered by id, kept once for each id that its sender gave."""

from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base

MOST_BYTES = 128 * 1024
"""Of one page, as it is sent: a question of 40 bytes must not make megabytes of work."""
BYTES_AROUND = 300
"""Of a message as it is sent, beside its text."""


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


class Page(NamedTuple):
    """Messages that follow each other, oldest first."""

    messages: list[Message]
    more: bool
    """Whether there are older ones that fit the question."""


def messages_for_teachers(
    session: Session, room_id: str, after: int = 0, limit: int = 200, before: int | None = None
) -> Page:
    """Give the newest messages of a room above one id and below another."""
    return _newest(session, select(Message).where(Message.room_id == room_id), after, before, limit)


def messages_for_student(
    session: Session, room_id: str, participant_id: str, after: int = 0, limit: int = 200, before: int | None = None
) -> Page:
    """Give the newest messages that one student may see above one id and below another."""
    mine = (Message.sender_kind == "student") & (Message.sender_id == participant_id)
    to_me = (Message.to_kind == "student") & (Message.to_id == participant_id)
    query = select(Message).where(Message.room_id == room_id, or_(mine, to_me, Message.to_kind == "all"))
    return _newest(session, query, after, before, limit)


def message_counts(session: Session, room_id: str) -> dict[str, tuple[int, int]]:
    """Count by student the messages they wrote and those that were for them alone."""
    mine = Message.room_id == room_id
    written = select(Message.sender_id, func.count()).where(mine, Message.sender_kind == "student")
    given = select(Message.to_id, func.count()).where(mine, Message.to_kind == "student")
    sent = {who: count for who, count in session.execute(written.group_by(Message.sender_id)) if who}
    got = {who: count for who, count in session.execute(given.group_by(Message.to_id)) if who}
    return {who: (sent.get(who, 0), got.get(who, 0)) for who in sent.keys() | got.keys()}


def _newest(session: Session, query: Select[Message], after: int, before: int | None, limit: int) -> Page:
    wanted = query.where(Message.id > after)
    if before is not None:
        wanted = wanted.where(Message.id < before)
    found = list(session.scalars(wanted.order_by(Message.id.desc()).limit(limit + 1)))
    kept = _that_fit(found[:limit])
    return Page(kept[::-1], len(kept) < len(found))


def _that_fit(newest_first: list[Message]) -> list[Message]:
    """Return as many as fit into MOST_BYTES, one at least."""
    weights = accumulate(len(message.text.encode()) + BYTES_AROUND for message in newest_first)
    fitting = sum(weight <= MOST_BYTES for weight in weights)
    return newest_first[: max(1, fitting)]
