"""The outbox as one process of jobs sees it: take, go on with, end."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from core.clock import Clock
from core.delivery.attempts import Keep
from jobs.backoff import pause_after
from jobs.base import JobKind
from store.delivery.notices import forget_notices
from store.delivery.outbox import (
    DONE,
    FAILED,
    MOST_ERROR,
    JobRow,
    forget_ended,
    held_job,
    is_any_due,
    renew_leases,
    say_alive,
    say_gone,
    take_due,
)
from store.session import Database

LEASE_S = 30.0
"""A job whose process died is taken again after that; whoever works renews the lease in time (jobs/worker.py)."""
DONE_KEPT, FAILED_KEPT = timedelta(days=7), timedelta(days=30)
PROCESS_KEPT = timedelta(hours=1)
DIED = "its process ended in the middle of it, again and again"


class JobQueue:
    """Takes jobs of the outbox for one holder, and ends them; may be called from any thread."""

    def __init__(
        self, database: Database, clock: Clock, kinds: Mapping[str, JobKind], holder: str, lease_s: float = LEASE_S
    ) -> None:
        self._database = database
        self._clock = clock
        self._kinds = kinds
        self._holder = holder
        self._lease = timedelta(seconds=lease_s)

    def is_any_due(self, names: Collection[str]) -> bool:
        """Say whether any job of these kinds may be taken now."""
        with self._database.read() as session:
            return is_any_due(session, names, self._now())

    def take(self, names: Collection[str], limit: int) -> list[JobRow]:
        """Lease at most so many jobs of these kinds that are due; those that were begun too often are given up."""
        if not self.is_any_due(names):
            return []  # most of the time; nobody who writes is kept waiting by a look
        now = self._now()
        with self._database.session() as session:
            taken = take_due(session, names, now, now + self._lease, self._holder, limit)
            for row in taken:
                if row.attempts > self._kinds[row.kind].attempts:
                    _end(row, FAILED, now, row.error or DIED)
        return [row for row in taken if row.ended_at is None]

    def renew(self, jobs: Collection[int]) -> None:
        """Hold these jobs for longer."""
        if jobs:
            with self._database.session() as session:
                renew_leases(session, jobs, self._holder, self._now() + self._lease)

    def progress(self, row: JobRow, percent: int) -> None:
        """Tell how far a job is."""
        with self._database.session() as session:
            held = held_job(session, row.id, self._holder, row.attempts)
            if held is not None:
                held.progress = percent

    def finish(self, row: JobRow, keep: Keep | None) -> bool:
        """End a job that was done, together with what comes of it; False where somebody else has it by now."""
        with self._database.session() as session:
            held = held_job(session, row.id, self._holder, row.attempts)
            if held is None:
                return False
            if keep is not None:
                keep(session)
            held.progress = 100
            _end(held, DONE, self._now(), "")
        return True

    def fail(self, row: JobRow, why: str, for_good: bool, keep: Keep | None = None) -> bool:
        """Note that a job failed, together with what is to be remembered of it; say whether it is tried again."""
        now, again = self._now(), not for_good and row.attempts < self._kinds[row.kind].attempts
        with self._database.session() as session:
            held = held_job(session, row.id, self._holder, row.attempts)
            if held is None:
                return True
            if keep is not None:
                keep(session)
            if not again:
                _end(held, FAILED, now, why)
            else:
                held.error, held.leased_until = why[:MOST_ERROR], None
                held.due_at = now + timedelta(seconds=pause_after(row.attempts))
        return again

    def say_alive(self, pid: int) -> None:
        """Tell the page of the server that this process is there."""
        with self._database.session() as session:
            say_alive(session, self._holder, pid, self._now(), PROCESS_KEPT)

    def leave(self) -> None:
        """Let others take at once what was not finished."""
        with self._database.session() as session:
            say_gone(session, self._holder)

    def sweep(self) -> None:
        """Delete jobs and notices that ended long ago."""
        now = self._now()
        with self._database.session() as session:
            forget_ended(session, now - DONE_KEPT, now - FAILED_KEPT)
            forget_notices(session, now - FAILED_KEPT)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)


def _end(row: JobRow, state: str, now: datetime, error: str) -> None:
    row.state, row.ended_at, row.leased_until, row.error = state, now, None, error[:MOST_ERROR]
