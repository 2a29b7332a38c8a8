"""Does jobs until it is told to stop: a few short ones and one that takes long at a time, each in a thread."""

import logging
import os
import threading
from collections.abc import Mapping
from functools import partial

from core.delivery.attempts import GivenUp, Keep, Unsuccessful
from jobs.base import JobKind, Task
from jobs.ground import Ground
from jobs.queue import LEASE_S, JobQueue
from store.delivery.outbox import JobRow
from store.errors import StoreUnavailable

POLL_S = 0.5
"""Between two looks at an outbox in which nothing was due."""
SHORT_AT_ONCE, SLOW_AT_ONCE = 4, 1
ALIVE_S, SWEEP_S = 10.0, 3600.0
STOP_S = 3.0
"""How long a stop waits for jobs that are being done; others take the rest."""

logger = logging.getLogger(__name__)


class Worker:
    """Takes what is due and does it; a fault of one job harms no other."""

    def __init__(
        self, queue: JobQueue, ground: Ground, kinds: Mapping[str, JobKind], renew_s: float = LEASE_S / 3
    ) -> None:
        self._queue = queue
        self._ground = ground
        self._kinds = kinds
        self._renew_s = renew_s
        self._running: dict[int, JobRow] = {}
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._due: dict[str, float] = {}

    def run(self, stopping: threading.Event) -> None:
        """Do jobs until `stopping` is set."""
        while not stopping.is_set():
            try:
                began = self.look_around()
            except StoreUnavailable as error:
                self._ground.event_log.warn("jobs-wait", why=error.why)
                began = 0
            except Exception:
                logger.exception("looking for jobs failed")
                began = 0
            if not began:
                self._bell.wait(POLL_S)
                self._bell.clear()
        self._stop()

    def ring(self) -> None:
        """Have it look again at once."""
        self._bell.set()

    def look_around(self) -> int:
        """Do what is due now, and begin the jobs that there is room for; return how many."""
        if self._is_time("alive", ALIVE_S):
            self._queue.say_alive(os.getpid())
        if self._is_time("renew", self._renew_s):
            self._queue.renew(self._held())
        if self._is_time("sweep", SWEEP_S):
            self._queue.sweep()
        if not self._queue.is_any_due(self._kinds.keys()):
            return 0
        return self._begin(is_slow=False, most=SHORT_AT_ONCE) + self._begin(is_slow=True, most=SLOW_AT_ONCE)

    def do(self, row: JobRow) -> None:
        """Do one job that was taken, and end it."""
        kind = self._kinds[row.kind]
        task = Task(row.id, row.kind, row.payload, row.attempts, partial(self._queue.progress, row))
        try:
            self._queue.finish(row, kind.run(self._ground, task))
        except Unsuccessful as error:
            self._failed(row, str(error), isinstance(error, GivenUp), error.keep)
        except StoreUnavailable as error:
            self._failed(row, error.why)
        except Exception as error:
            logger.exception("job %d (%s) failed", row.id, row.kind)
            self._failed(row, f"{type(error).__name__}: {error}")

    def _failed(self, row: JobRow, why: str, for_good: bool = False, keep: Keep | None = None) -> None:
        try:
            again = self._queue.fail(row, why, for_good, keep)
        except StoreUnavailable:
            return  # its lease ends by itself
        facts = {"job": row.id, "kind": row.kind, "attempt": row.attempts, "why": why}
        self._ground.event_log.warn("job-retried" if again else "job-failed", **facts)

    def _begin(self, is_slow: bool, most: int) -> int:
        names = [name for name, kind in self._kinds.items() if kind.is_slow == is_slow]
        with self._lock:
            room = most - sum(self._kinds[row.kind].is_slow == is_slow for row in self._running.values())
        taken = self._queue.take(names, room) if room > 0 and names else []
        for row in taken:
            with self._lock:
                self._running[row.id] = row
            # a daemon: one that hangs must not keep the process from ending
            threading.Thread(target=self._do_and_forget, args=(row,), name=f"job-{row.id}", daemon=True).start()
        return len(taken)

    def _do_and_forget(self, row: JobRow) -> None:
        try:
            self.do(row)
        finally:
            with self._lock:
                self._running.pop(row.id, None)
            self._bell.set()

    def _held(self) -> list[int]:
        with self._lock:
            return list(self._running)

    def _is_time(self, what: str, every: float) -> bool:
        now = self._ground.clock.now()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every
        return True

    def _stop(self) -> None:
        deadline = threading.Event()
        timer = threading.Timer(STOP_S, deadline.set)
        timer.daemon = True
        timer.start()
        while self._held() and not deadline.is_set():
            self._bell.wait(0.1)
            self._bell.clear()
        timer.cancel()
        try:
            self._queue.leave()
        except StoreUnavailable as error:
            self._ground.event_log.warn("jobs-wait", why=error.why)
