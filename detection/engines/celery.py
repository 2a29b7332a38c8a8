"""Analysis on any number of machines: pictures wait in Redis for Celery workers that may come and go.

Plain sockets, threads and clocks only: the server may have turned them into eventlet's, and both kinds must work.
"""

import logging
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from redis.exceptions import RedisError

from core.types import Frame
from detection.analysis.messages import Look, Seen
from detection.analysis.schedule import EVERYTHING, Plan
from detection.detectors import in_order
from detection.engines.base import Detectors, Listener, Outcome
from detection.engines.celery_app import BATCH, RELOAD, TaskForm, make_app, queue_of
from detection.engines.celery_claims import STALE, Announcement, Claims, Task, connect, place_of
from detection.engines.celery_peer import Job, Peer, Place, Terms

DEPTH = 4  # frames under way for each worker
MOST_IN_TASK = 16
LISTEN = 1.0  # seconds; the thread that listens looks so often whether it shall end
NOBODY = "no analysis worker has reported yet"

logger = logging.getLogger(__name__)


class CeleryEngine:
    """Hands the newest frame of each participant to the worker that knows them, and answers for each of them."""

    def __init__(
        self, redis_url: str, detectors: Iterable[str] = (), depth: int = DEPTH, terms: Terms | None = None
    ) -> None:
        self._server = uuid.uuid4().hex
        self._expected, self._depth, self._terms = tuple(detectors), depth, terms or Terms()
        self._app = make_app(redis_url)
        self._batch, self._reloading = TaskForm(self._app, BATCH), TaskForm(self._app, RELOAD)
        self._claims = Claims(connect(redis_url))
        self._peers: dict[str, Peer] = {}
        self._waiting: dict[Place, tuple[Peer, Job]] = {}
        self._number = 0
        self._down: str | None = "not reached yet"
        self._breaks = 0
        self._lock = threading.RLock()
        self._bell, self._is_rung, self._is_asleep = threading.Lock(), False, True
        self._bell.acquire()  # released to wake the thread that sends, which alone knows whether it sleeps
        self._stopping = threading.Event()
        self._listener: Listener | None = None
        self._threads = [
            threading.Thread(target=self._repeat, args=(step,), name=f"cluster-{name}", daemon=True)
            for name, step in (("send", self._send), ("listen", self._listen), ("watch", self._watch))
        ]

    # ------------------------------------------------------------------------------ detection.engines.base.Engine

    def start(self, listener: Listener) -> None:
        """Begin to look for workers; those that are there or come later are given frames."""
        self._listener = listener
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads and hang up; the workers stay, for they are not ours alone."""
        self._stopping.set()
        with self._lock:
            self._ring()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self._give_up(self._under_way(lambda _peer, _job: True), "the server ends")
        try:
            self._claims.clear(self._server)
        except RedisError:
            logger.info("Redis is not there any more; what it holds of us ends by itself")
        self._claims.close()
        self._app.close()

    def free(self) -> int:
        """Return how many frames can be submitted now; 0 while Redis cannot be reached."""
        now = time.monotonic()
        with self._lock:
            return 0 if self._down else sum(peer.room(self._depth, now) for peer in self._peers.values())

    def submit(self, frame: Frame, plan: Plan = EVERYTHING) -> bool:
        """Take the frame for the participant's own worker or else the one with most room; False when none has any.

        A frame that still waits to be sent is replaced by a newer one of the same camera, and counts as lost.
        """
        with self._lock:
            replaced = self._waiting.pop((frame.participant, frame.channel), None)
            if replaced is not None:
                self._forget(*replaced)
            peer = self._choose(frame.participant)
            if peer is not None:
                self._number += 1
                job = Job(self._number, frame, plan, time.monotonic())
                peer.jobs[job.number] = job
                self._waiting[job.place] = peer, job
                self._ring()
        if replaced is not None:
            self._tell(Outcome(replaced[1].frame, error="replaced by a newer one", lost=True))
        return peer is not None

    def renew(self) -> None:
        """Have every worker load its detectors again; it takes no frames meanwhile."""
        self._reload(list(self._peers.values()), everything=True)

    def recheck(self) -> None:
        """Have every worker that misses a model look for it again."""
        self._reload([peer for peer in self._peers.values() if peer.lacks_models()], everything=False)

    def every(self) -> Mapping[str, float]:
        """Return the detectors that are on at any worker, in the registry's order."""
        with self._lock:
            found = {name: seconds for peer in self._peers.values() for name, seconds in peer.told.every.items()}
        return {name: found[name] for name in in_order(found)}

    def detectors(self) -> Detectors:
        """Return the detectors of the workers: off where any of them could not load it, or none is there."""
        states: dict[str, str | None] = {}
        with self._lock:
            for peer in self._peers.values():
                for name, reason in peer.told.detectors.items():
                    states[name] = states.get(name) or reason
        return states or dict.fromkeys(self._expected, NOBODY)

    def health(self) -> Sequence[Mapping[str, Any]]:
        """Return one line for each worker, after one for Redis while it cannot be reached or nobody is there."""
        now = time.monotonic()
        with self._lock:
            lines = [peer.health(now, self._down is None) for _, peer in sorted(self._peers.items())]
            if self._down is not None:
                broker = {"name": "redis", "state": "down", "reason": self._down, "restarts": self._breaks}
                return [broker | {"pid": None, "rss": 0, "in_flight": 0}, *lines]
        nobody = {"name": "workers", "state": "down", "reason": NOBODY, "pid": None, "rss": 0, "restarts": 0}
        return lines or [nobody | {"in_flight": 0}]

    # ------------------------------------------------------------------------------ choosing, under the lock

    def _choose(self, participant: str) -> Peer | None:
        """Return the worker for a frame: always the same one for a participant while it has room.

        Each worker draws a number for each participant, and the highest wins: when a worker comes or goes only its
        own participants move, and the others' workers still know their last pictures.
        """
        now = time.monotonic()
        able = [(peer, peer.room(self._depth, now)) for peer in self._peers.values()] if self._down is None else []
        able = [(peer, room) for peer, room in able if room > 0 or peer.state(now) == "ready"]
        if not able:
            return None
        own = max(able, key=lambda one: zlib.crc32(f"{participant} {one[0].told.name}".encode()))
        best = own if own[1] > 0 else max(able, key=lambda one: one[1])
        return best[0] if best[1] > 0 else None

    def _ring(self) -> None:
        # Not a condition: that makes a lock anew for each wait.
        if not self._is_rung:
            self._is_rung = True
            self._bell.release()

    def _forget(self, peer: Peer, job: Job) -> None:
        peer.jobs.pop(job.number, None)
        if self._waiting.get(job.place, (None, None))[1] is job:
            del self._waiting[job.place]

    # ------------------------------------------------------------------------------ the threads

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

    def _send(self) -> None:
        """Send what waits: at once after a pause, else each tick what came in it, until nothing did."""
        if self._is_asleep:
            self._bell.acquire()
        with self._lock:
            ready, self._waiting = list(self._waiting.values()), {}
            self._is_asleep = not ready
            self._is_rung = bool(ready)
        if ready:
            self._send_all(ready, time.monotonic())
            time.sleep(self._terms.tick)

    def _send_all(self, ready: Sequence[tuple[Peer, Job]], now: float) -> None:
        """Send one task for each worker and sixteen pictures."""
        looks, refs = list[tuple[Look, float]](), dict[str, list[tuple[str, int]]]()
        for peer, job in ready:
            looks.append((job.look(), self._terms.age - (now - job.since)))
            refs.setdefault(peer.told.name, []).append((place_of(looks[-1][0]), job.number))
        try:
            self._claims.send(self._server, looks, self._tasks(refs))
        except RedisError:
            self._give_up(ready, "Redis cannot be reached")
            raise

    def _tasks(self, refs: Mapping[str, list[tuple[str, int]]]) -> Iterable[Task]:
        for name, named in refs.items():
            queue = queue_of(name)
            for start in range(0, len(named), MOST_IN_TASK):
                some = named[start : start + MOST_IN_TASK]
                yield queue, self._batch.filled(queue, [self._server, some], self._terms.age)

    def _listen(self) -> None:
        for seen in self._claims.answers(self._server, LISTEN):
            self._take(seen)

    def _take(self, seen: Seen) -> None:
        """Answer for the frame, and for older ones of the same camera that it came instead of."""
        with self._lock:
            found = next(((peer, peer.jobs[seen.job]) for peer in self._peers.values() if seen.job in peer.jobs), None)
            if found is None:
                return
            peer, job = found
            self._forget(peer, job)
            peer.answered(seen, stale := seen.error == STALE)
            older = self._under_way(lambda _peer, other: other.place == job.place and other.number < job.number)
        self._give_up(older, "replaced by a newer one", answered=True)
        self._tell(Outcome(job.frame, seen.observations(job.frame), seen.ms, seen.error, lost=stale))

    def _watch(self) -> None:
        """Look who is there, and answer for what nobody did."""
        self._overdue(time.monotonic())
        told = self._claims.workers()
        with self._lock:
            before = self._able()
            if self._down is not None:
                logger.info("Redis is there, workers: %s", ", ".join(one.name for one in told) or "none")
            self._down = None
            self._meet(told, time.monotonic())
            now_able = self._able() - before
            gone = self._under_way(lambda peer, _job: peer.state(time.monotonic()) == "down")
        self._give_up(gone, "the analysis worker is gone")
        if now_able and self._listener is not None:
            self._listener.has_room()
        self._stopping.wait(self._terms.poll)

    def _able(self) -> set[str]:
        now = time.monotonic()
        return set() if self._down else {name for name, peer in self._peers.items() if peer.room(self._depth, now)}

    def _meet(self, told: Sequence[Announcement], now: float) -> None:
        for one in told:
            if one.name not in self._peers:
                logger.info("analysis worker %s on %s (pid %d) is there", one.name, one.host, one.pid)
                self._peers[one.name] = Peer(one, now)
            self._peers[one.name].hear(one, now)
        present = {one.name for one in told}
        for name, peer in list(self._peers.items()):
            if name not in present:
                if peer.state(now) != "down":
                    logger.warning("analysis worker %s is gone", name)
                peer.miss()
                if not peer.jobs and now - peer.seen_at > self._terms.remember:
                    del self._peers[name]

    def _overdue(self, now: float) -> None:
        self._give_up(self._under_way(lambda _peer, job: now - job.since > self._terms.answer), "no answer in time")

    def _under_way(self, fits: Callable[[Peer, Job], bool]) -> list[tuple[Peer, Job]]:
        with self._lock:
            return [(peer, job) for peer in self._peers.values() for job in peer.jobs.values() if fits(peer, job)]

    # ------------------------------------------------------------------------------ what goes wrong

    def _lose_broker(self, error: RedisError) -> None:
        with self._lock:
            if self._down is None:
                self._breaks += 1
                logger.error("Redis cannot be reached, nothing is analysed until it can: %s", error)
            self._down = f"cannot be reached: {error}"
        self._overdue(time.monotonic())

    def _give_up(self, lost: Iterable[tuple[Peer, Job]], why: str, answered: bool = False) -> None:
        """Answer for frames that nobody looked at."""
        for peer, job in list(lost):
            with self._lock:
                if job.number not in peer.jobs:
                    continue
                self._forget(peer, job)
                if not answered:
                    peer.lost(1)
            self._tell(Outcome(job.frame, error=why, lost=True))

    def _tell(self, outcome: Outcome) -> None:
        if self._listener is not None:
            self._listener.finished(outcome)

    def _reload(self, peers: Iterable[Peer], everything: bool) -> None:
        now, limit = time.monotonic(), self._terms.reload
        with self._lock:
            able = [peer for peer in peers if peer.state(now) in ("ready", "silent") and self._down is None]
            for peer in able:
                peer.reload(now, limit)
        queues = [queue_of(peer.told.name) for peer in able]
        try:
            tasks = [(queue, self._reloading.filled(queue, [everything], limit)) for queue in queues]
            self._claims.send(self._server, [], tasks)
        except RedisError as error:
            self._lose_broker(error)
