"""`python -m tests.jobs.scribe ADDRESS FILE LEASE_S`: does jobs that write a line, until it is killed.

A job with `hold` says that it began and goes no further, so that a test can kill it in the middle.
"""

from __future__ import annotations

import os
import sys
import threading
from functools import partial
from logging import getLogger
from pathlib import Path

from core.clock import SystemClock
from core.delivery.attempts import Keep
from core.event_log import EventLog
from jobs.base import JobKind, Task
from jobs.ground import Ground
from jobs.queue import JobQueue
from jobs.worker import Worker
from settings import load_settings
from store.delivery.outbox import enqueue
from store.session import Database
from tests.jobs.outbox import now_of


def write(path: Path, ground: Ground, task: Task) -> Keep:
    """Write a line, and have a row made of it with the job's end."""
    with path.open("a") as stream:
        stream.write(f"{task.payload['number']} {os.getpid()} {task.attempt}\n")
    if task.payload.get("hold") and task.attempt == 1:
        threading.Event().wait()
    number = task.payload["number"]
    return lambda session: enqueue(session, "kept", {"number": number}, now_of(ground), subject=f"kept/{number}")


def main(address: str, path: str, lease_s: str) -> None:
    """Work until killed."""
    kinds = {"write": JobKind("write", "Write", partial(write, Path(path)))}
    ground = Ground(
        settings=load_settings({}, data_dir=Path(path).parent),
        database=Database(address),
        clock=SystemClock(),
        event_log=EventLog(getLogger("tests.scribe")),
        rules={},
    )
    queue = JobQueue(ground.database, ground.clock, kinds, f"scribe-{os.getpid()}", float(lease_s))
    Worker(queue, ground, kinds, renew_s=float(lease_s) / 3).run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
