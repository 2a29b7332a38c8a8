"""What a server knows of Redis and of its analysis workers, and which of them takes the next picture."""

import logging
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from detection.detectors import in_order
from detection.engines.base import Detectors
from detection.engines.celery_claims import Announcement
from detection.engines.celery_peer import Peer, Terms

NOBODY = "no analysis worker has reported yet"

logger = logging.getLogger(__name__)


class ClusterState:
    """Redis, the workers and their room; `lock` guards it, and the jobs of the workers with it."""

    def __init__(self, detectors: Iterable[str], depth: int, terms: Terms) -> None:
        self.lock = threading.RLock()
        self._expected, self._depth, self._terms = tuple(detectors), depth, terms
        self._peers: dict[str, Peer] = {}
        self._down: str | None = "not reached yet"
        self._breaks = 0

    # ------------------------------------------------------------------------------ who is there

    def meet(self, told: Sequence[Announcement], now: float) -> bool:
        """Take what the workers say of themselves; True when one has room that had none."""
        with self.lock:
            before = self._with_room(now)
            if self._down is not None:
                logger.info("Redis is there, workers: %s", ", ".join(one.name for one in told) or "none")
            self._down = None
            for one in told:
                self._hear(one, now)
            self._miss({one.name for one in told}, now)
            return bool(self._with_room(now) - before)

    def lose_broker(self, error: Exception) -> None:
        """Note that Redis cannot be reached."""
        with self.lock:
            if self._down is None:
                self._breaks += 1
                logger.error("Redis cannot be reached, nothing is analysed until it can: %s", error)
            self._down = f"cannot be reached: {error}"

    def reload(self, fits: Callable[[Peer], bool], now: float) -> list[str]:
        """Note that some of the workers load their detectors again, and return who of them can be told."""
        with self.lock:
            able = [peer for peer in self._peers.values() if fits(peer) and peer.state(now) in ("ready", "silent")]
            able = able if self._down is None else []
            for peer in able:
                peer.reload(now, self._terms.reload)
            return [peer.told.name for peer in able]

    def _hear(self, one: Announcement, now: float) -> None:
        if one.name not in self._peers:
            logger.info("analysis worker %s on %s (pid %d) is there", one.name, one.host, one.pid)
            self._peers[one.name] = Peer(one, now)
        self._peers[one.name].hear(one, now)

    def _miss(self, present: set[str], now: float) -> None:
        for name, peer in list(self._peers.items()):
            if name not in present:
                if peer.state(now) != "down":
                    logger.warning("analysis worker %s is gone", name)
                peer.miss()
                if not peer.jobs and now - peer.seen_at > self._terms.remember:
                    del self._peers[name]

    # ------------------------------------------------------------------------------ who takes a picture

    def peers(self) -> list[Peer]:
        """Return the workers that are known."""
        with self.lock:
            return list(self._peers.values())

    def free(self, now: float) -> int:
        """Return how many frames the workers take now; 0 while Redis cannot be reached."""
        with self.lock:
            return 0 if self._down else sum(peer.room(self._depth, now) for peer in self._peers.values())

    def choose(self, participant: str, now: float) -> Peer | None:
        """Return the worker for a frame: always the same one for a participant while it has room.

        Each worker draws a number for each participant, and the highest wins: when a worker comes or goes only its
        own participants move, and the others' workers still know their last pictures.
        """
        with self.lock:
            able = [(peer, peer.room(self._depth, now)) for peer in self._peers.values()] if self._down is None else []
        able = [(peer, room) for peer, room in able if room > 0 or peer.state(now) == "ready"]
        if not able:
            return None
        own = max(able, key=lambda one: zlib.crc32(f"{participant} {one[0].told.name}".encode()))
        best = own if own[1] > 0 else max(able, key=lambda one: one[1])
        return best[0] if best[1] > 0 else None

    def _with_room(self, now: float) -> set[str]:
        return set() if self._down else {name for name, peer in self._peers.items() if peer.room(self._depth, now)}

    # ------------------------------------------------------------------------------ what is shown

    def every(self) -> Mapping[str, float]:
        """Return the detectors that are on at any worker, in the registry's order."""
        found = {name: seconds for peer in self.peers() for name, seconds in peer.told.every.items()}
        return {name: found[name] for name in in_order(found)}

    def detectors(self) -> Detectors:
        """Return the detectors of the workers: off where any of them could not load it, or none is there."""
        states: dict[str, str | None] = {}
        for peer in self.peers():
            for name, reason in peer.told.detectors.items():
                states[name] = states.get(name) or reason
        return states or dict.fromkeys(self._expected, NOBODY)

    def health(self, now: float) -> Sequence[Mapping[str, Any]]:
        """Return one line for each worker, after one for Redis while it cannot be reached or nobody is there."""
        with self.lock:
            lines = [peer.health(now, self._down is None) for _, peer in sorted(self._peers.items())]
            if self._down is not None:
                broker = {"name": "redis", "state": "down", "reason": self._down, "restarts": self._breaks}
                return [broker | {"pid": None, "rss": 0, "in_flight": 0}, *lines]
        nobody = {"name": "workers", "state": "down", "reason": NOBODY, "pid": None, "rss": 0, "restarts": 0}
        return lines or [nobody | {"in_flight": 0}]
