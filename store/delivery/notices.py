"""What people are told outside the page: their wishes, what was told or waits to be, and where to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base
from store.users import User

HELD, SENT = "held", "sent"


class NotificationRules(Base):
    """What one person wishes to be told, by which ways and when; without a row they are told nothing."""

    __tablename__ = "notification_rules"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    ways: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """{kind of notice: [names of ways]}."""
    digest_minutes: Mapped[int] = mapped_column(default=0)
    """What is not urgent is gathered for so long; 0 tells it at once."""
    quiet_from: Mapped[int | None]
    """Minute of the day at which the person's quiet hours begin; None for none."""
    quiet_until: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    """The person's time zone by its IANA name."""
    locale: Mapped[str] = mapped_column(String(8), default="en")
    """The language of what they are told."""
    site: Mapped[str] = mapped_column(String(255), default="")
    """The address at which the person found this server, for links."""


class NoticeRow(Base):
    """Something that one person is told, or was: what was sent counts for the pauses between messages."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_user_state", "user_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    room_id: Mapped[str | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(8), default=HELD)
    at: Mapped[datetime]
    """When it happened."""
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class PushSubscription(Base):
    """A browser that shows notices of one person, as it told it (Push API)."""

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(1024), unique=True)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(120), default="")
    """What the person knows it by."""
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class Webhook(Base):
    """An address that hears of notices of the whole server, signed with a secret that only it and we know."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(1024))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    events: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of notices."""
    state: Mapped[str] = mapped_column(String(8), default="on")
    """`on`, `off`, or `gone` where the receiver said so (410)."""
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When it last took something."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why it did not take the last, "" where it did."""


def rules_of_person(session: Session, user_id: int) -> NotificationRules | None:
    """Return a person's wishes; None where they were never asked."""
    return session.get(NotificationRules, user_id)


def administrators(session: Session) -> list[User]:
    """List the administrators whose accounts are open."""
    return list(session.scalars(select(User).where(User.role == "admin", User.active).order_by(User.id)))


def held_notices(session: Session, user_id: int, now: datetime) -> list[NoticeRow]:
    """List for its sender what a person is to be told by now, the oldest first."""
    query = select(NoticeRow).where(NoticeRow.user_id == user_id, NoticeRow.state == HELD, NoticeRow.due_at <= now)
    return list(session.scalars(query.order_by(NoticeRow.at, NoticeRow.id).with_for_update()))


def sent_notices(session: Session, user_id: int, since: datetime) -> list[NoticeRow]:
    """List what a person was told since then."""
    query = select(NoticeRow).where(NoticeRow.user_id == user_id, NoticeRow.state == SENT, NoticeRow.sent_at >= since)
    return list(session.scalars(query.order_by(NoticeRow.sent_at, NoticeRow.id)))


def forget_notices(session: Session, before: datetime) -> None:
    """Delete what was told, or was to be, long ago."""
    session.execute(delete(NoticeRow).where(NoticeRow.at < before))


def subscriptions_of(session: Session, user_id: int) -> list[PushSubscription]:
    """List the browsers that show a person's notices, the oldest first."""
    query = select(PushSubscription).where(PushSubscription.user_id == user_id)
    return list(session.scalars(query.order_by(PushSubscription.id)))


def subscription_at(session: Session, endpoint: str) -> PushSubscription | None:
    """Find a subscription by the address that its browser gave."""
    return session.scalar(select(PushSubscription).where(PushSubscription.endpoint == endpoint))


def webhooks(session: Session, states: Collection[str] = ("on", "off", "gone")) -> list[Webhook]:
    """List the webhooks in these states, the oldest first."""
    return list(session.scalars(select(Webhook).where(Webhook.state.in_(states)).order_by(Webhook.id)))
