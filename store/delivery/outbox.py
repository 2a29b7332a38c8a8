"""The outbox: what is to be done outside the web process, one row a job, and the processes that do it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, String, Text, and_, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base

WAITING, DONE, FAILED = "waiting", "done", "failed"
MOST_ERROR = 500
"""Characters that are kept of an error."""


class JobRow(Base):
    """One job: it waits, is leased to a process while that does it, and ends done or failed."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_due", "state", "due_at"),
        Index("ix_outbox_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    """A name of jobs/kinds."""
    subject: Mapped[str] = mapped_column(String(120), default="")
    """What it is about, for whoever looks for it: such as `report/<room>`."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    """`waiting`, also while it is done; `done` or `failed`."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was begun."""
    holder: Mapped[str] = mapped_column(String(40), default="")
    """Which process does it, or did last."""
    leased_until: Mapped[datetime | None]
    """Until then nobody else may take it."""
    progress: Mapped[int] = mapped_column(default=0)
    """Percent."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why it failed last, in words for an administrator."""
    ended_at: Mapped[datetime | None]


class JobProcessRow(Base):
    """A process that does jobs, and when it last said that it is there."""

    __tablename__ = "job_processes"

    holder: Mapped[str] = mapped_column(String(40), primary_key=True)
    pid: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """How the outbox is, for the page of the server."""

    waiting: int
    """Whose time has come, and those that are being done."""
    later: int
    oldest: datetime | None
    """Since when the longest waiting job is due."""
    retried: tuple[JobRow, ...]
    """Those that failed and are tried again, the oldest first."""
    failed: tuple[JobRow, ...]
    """Those that were given up, the last first."""


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    due: datetime | None = None,
    subject: str = "",
) -> JobRow:
    """Add a job: one short insert; it is done when the session's transaction is kept, and not before `due`."""
    row = JobRow(kind=kind, payload=dict(payload), created_at=now, due_at=due or now, subject=subject)
    session.add(row)
    return row


def is_any_due(session: Session, kinds: Collection[str], now: datetime) -> bool:
    """Say whether any job of these kinds may be taken now."""
    return session.scalar(select(JobRow.id).where(_is_free(kinds, now)).limit(1)) is not None


def take_due(
    session: Session, kinds: Collection[str], now: datetime, until: datetime, holder: str, limit: int
) -> list[JobRow]:
    """Lease jobs that are due to `holder`, the longest waiting first; two who ask at once get different ones."""
    query = select(JobRow).where(_is_free(kinds, now)).order_by(JobRow.due_at, JobRow.id).limit(limit)
    rows = list(session.scalars(query.with_for_update(skip_locked=True)))
    for row in rows:
        row.holder, row.leased_until, row.attempts = holder, until, row.attempts + 1
    return rows


def held_job(session: Session, job: int, holder: str, attempt: int) -> JobRow | None:
    """Return a job for whoever did it to change; None where somebody else has it by now."""
    query = select(JobRow).where(
        JobRow.id == job, JobRow.holder == holder, JobRow.attempts == attempt, JobRow.state == WAITING
    )
    return session.scalar(query.with_for_update())


def renew_leases(session: Session, jobs: Collection[int], holder: str, until: datetime) -> None:
    """Go on with jobs that take long."""
    mine = and_(JobRow.id.in_(jobs), JobRow.holder == holder, JobRow.state == WAITING)
    session.execute(update(JobRow).where(mine).values(leased_until=until))


def last_about(session: Session, subject: str) -> JobRow | None:
    """Return the newest job about something."""
    return session.scalars(select(JobRow).where(JobRow.subject == subject).order_by(JobRow.id.desc()).limit(1)).first()


def forget_ended(session: Session, done_before: datetime, failed_before: datetime) -> None:
    """Delete jobs that ended long ago."""
    for state, before in ((DONE, done_before), (FAILED, failed_before)):
        session.execute(delete(JobRow).where(JobRow.state == state, JobRow.ended_at < before))


def outbox_figures(session: Session, now: datetime, most: int = 5) -> OutboxFigures:
    """Count what waits and list what goes wrong, at most `most` of each kind of trouble."""
    waits = JobRow.state == WAITING
    is_due = and_(waits, JobRow.due_at <= now)
    again = select(JobRow).where(waits, JobRow.error != "").order_by(JobRow.id).limit(most)
    failed = select(JobRow).where(JobRow.state == FAILED).order_by(JobRow.ended_at.desc(), JobRow.id.desc()).limit(most)
    return OutboxFigures(
        waiting=session.scalar(select(func.count()).select_from(JobRow).where(is_due)) or 0,
        later=session.scalar(select(func.count()).select_from(JobRow).where(waits, JobRow.due_at > now)) or 0,
        oldest=session.scalar(select(func.min(JobRow.due_at)).where(is_due)),
        retried=tuple(session.scalars(again)),
        failed=tuple(session.scalars(failed)),
    )


def say_alive(session: Session, holder: str, pid: int, now: datetime, forgotten: timedelta) -> None:
    """Note that a process is there, and forget those that have not said so for long."""
    row = session.get(JobProcessRow, holder)
    if row is None:
        session.add(JobProcessRow(holder=holder, pid=pid, started_at=now, seen_at=now))
    else:
        row.seen_at = now
    session.execute(delete(JobProcessRow).where(JobProcessRow.seen_at < now - forgotten))


def say_gone(session: Session, holder: str) -> None:
    """Note that a process ends, and let others take at once what it did not finish."""
    session.execute(delete(JobProcessRow).where(JobProcessRow.holder == holder))
    mine = and_(JobRow.holder == holder, JobRow.state == WAITING)
    session.execute(update(JobRow).where(mine).values(leased_until=None))


def job_processes(session: Session, since: datetime) -> list[JobProcessRow]:
    """List the processes that said since then that they are there."""
    query = select(JobProcessRow).where(JobProcessRow.seen_at >= since)
    return list(session.scalars(query.order_by(JobProcessRow.started_at, JobProcessRow.holder)))


def _is_free(kinds: Collection[str], now: datetime) -> Any:
    not_held = or_(JobRow.leased_until.is_(None), JobRow.leased_until <= now)
    return and_(JobRow.state == WAITING, JobRow.due_at <= now, JobRow.kind.in_(kinds), not_held)
