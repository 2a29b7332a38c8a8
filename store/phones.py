"""Phones that belong to a student, and the invitations by which one gets there."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base


class PhoneRow(Base):
    """A phone that was paired; the next one of the same role takes its place."""

    __tablename__ = "phones"
    __table_args__ = (UniqueConstraint("participant_id", "role"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Opaque, uuid4 hex; what the phone's ticket and cookie name."""
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(8))
    """A role, such as `arm` (core.phone_roles.ROLES)."""
    paired_at: Mapped[datetime]


class PhoneInvitation(Base):
    """A link and a code that pair one phone, once and for some minutes; a newer one takes its place."""

    __tablename__ = "phone_invitations"

    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(8), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what the link's ticket names."""
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the code that is typed."""
    expires_at: Mapped[datetime]


def phones_of(session: Session, room_id: str) -> list[PhoneRow]:
    """List the phones of a room."""
    return list(session.scalars(select(PhoneRow).where(PhoneRow.room_id == room_id)))


def phone_of_role(session: Session, participant_id: str, role: str) -> PhoneRow | None:
    """Find the phone that a participant has for a role."""
    query = select(PhoneRow).where(PhoneRow.participant_id == participant_id, PhoneRow.role == role)
    return session.scalars(query).first()


def invitation_by_hash(session: Session, hashed: str) -> PhoneInvitation | None:
    """Find the invitation with this hash, be it of its link or of its code."""
    query = select(PhoneInvitation)
    return session.scalars(
        query.where((PhoneInvitation.token_hash == hashed) | (PhoneInvitation.code_hash == hashed))
    ).first()


def drop_old_invitations(session: Session, now: datetime) -> None:
    """Delete the invitations that nobody can use any more."""
    session.execute(delete(PhoneInvitation).where(PhoneInvitation.expires_at <= now))
