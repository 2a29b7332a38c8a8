"""Sealed face references of participants; deleted with the participant."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.session import Base


class FaceReference(Base):
    """What a student's face was like at the system check, sealed by rooms/vault.py."""

    __tablename__ = "face_references"

    participant_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("participants.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    taken_at: Mapped[datetime]
