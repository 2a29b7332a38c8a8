"""People who log in, and the invitations that let them in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base


class User(Base):
    """A teacher or administrator with an account."""

    __tablename__ = "users"
    # the constraint keeps the name it was made with: SQLite cannot rename one without making the table anew
    __table_args__ = (UniqueConstraint("email", name="uq_people_email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    """As the person typed it, normalised, lower case."""
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    """`admin` or `teacher`."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    session_version: Mapped[int] = mapped_column(default=1)
    """Grows at a log-out and when the password changes: older log-ins and tickets end."""


class Invitation(Base):
    """A link that lets one person register, or join a room as co-teacher; the token itself is never kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 in hex."""
    purpose: Mapped[str] = mapped_column(String(16))
    """`register` or `co_teach`."""
    room_id: Mapped[str | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


def user_by_email(session: Session, email: str) -> User | None:
    """Find an account by its normalised address."""
    return session.scalar(select(User).where(User.email == email.lower()))


def count_users(session: Session) -> int:
    """Count all accounts; zero means the next one becomes administrator."""
    return session.scalar(select(func.count()).select_from(User)) or 0


def invitation_by_hash(session: Session, token_hash: str) -> Invitation | None:
    """Find an invitation by the hash of its token."""
    return session.scalar(select(Invitation).where(Invitation.token_hash == token_hash))
