"""The frames that a server has given to its workers: the newest of each camera, each answered for exactly once."""

import time
from collections.abc import Callable, Iterable

from core.types import Frame
from detection.analysis.messages import Seen
from detection.analysis.schedule import Plan
from detection.engines.base import Listener, Outcome
from detection.engines.celery_claims import STALE
from detection.engines.celery_peer import Job, Peer, Place, Terms
from detection.engines.celery_state import ClusterState

Given = tuple[Peer, Job]


class FramesUnderWay:
    """Takes frames, keeps who has them, and tells `listener` what became of each."""

    def __init__(self, state: ClusterState, terms: Terms) -> None:
        self.listener: Listener | None = None
        self._state, self._terms = state, terms
        self._waiting: dict[Place, Given] = {}
        self._number = 0

    def take(self, frame: Frame, plan: Plan) -> bool:
        """Let a frame wait to be sent, in the place of an older one of its camera; False when no worker has room."""
        with self._state.lock:
            replaced = self._waiting.pop((frame.participant, frame.channel), None)
            if replaced is not None:
                self._forget(*replaced)
            now = time.monotonic()
            peer = self._state.choose(frame.participant, now)
            if peer is not None:
                self._number += 1
                job = Job(self._number, frame, plan, now)
                peer.jobs[job.number] = job
                self._waiting[job.place] = peer, job
        if replaced is not None:
            self._tell(Outcome(replaced[1].frame, error="replaced by a newer one", lost=True))
        return peer is not None

    def to_send(self) -> list[Given]:
        """Return the frames that wait to be sent, once."""
        with self._state.lock:
            ready, self._waiting = list(self._waiting.values()), {}
            return ready

    def answered(self, seen: Seen) -> None:
        """Answer for the frame, and for older ones of the same camera that it came instead of."""
        with self._state.lock:
            found = next(((peer, peer.jobs[seen.job]) for peer in self._state.peers() if seen.job in peer.jobs), None)
            if found is None:
                return
            peer, job = found
            self._forget(peer, job)
            peer.answered(seen, stale := seen.error == STALE)
            older = self._under_way(lambda _peer, other: other.place == job.place and other.number < job.number)
        self.give_up(older, "replaced by a newer one", answered=True)
        self._tell(Outcome(job.frame, seen.observations(job.frame), seen.ms, seen.error, stale, seen.spent, seen.kinds))

    def overdue(self) -> None:
        """Answer for what nobody did in time."""
        now = time.monotonic()
        self.give_up(self._under_way(lambda _peer, job: now - job.since > self._terms.answer), "no answer in time")

    def of_gone(self) -> None:
        """Answer for what workers have that are gone."""
        now = time.monotonic()
        self.give_up(self._under_way(lambda peer, _job: peer.state(now) == "down"), "the analysis worker is gone")

    def end(self) -> None:
        """Answer for everything."""
        self.give_up(self._under_way(lambda _peer, _job: True), "the server ends")

    def give_up(self, lost: Iterable[Given], why: str, answered: bool = False) -> None:
        """Answer for frames that were not analysed."""
        for peer, job in list(lost):
            with self._state.lock:
                if job.number not in peer.jobs:
                    continue
                self._forget(peer, job)
                if not answered:
                    peer.lost(1)
            self._tell(Outcome(job.frame, error=why, lost=True))

    def _under_way(self, fits: Callable[[Peer, Job], bool]) -> list[Given]:
        with self._state.lock:
            return [(peer, job) for peer in self._state.peers() for job in peer.jobs.values() if fits(peer, job)]

    def _forget(self, peer: Peer, job: Job) -> None:
        peer.jobs.pop(job.number, None)
        if self._waiting.get(job.place, (None, None))[1] is job:
            del self._waiting[job.place]

    def _tell(self, outcome: Outcome) -> None:
        if self.listener is not None:
            self.listener.finished(outcome)
