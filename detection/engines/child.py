"""One analysis process on this machine: what it is given to look at, and the answers."""

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any

from core.types import Frame
from detection.analysis.messages import Inbox, Look, Message, Ping, Pong, Ready, Recheck, Seen, Setup, encode
from detection.analysis.schedule import EVERYTHING, Plan
from detection.engines.base import Detectors, Listener, Outcome
from detection.processes.supervised_process import Command, Feed, SupervisedProcess, Timeouts
from detection.processes.wire import MessageError

DEPTH = 2  # frames under way: the next one is there when a worker is done with the first

logger = logging.getLogger(__name__)


class Child(SupervisedProcess):
    """Hands one process frames, and answers for each of them."""

    def __init__(self, number: int, setup: Setup, listener: Listener, timeouts: Timeouts, command: Command) -> None:
        super().__init__(f"analysis-{number}", timeouts, command)
        self._setup, self._listener = setup, listener
        self._jobs: dict[int, Frame] = {}
        self._job = 0
        self._counts = {"analysed": 0, "refused": 0, "lost": 0}
        self._ms = 0.0
        self._failures: dict[str, int] = {}
        self.detectors: Detectors = {}
        self.every: Mapping[str, float] = {}
        self._reduced: Mapping[str, str] = {}

    # ------------------------------------------------------------------------------ for the engine

    def free(self) -> int:
        """Return how many more frames it takes now."""
        with self._lock:
            return DEPTH - len(self._jobs) if self._state == "ready" else 0

    def submit(self, frame: Frame, plan: Plan = EVERYTHING) -> bool:
        """Send the frame; False when there is no room."""
        with self._lock:
            if self._state != "ready" or len(self._jobs) >= DEPTH:
                return False
            if not self._jobs:
                self._heard = time.monotonic()
            self._job += 1
            job = self._job
            self._jobs[job] = frame
        due = None if plan.due is None else list(plan.due)
        self._send(encode(Look(job, frame, due, list(plan.fresh), dict(plan.context))))
        return True

    def renew(self) -> None:
        """Have the process load its detectors again; one that is still starting does that anyway."""
        self._start_again(self._setup)

    def recheck(self) -> None:
        """Have the process try the detectors again that missed a model."""
        if any(self.detectors.values()) or self._reduced:
            self._start_again(Recheck())

    def health(self) -> dict[str, Any]:
        """Return what the health page shows of this process; memory in bytes, ms is the mean of all looks."""
        with self._lock:
            analysed = self._counts["analysed"]
            return {
                **self._line(),
                "mean_ms": round(self._ms / analysed, 2) if analysed else None,
                "in_flight": len(self._jobs),
                "failures": dict(self._failures),
                "reduced": dict(self._reduced),
                **self._counts,
            }

    def _start_again(self, message: Setup | Recheck) -> None:
        """Send what a Ready answers; until then no frame is sent, as models may take their time."""
        with self._lock:
            if self._state != "ready":
                return
            self._state, self._heard = "starting", time.monotonic()
        self._send(encode(message))

    # ------------------------------------------------------------------ detection.processes.supervised_process

    def _feed(self) -> Feed:
        return Inbox().feed

    def _greeting(self) -> bytes:
        return encode(self._setup)

    def _question(self) -> bytes:
        return encode(Ping(0))

    def _is_owed(self) -> bool:
        return bool(self._jobs)

    def _take(self, message: Message) -> None:
        match message:
            case Ready():
                self._became_ready(message)
            case Seen():
                self._answered(message)
            case Pong():
                pass
            case _:
                raise MessageError(f"a server is not sent {type(message).__name__}")

    def _lost(self) -> None:
        with self._lock:
            lost, self._jobs = list(self._jobs.values()), {}
            self._counts["lost"] += len(lost)
        for frame in lost:
            self._listener.finished(Outcome(frame, error="the analysis process ended", lost=True))

    def _became_ready(self, ready: Ready) -> None:
        off = {name: reason for name, reason in ready.detectors.items() if reason}
        if off != {name: reason for name, reason in self.detectors.items() if reason} or not self.detectors:
            logger.info("%s ready (pid %d, kernels %s), off: %s", self._name, ready.pid, ready.kernels, off or "none")
        for name, reason in ready.reduced.items():
            if self._reduced.get(name) != reason:
                logger.warning("%s: detector %s works less well than it could: %s", self._name, name, reason)
        with self._lock:
            self._state, self._reason = "ready", ""
            self.detectors, self.every, self._reduced = ready.detectors, ready.every, ready.reduced
        self._listener.has_room()

    def _answered(self, seen: Seen) -> None:
        with self._lock:
            frame = self._jobs.pop(seen.job, None)
            self._counts["refused" if seen.error else "analysed"] += 1
            self._ms += 0 if seen.error else seen.ms
            self._failures = seen.failures
            self._restarts.worked()
        if frame is not None:
            self._listener.finished(
                Outcome(frame, seen.observations(frame), seen.ms, seen.error, spent=seen.spent, kinds=seen.kinds)
            )


def worker_command(descriptor: int) -> list[str]:
    """Return the command line of a worker that is given the socket's descriptor."""
    return [sys.executable, "-m", "detection.analysis.worker", "--fd", str(descriptor)]
