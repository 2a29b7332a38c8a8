"""Sensing on this machine: one child process of the server's; whoever hands it a batch never waits for it.

Plain sockets, threads and clocks only: the server may have turned them into eventlet's, and both kinds must work.
"""

import logging
import sys
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core.types import Reading
from detection.processes.supervised_process import Command, Feed, SupervisedProcess, Timeouts
from detection.processes.wire import Cutter, MessageError
from detection.sensing.base import SensingListener
from detection.sensing.messages import (
    Batch,
    Forget,
    Later,
    Message,
    Ping,
    Pong,
    Ready,
    Sensed,
    Setup,
    Tell,
    decode,
    encode,
    observations_of,
)
from detection.sensing.registry import SENSES
from detection.sensing.sender import SensingSender
from detection.sensing.waiting import WaitingReadings

DEPTH = 2  # messages under way: the next one is there when the process is done with the first
MOST_IN_ONE, MOST_BYTES_IN_ONE = 16, 1 << 19  # batches and bytes of one message
SENSORS = frozenset(route.sensor for route in SENSES)

logger = logging.getLogger(__name__)


def sensing_command(descriptor: int) -> list[str]:
    """Return the command line of the sensing process that is given the socket's descriptor."""
    return [sys.executable, "-m", "detection.sensing.process", "--fd", str(descriptor)]


class SensingProcess(SupervisedProcess):
    """Keeps the process and what it must be told again when it is a new one."""

    def __init__(self, setup: Setup, timeouts: Timeouts, command: Command) -> None:
        super().__init__("sensing", timeouts, command)
        self.listener: SensingListener | None = None
        self._setup = setup
        self._waiting = WaitingReadings()
        self._contexts: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._untold: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._gone: list[str] = []
        self._known: set[str] = set()
        self._jobs: dict[int, list[Reading]] = {}
        self._job = 0
        self._counts = {"sensed": 0, "lost": 0}
        self._ms = 0.0
        self._senses: dict[str, str | None] = dict.fromkeys(sorted(SENSORS), "the sensing process is not ready")
        self._failures: dict[str, int] = {}
        self._notes: dict[str, Any] = {}
        self.sender = SensingSender(self._following, self._send, self._stopping)

    # ------------------------------------------------------------------------------ for the engine, from any thread

    def submit(self, reading: Reading) -> bool:
        """Let the batch wait to be sent; False when it was dropped."""
        with self._lock:
            is_taken = self._state != "given up" and self._waiting.put(reading, time.monotonic())
            self._known.add(reading.participant)
        self.sender.ring()
        return is_taken

    def tell(self, participant: str, sensor: str, context: Mapping[str, Any]) -> None:
        """Keep what a sensor is told, also for a process that is started later."""
        with self._lock:
            key = participant, sensor
            self._contexts.pop(key, None)
            if context:
                self._contexts[key] = dict(context)
            self._untold[key] = None
        self.sender.ring()

    def forget(self, participant: str) -> None:
        """Drop what waits, what is told, and what comes back of a participant."""
        with self._lock:
            self._waiting.forget(participant)
            self._known.discard(participant)
            for kept in (self._contexts, self._untold):
                for key in [key for key in kept if key[0] == participant]:
                    del kept[key]
            if self._state == "ready":
                self._gone.append(participant)
        self.sender.ring()

    def health(self) -> dict[str, Any]:
        """Return what the health page shows; ms is the mean of all messages."""
        with self._lock:
            answers = self._counts["sensed"]
            return {
                **self._line(),
                "senses": dict(self._senses),
                "mean_ms": round(self._ms / answers, 2) if answers else None,
                "in_flight": sum(len(readings) for readings in self._jobs.values()),
                "waiting": len(self._waiting),
                "dropped": dict(self._waiting.drops),
                "failures": dict(self._failures),
                "notes": dict(self._notes),
                **self._counts,
            }

    # ------------------------------------------------------------------------------ for the thread that sends

    def _following(self) -> bytes | None:
        """Return what goes out now: who left first, then what is to be known, then batches that there is room for."""
        with self._lock:
            if self._state != "ready":
                return None
            if self._gone:
                return encode(Forget(self._gone.pop(0)))
            if self._untold:
                key, _ = self._untold.popitem(last=False)
                return encode(Tell(*key, self._contexts.get(key, {})))
            now = time.monotonic()
            readings = self._waiting.pick(now, MOST_IN_ONE, MOST_BYTES_IN_ONE) if len(self._jobs) < DEPTH else []
            if not readings:
                return None
            if not self._jobs:
                self._heard = now
            self._job += 1
            self._jobs[self._job] = readings
        return encode(Batch(self._job, readings))

    # ------------------------------------------------------------------ detection.processes.supervised_process

    def _feed(self) -> Feed:
        return Cutter(decode).feed

    def _greeting(self) -> bytes:
        return encode(self._setup)

    def _question(self) -> bytes:
        return encode(Ping())

    def _is_owed(self) -> bool:
        return bool(self._jobs)

    def _take(self, message: Message) -> None:
        match message:
            case Ready():
                self._became_ready(message)
            case Sensed():
                self._answered(message)
            case Later():
                with self._lock:
                    is_known = message.reading.participant in self._known
                if is_known:
                    self._report(message.reading, message.found)
            case Pong():
                with self._lock:
                    self._notes = message.notes
            case _:
                raise MessageError(f"a server is not sent {type(message).__name__}")

    def _lost(self) -> None:
        with self._lock:
            self._counts["lost"] += sum(len(readings) for readings in self._jobs.values())
            self._jobs = {}
            self._gone = []

    def _became_ready(self, ready: Ready) -> None:
        off = {name: reason for name, reason in ready.senses.items() if reason}
        logger.info("sensing ready (pid %d), off: %s", ready.pid, off or "none")
        with self._lock:
            self._state, self._reason, self._senses = "ready", "", dict(ready.senses)
            self._untold = OrderedDict.fromkeys(self._contexts)
        self.sender.ring()

    def _answered(self, sensed: Sensed) -> None:
        with self._lock:
            readings = self._jobs.pop(sensed.job, [])
            self._counts["sensed"] += len(readings)
            self._ms += sensed.ms
            self._failures, self._notes = sensed.failures, sensed.notes
            self._restarts.worked()
            known = [reading.participant in self._known for reading in readings]
        self.sender.ring()
        for reading, found, is_known in zip(readings, sensed.found, known, strict=False):
            if found and is_known:
                self._report(reading, found)

    def _report(self, reading: Reading, found: Iterable[Any]) -> None:
        if self.listener is not None:
            self.listener.sensed(reading, observations_of(reading, list(found)))


class LocalSenses:
    """A detection.sensing.base.SensingEngine: one process for all that this server's rooms measure."""

    def __init__(
        self,
        cache: Path,
        folders: Iterable[Path] = (),
        timeouts: Timeouts | None = None,
        command: Command = sensing_command,
    ) -> None:
        setup = Setup(str(cache), [str(folder) for folder in folders])
        self._timeouts = timeouts or Timeouts()
        self._process = SensingProcess(setup, self._timeouts, command)

    def start(self, listener: SensingListener) -> None:
        """Begin; returns at once, and what comes until the process is ready waits a little."""
        self._process.listener = listener
        self._process.start()
        self._process.sender.start()

    def stop(self) -> None:
        """End and leave no process or thread behind."""
        self._process.stop()
        self._process.sender.ring()
        self._process.join()
        self._process.sender.join(self._timeouts.stuck)

    def submit(self, reading: Reading) -> bool:
        """Take a batch; False when it was dropped. Never waits."""
        return self._process.submit(reading)

    def give_context(self, participant: str, sensor: str, context: Mapping[str, Any]) -> None:
        """Tell a sensor something about a participant; names of detectors are ignored."""
        if sensor in SENSORS:
            self._process.tell(participant, sensor, context)

    def forget(self, participant: str) -> None:
        """Drop everything remembered of a participant."""
        self._process.forget(participant)

    def health(self) -> Mapping[str, Any]:
        """Return state, process id, memory, counters, and which senses are on (None) or off (why)."""
        return self._process.health()
