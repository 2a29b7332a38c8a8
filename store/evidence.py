"""What is kept beside the capsules' files: which there are, the chain of each room, keys, checkpoints, holds."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base

PENDING, SEALED, EMPTY, FAILED, ERASED = "pending", "sealed", "empty", "failed", "erased"
"""States of a capsule: still to be sealed, kept, no picture came, could not be kept, erased by a teacher."""


class CapsuleRow(Base):
    """The capsule of one alert; its file lies in the folder of capsules while it is sealed.

    It is kept apart from its alert, which may still wait for the database when the capsule is written.
    """

    __tablename__ = "capsules"
    __table_args__ = (Index("ix_capsules_room_participant", "room_id", "participant_id"),)

    alert_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    incident_id: Mapped[str] = mapped_column(String(40), default="")
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    frames: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    """Bytes of the file, sealed."""
    manifest_hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 in hex."""
    chain_index: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(8), default=PENDING)
    why: Mapped[str] = mapped_column(Text, default="")
    """Of one that failed: the reason, an English text that is also the key of its translation."""


class ChainRow(Base):
    """One entry of a room's chain (evidence/chain.py); it stays when what it commits to is erased."""

    __tablename__ = "chain_entries"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class RecordRow(Base):
    """The half of an entry that can be erased; it belongs to a participant, or to nobody."""

    __tablename__ = "chain_records"
    __table_args__ = (Index("ix_chain_records_room_participant", "room_id", "participant_id"),)

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    participant_id: Mapped[str | None] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class CheckpointRow(Base):
    """A signed note that was given out when the chain had so many entries."""

    __tablename__ = "checkpoints"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class DataKeyRow(Base):
    """The key that seals what belongs to one participant, itself sealed by the server's (evidence/sealing.py)."""

    __tablename__ = "data_keys"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    """`room/participant`."""
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class HoldRow(Base):
    """That a teacher held the evidence of a room, so that its age does not delete it, and when that ended."""

    __tablename__ = "evidence_holds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    held_by: Mapped[str] = mapped_column(String(255))
    held_at: Mapped[datetime]
    released_by: Mapped[str] = mapped_column(String(255), default="")
    released_at: Mapped[datetime | None]


OF_A_ROOM = (CapsuleRow, ChainRow, RecordRow, CheckpointRow, DataKeyRow, HoldRow)


def drop_evidence(session: Session, rooms: Collection[str]) -> None:
    """Delete all rows about the evidence of some rooms."""
    for table in OF_A_ROOM:
        session.execute(delete(table).where(table.room_id.in_(rooms)))


# ------------------------------------------------------------------------------------ capsules


def capsules_of(session: Session, room_id: str, participant_id: str | None = None) -> list[CapsuleRow]:
    """List the capsules of a room, or of one participant, in the order of time."""
    query = select(CapsuleRow).where(CapsuleRow.room_id == room_id)
    if participant_id is not None:
        query = query.where(CapsuleRow.participant_id == participant_id)
    return list(session.scalars(query.order_by(CapsuleRow.began_at, CapsuleRow.alert_id)))


def pending_capsules(session: Session) -> list[CapsuleRow]:
    """List the capsules of all rooms that were never sealed."""
    return list(session.scalars(select(CapsuleRow).where(CapsuleRow.state == PENDING)))


# ------------------------------------------------------------------------------------ chain


def last_entry(session: Session, room_id: str) -> ChainRow | None:
    """Return the last entry of a room's chain."""
    query = select(ChainRow).where(ChainRow.room_id == room_id).order_by(ChainRow.position.desc()).limit(1)
    return session.scalars(query).first()


def chain_of(session: Session, room_id: str) -> list[ChainRow]:
    """List the entries of a room's chain in their order."""
    query = select(ChainRow).where(ChainRow.room_id == room_id)
    return list(session.scalars(query.order_by(ChainRow.position)))


def records_of_chain(session: Session, room_id: str, participant_id: str | None = None) -> list[RecordRow]:
    """List the records of a room that are still there, or those of one participant, in their order."""
    query = select(RecordRow).where(RecordRow.room_id == room_id)
    if participant_id is not None:
        query = query.where(RecordRow.participant_id == participant_id)
    return list(session.scalars(query.order_by(RecordRow.position)))


def drop_records(session: Session, room_id: str, positions: Collection[int]) -> None:
    """Delete the records of some entries of a room's chain."""
    of_room = RecordRow.room_id == room_id
    session.execute(delete(RecordRow).where(of_room, RecordRow.position.in_(positions)))


def checkpoints_of(session: Session, room_id: str) -> list[CheckpointRow]:
    """List the checkpoints of a room that were given out, the smallest first."""
    query = select(CheckpointRow).where(CheckpointRow.room_id == room_id)
    return list(session.scalars(query.order_by(CheckpointRow.size)))


def checkpoint_size(session: Session, room_id: str) -> int:
    """Return how many entries the last checkpoint of a room covers; 0 where there is none."""
    query = select(func.max(CheckpointRow.size)).where(CheckpointRow.room_id == room_id)
    return int(session.scalar(query) or 0)


# ------------------------------------------------------------------------------------ holds


def hold_of(session: Session, room_id: str) -> HoldRow | None:
    """Return the hold on a room's evidence that was not released."""
    query = select(HoldRow).where(HoldRow.room_id == room_id, HoldRow.released_at.is_(None))
    return session.scalars(query.order_by(HoldRow.held_at)).first()


def held_rooms(session: Session) -> set[str]:
    """Return the rooms whose evidence is held."""
    return set(session.scalars(select(HoldRow.room_id).where(HoldRow.released_at.is_(None)).distinct()))
