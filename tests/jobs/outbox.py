"""Jobs put into an outbox, and read from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jobs.base import JobKind
from jobs.ground import Ground
from jobs.queue import JobQueue
from jobs.worker import Worker
from store.delivery.outbox import JobRow, enqueue


def now_of(ground: Ground) -> datetime:
    """The time of the test."""
    return datetime.fromtimestamp(ground.clock.now(), UTC)


def put(ground: Ground, kind: str, /, **payload: Any) -> int:
    """Put a job into the outbox."""
    with ground.database.session() as session:
        row = enqueue(session, kind, payload, now_of(ground))
        session.flush()
        return row.id


def row_of(ground: Ground, job: int) -> JobRow:
    """A job as the database has it."""
    with ground.database.read() as session:
        return session.get_one(JobRow, job)


def queue_of(ground: Ground, kinds: Mapping[str, JobKind], holder: str = "one") -> JobQueue:
    """The outbox as one process sees it."""
    return JobQueue(ground.database, ground.clock, kinds, holder)


def do_due(ground: Ground, kinds: Mapping[str, JobKind], holder: str = "one") -> int:
    """Do what is due, in this thread; say how many jobs that were."""
    queue = queue_of(ground, kinds, holder)
    worker = Worker(queue, ground, kinds)
    done = 0
    while rows := queue.take(list(kinds), 10):
        for row in rows:
            worker.do(row)
            done += 1
    return done
