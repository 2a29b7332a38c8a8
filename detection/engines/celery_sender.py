"""Sends the frames that wait: at once after a pause, and those of one short tick together."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence

from redis.exceptions import RedisError

from detection.analysis.messages import Look
from detection.engines.celery_app import BATCH, queue_of
from detection.engines.celery_claims import Claims, place_of
from detection.engines.celery_frames import FramesUnderWay, Given
from detection.engines.celery_peer import Terms
from detection.engines.celery_publisher import Task, TaskPublisher

MOST_IN_TASK = 16


class FrameSender:
    """Lays pictures down in Redis and names them in one task for each worker and sixteen pictures."""

    def __init__(
        self, server: str, frames: FramesUnderWay, claims: Claims, publisher: TaskPublisher, terms: Terms
    ) -> None:
        self._server, self._frames, self._terms = server, frames, terms
        self._claims, self._publisher = claims, publisher
        self._lock = threading.Lock()
        # Not a condition: that makes a lock anew for each wait.
        self._bell, self._is_rung, self._is_asleep = threading.Lock(), False, True
        self._bell.acquire()  # released to wake the thread that sends, which alone knows whether it sleeps

    def ring(self) -> None:
        """Wake the thread that sends: there is something for it."""
        with self._lock:
            if not self._is_rung:
                self._is_rung = True
                self._bell.release()

    def step(self) -> None:
        """Send what waits: at once after a pause, else each tick what came in it, until nothing did."""
        if self._is_asleep:
            self._bell.acquire()
        with self._lock:
            ready = self._frames.to_send()
            self._is_asleep = not ready
            self._is_rung = bool(ready)
        if ready:
            self._send(ready, time.monotonic())
            time.sleep(self._terms.tick)

    def _send(self, ready: Sequence[Given], now: float) -> None:
        looks, refs = list[tuple[Look, float]](), dict[str, list[tuple[str, int]]]()
        for peer, job in ready:
            look = job.look()
            looks.append((look, self._terms.age - (now - job.since)))
            refs.setdefault(peer.told.name, []).append((place_of(look), job.number))
        try:
            self._claims.lay_down(self._server, looks)
            self._publisher.send(self._tasks(refs))
        except RedisError:
            self._frames.give_up(ready, "Redis cannot be reached")
            raise

    def _tasks(self, refs: Mapping[str, Sequence[tuple[str, int]]]) -> Iterable[Task]:
        for name, named in refs.items():
            for start in range(0, len(named), MOST_IN_TASK):
                some = named[start : start + MOST_IN_TASK]
                yield Task(queue_of(name), BATCH, (self._server, some), self._terms.age)
