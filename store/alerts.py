"""Alerts as rows; their pictures lie in the evidence folder."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.rooms import Room
from store.session import Base

RIGHT, WRONG = "acknowledged", "dismissed"
"""What teachers say of an alert; until then it is `new`."""
OF_ROOM = "room."
"""What the id of an incident of a whole room begins with: it is nobody's fault."""


class AlertRow(Base):
    """One alert: what, who, when, why, and what a teacher made of it."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_room_raised", "room_id", "raised_at"),
        Index("ix_alerts_room_incident", "room_id", "incident_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(16), default="webcam")
    kind: Mapped[str] = mapped_column(String(32))
    severity: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    evidence: Mapped[str | None] = mapped_column(String(120))
    """File name below the room's evidence folder, or None."""
    incident_id: Mapped[str] = mapped_column(String(40), server_default="")
    """The incident it belongs to; rooms/alerts/incidents.py gives the ids."""
    verdict: Mapped[str] = mapped_column(String(12), default="new")
    """`new`, `acknowledged`, `dismissed`."""
    note: Mapped[str] = mapped_column(Text, default="")
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    handled_at: Mapped[datetime | None]


def alerts_of(session: Session, room_id: str, before: datetime | None = None, limit: int = 200) -> list[AlertRow]:
    """List a room's alerts, newest first; `before` continues an earlier page."""
    query = select(AlertRow).where(AlertRow.room_id == room_id)
    if before is not None:
        query = query.where(AlertRow.raised_at < before)
    return list(session.scalars(query.order_by(AlertRow.raised_at.desc(), AlertRow.id).limit(limit)))


def alerts_of_incident(session: Session, room_id: str, incident_id: str) -> list[AlertRow]:
    """List the alerts of one incident of a room, oldest first."""
    query = select(AlertRow).where(AlertRow.room_id == room_id, AlertRow.incident_id == incident_id)
    return list(session.scalars(query.order_by(AlertRow.raised_at, AlertRow.id)))


def alerts_to_show(
    session: Session, room_id: str, before: datetime, incidents: Collection[str], limit: int
) -> list[AlertRow]:
    """List older alerts that a page needs at once, newest first: of these incidents, and of those to be reviewed."""
    is_open = select(AlertRow.incident_id).where(
        AlertRow.room_id == room_id,
        AlertRow.verdict == "new",
        or_(AlertRow.severity != "notice", AlertRow.incident_id.startswith(OF_ROOM)),
    )
    query = select(AlertRow).where(
        AlertRow.room_id == room_id,
        AlertRow.raised_at < before,
        or_(AlertRow.incident_id.in_(incidents), AlertRow.incident_id.in_(is_open)),
    )
    return list(session.scalars(query.order_by(AlertRow.raised_at.desc(), AlertRow.id).limit(limit)))


def alerts_since(session: Session, room_id: str, since: datetime) -> list[AlertRow]:
    """List the alerts of a room that were raised since then, oldest first."""
    query = select(AlertRow).where(AlertRow.room_id == room_id, AlertRow.raised_at >= since)
    return list(session.scalars(query.order_by(AlertRow.raised_at, AlertRow.id)))


def unjudged_critical(session: Session, rooms: Collection[str], since: datetime) -> list[AlertRow]:
    """List the critical alerts of some rooms that were raised since then and wait for a verdict, oldest first."""
    query = select(AlertRow).where(
        AlertRow.room_id.in_(rooms),
        AlertRow.raised_at >= since,
        AlertRow.severity == "critical",
        AlertRow.verdict == "new",
    )
    return list(session.scalars(query.order_by(AlertRow.raised_at, AlertRow.id)))


def open_alerts(session: Session, room_id: str) -> list[AlertRow]:
    """List the alerts in a room that have not ended."""
    query = select(AlertRow).where(AlertRow.room_id == room_id, AlertRow.ended_at.is_(None))
    return list(session.scalars(query.order_by(AlertRow.id)))


def end_open_alerts(session: Session, room_id: str, at: datetime, but: Collection[str] = ()) -> int:
    """Close every open alert of the room but some (ids) and return how many: after a crash nobody else will."""
    query = update(AlertRow).where(AlertRow.room_id == room_id, AlertRow.ended_at.is_(None), AlertRow.id.not_in(but))
    return int(session.execute(query.values(ended_at=at)).rowcount)  # type: ignore[attr-defined]  # CursorResult


def verdict_counts(session: Session, room_id: str) -> dict[str, tuple[int, int]]:
    """Count by kind the incidents of a room that teachers called right and wrong: one verdict counts once.

    What the whole room had in common is left out: a verdict on that says nothing of how right the kind is.
    """
    query = select(AlertRow.kind, AlertRow.verdict, func.count(AlertRow.incident_id.distinct())).where(
        AlertRow.room_id == room_id,
        AlertRow.verdict.in_((RIGHT, WRONG)),
        ~AlertRow.incident_id.startswith(OF_ROOM),
    )
    counts: dict[str, tuple[int, int]] = {}
    for kind, verdict, count in session.execute(query.group_by(AlertRow.kind, AlertRow.verdict)):
        right, wrong = counts.get(kind, (0, 0))
        counts[kind] = (right + count, wrong) if verdict == RIGHT else (right, wrong + count)
    return counts


def judged_alerts(session: Session, kind: str) -> list[tuple[AlertRow, Room]]:
    """List the alerts of a kind with a picture that teachers called right or wrong, each with its room, oldest first.

    What a whole room had in common is left out, as in `verdict_counts`.
    """
    query = select(AlertRow, Room).join(Room, Room.id == AlertRow.room_id)
    query = query.where(
        AlertRow.kind == kind,
        AlertRow.verdict.in_((RIGHT, WRONG)),
        AlertRow.evidence.is_not(None),
        ~AlertRow.incident_id.startswith(OF_ROOM),
    )
    return [(row, room) for row, room in session.execute(query.order_by(AlertRow.raised_at, AlertRow.id))]


def weighty_alerts(session: Session, room_id: str) -> list[AlertRow]:
    """List the alerts of a room that may count against somebody: neither notices nor what was called wrong."""
    query = select(AlertRow).where(AlertRow.room_id == room_id, AlertRow.severity != "notice")
    return list(session.scalars(query.where(AlertRow.verdict != WRONG)))


def all_alerts(session: Session, room_id: str) -> list[AlertRow]:
    """List every alert of a room, in the order in which they began."""
    query = select(AlertRow).where(AlertRow.room_id == room_id)
    return list(session.scalars(query.order_by(AlertRow.started_at, AlertRow.id)))
