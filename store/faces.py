"""Sealed face references: of participants, deleted with them, and of photos, deleted with their room's people."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base


class FaceReference(Base):
    """What a student's face was like at the system check, sealed by rooms/identity/field_cipher.py."""

    __tablename__ = "face_references"

    participant_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    taken_at: Mapped[datetime]


class ReferencePhoto(Base):
    """What a student's face is like on a photo that a teacher gave, sealed likewise; the photo itself is not kept."""

    __tablename__ = "reference_photos"
    __table_args__ = (UniqueConstraint("room_id", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Opaque, uuid4 hex."""
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(255))
    """Whom it is for, as rooms/identity/photo_names.py writes it: everybody of a name, or one participant."""
    name: Mapped[str] = mapped_column(String(60))
    """The student's name as the teacher knows it."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    given_by: Mapped[int]
    given_at: Mapped[datetime]


def photo_of(session: Session, room_id: str, keys: Collection[str]) -> ReferencePhoto | None:
    """Find the photo that was given under one of these keys."""
    query = select(ReferencePhoto).where(ReferencePhoto.room_id == room_id, ReferencePhoto.key.in_(keys))
    return session.scalars(query).first()


def photos_of(session: Session, room_id: str) -> list[ReferencePhoto]:
    """List the photos of a room by name."""
    query = select(ReferencePhoto).where(ReferencePhoto.room_id == room_id)
    return list(session.scalars(query.order_by(ReferencePhoto.name, ReferencePhoto.given_at)))
