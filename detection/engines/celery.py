"""Analysis on any number of machines: pictures wait in Redis for Celery workers that may come and go.

Plain sockets, threads and clocks only: the server may have turned them into eventlet's, and both kinds must work.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from redis.exceptions import RedisError

from core.types import Frame
from detection.analysis.schedule import EVERYTHING, Plan
from detection.engines.base import Detectors, Listener
from detection.engines.celery_app import RELOAD, make_app, queue_of
from detection.engines.celery_claims import Claims, connect
from detection.engines.celery_frames import FramesUnderWay
from detection.engines.celery_peer import Peer, Terms
from detection.engines.celery_publisher import Task, TaskPublisher
from detection.engines.celery_sender import FrameSender
from detection.engines.celery_state import ClusterState

DEPTH = 4  # frames under way for each worker
LISTEN = 1.0  # seconds; the thread that listens looks so often whether it shall end

logger = logging.getLogger(__name__)


class CeleryEngine:
    """Hands the newest frame of each participant to the worker that knows them, and answers for each of them."""

    def __init__(
        self, redis_url: str, detectors: Iterable[str] = (), depth: int = DEPTH, terms: Terms | None = None
    ) -> None:
        self._server, self._terms = uuid.uuid4().hex, terms or Terms()
        self._app = make_app(redis_url)
        self._claims, self._publisher = Claims(connect(redis_url)), TaskPublisher(self._app)
        self._state = ClusterState(detectors, depth, self._terms)
        self._frames = FramesUnderWay(self._state, self._terms)
        self._sender = FrameSender(self._server, self._frames, self._claims, self._publisher, self._terms)
        self._stopping = threading.Event()
        self._listener: Listener | None = None
        self._threads = [
            threading.Thread(target=self._repeat, args=(step,), name=f"cluster-{name}", daemon=True)
            for name, step in (("send", self._sender.step), ("listen", self._listen), ("watch", self._watch))
        ]

    def start(self, listener: Listener) -> None:
        """Begin to look for workers; those that are there or come later are given frames."""
        self._listener = self._frames.listener = listener
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads and hang up; the workers stay, for they are not ours alone."""
        self._stopping.set()
        self._sender.ring()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self._frames.end()
        try:
            self._claims.clear(self._server)
        except RedisError:
            logger.info("Redis is not there any more; what it holds of us ends by itself")
        self._claims.close()
        self._publisher.close()
        self._app.close()

    def free(self) -> int:
        """Return how many frames can be submitted now; 0 while Redis cannot be reached."""
        return self._state.free(time.monotonic())

    def submit(self, frame: Frame, plan: Plan = EVERYTHING) -> bool:
        """Take the frame for the participant's own worker or else the one with most room; False when none has any.

        A frame that still waits to be sent is replaced by a newer one of the same camera, and counts as lost.
        """
        is_taken = self._frames.take(frame, plan)
        if is_taken:
            self._sender.ring()
        return is_taken

    def renew(self) -> None:
        """Have every worker load its detectors again; it takes no frames meanwhile."""
        self._reload(lambda _peer: True, everything=True)

    def recheck(self) -> None:
        """Have every worker that misses a model look for it again."""
        self._reload(Peer.lacks_models, everything=False)

    def every(self) -> Mapping[str, float]:
        """Return the detectors that are on at any worker, in the registry's order."""
        return self._state.every()

    def detectors(self) -> Detectors:
        """Return the detectors of the workers: off where any of them could not load it, or none is there."""
        return self._state.detectors()

    def health(self) -> Sequence[Mapping[str, Any]]:
        """Return one line for each worker, after one for Redis while it cannot be reached or nobody is there."""
        return self._state.health(time.monotonic())

    def _repeat(self, step: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                step()
            except RedisError as error:
                self._lose_broker(error)
                self._stopping.wait(self._terms.retry)
            except Exception:
                logger.exception("working with the cluster failed")
                self._stopping.wait(self._terms.retry)

    def _listen(self) -> None:
        for seen in self._claims.answers(self._server, LISTEN):
            self._frames.answered(seen)

    def _watch(self) -> None:
        """Look who is there, and answer for what nobody did."""
        self._frames.overdue()
        has_room = self._state.meet(self._claims.workers(), time.monotonic())
        self._frames.of_gone()
        if has_room and self._listener is not None:
            self._listener.has_room()
        self._stopping.wait(self._terms.poll)

    def _lose_broker(self, error: RedisError) -> None:
        self._state.lose_broker(error)
        self._frames.overdue()

    def _reload(self, fits: Callable[[Peer], bool], everything: bool) -> None:
        names = self._state.reload(fits, time.monotonic())
        try:
            self._publisher.send(Task(queue_of(name), RELOAD, (everything,), self._terms.reload) for name in names)
        except RedisError as error:
            self._lose_broker(error)
