"""Puts the process of jobs together and runs it: as the command `app.py jobs`, or as a child of the server."""

import logging
import os
import secrets
import signal
import threading

from core.clock import SystemClock
from core.event_log import EventLog
from detection.runtime.catalogue import rule_catalogue
from jobs.ground import Ground
from jobs.kinds import KINDS
from jobs.queue import JobQueue
from jobs.worker import Worker
from serving import logs
from settings import Settings
from store.database.opening import open_database


def jobs_worker(settings: Settings) -> Worker:
    """Return what does jobs, on the database of these settings."""
    ground = Ground(
        settings=settings,
        database=open_database(settings.database()),
        clock=SystemClock(),
        event_log=EventLog(logging.getLogger(logs.EVENT_LOG)),
        rules=rule_catalogue(),
    )
    holder = f"{os.getpid()}-{secrets.token_hex(8)}"
    return Worker(JobQueue(ground.database, ground.clock, KINDS, holder), ground, KINDS)


def run_jobs(settings: Settings) -> int:
    """Do jobs until a signal says that it is enough."""
    worker, stopping = jobs_worker(settings), threading.Event()

    def stop(_number: int, _frame: object) -> None:
        stopping.set()
        worker.ring()

    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, stop)
    logging.getLogger(logs.EVENT_LOG).info("jobs-start pid=%d", os.getpid())
    worker.run(stopping)
    logging.getLogger(logs.EVENT_LOG).info("jobs-stop")
    return 0
