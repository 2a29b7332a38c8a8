"""One analysis process on this machine and the thread that looks after it.

Plain sockets, threads and clocks only: the server may have turned them into eventlet's, and both kinds must work.
"""

import contextlib
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from core.types import Frame
from detection.agenda import EVERYTHING, Plan
from detection.engines.base import Detectors, Listener, Outcome
from detection.engines.restarts import Restarts
from detection.messages import Inbox, Look, Message, MessageError, Ping, Pong, Ready, Recheck, Seen, Setup, encode

ROOT = Path(__file__).resolve().parents[2]
RECEIVE = 1 << 16  # bytes
SEND_BUFFER = 1 << 20  # bytes; a whole frame fits, so that sending one does not wait for a busy worker
SEND_TIMEOUT = 2.0  # seconds; a worker that takes no bytes for so long does not read at all
DEPTH = 2  # frames under way: the next one is there when a worker is done with the first
ONE_THREAD = (  # each worker is one of several on the machine; the last two keep libraries from chattering
    *("OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1", "TF_NUM_INTRAOP_THREADS=1"),
    *("GLOG_minloglevel=2", "TF_CPP_MIN_LOG_LEVEL=2"),
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long a child may take, in seconds."""

    start: float = 60.0  # from start to ready: libraries and models are loaded
    stuck: float = 10.0  # for one answer
    idle: float = 5.0  # without a word before it is asked whether it is there
    poll: float = 0.5  # between two looks at all this


class Child:
    """Keeps one process running, hands it frames, and answers for each of them."""

    def __init__(
        self,
        number: int,
        setup: Setup,
        listener: Listener,
        patience: Patience,
        command: Callable[[int], list[str]],
    ) -> None:
        self._name = f"analysis-{number}"
        self._setup, self._listener, self._patience, self._command = setup, listener, patience, command
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name=self._name, daemon=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._jobs: dict[int, Frame] = {}
        self._job = 0
        self._heard = 0.0
        self._asked = False
        self._state, self._reason, self._ending = "starting", "", "could not be started"
        self._restarts = Restarts()
        self._counts = {"analysed": 0, "refused": 0, "lost": 0}
        self._ms = 0.0
        self._failures: dict[str, int] = {}
        self.detectors: Detectors = {}
        self.every: Mapping[str, float] = {}
        self._reduced: Mapping[str, str] = {}

    # ------------------------------------------------------------------------------ for the engine

    def start(self) -> None:
        """Begin to keep the process running."""
        self._thread.start()

    def stop(self) -> None:
        """Ask for the end; `join` waits for it."""
        self._stopping.set()
        self._kill()

    def join(self) -> None:
        """Wait until the process is gone."""
        self._thread.join(self._patience.stuck)

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
        self._send(Look(job, frame, due, list(plan.fresh), dict(plan.context)))
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
            process, analysed = self._process, self._counts["analysed"]
            return {
                "name": self._name,
                "state": self._state,
                "reason": self._reason,
                "pid": process.pid if process else None,
                "rss": _memory(process),
                "restarts": self._restarts.count,
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
        self._send(message)

    # ------------------------------------------------------------------------------ the child's thread

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            try:
                self._run_once()
            except Exception:
                logger.exception("%s: looking after the process failed", self._name)
            self._clean_up()
            if not self._stopping.is_set():
                self._stopping.wait(self._pause())

    def _run_once(self) -> None:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
                ours.settimeout(self._patience.poll)
                command = ["env", *ONE_THREAD, *self._command(theirs.fileno())]
                process = subprocess.Popen(command, cwd=ROOT, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL)
            with self._lock:
                self._process, self._socket = process, ours
                self._state, self._heard, self._asked = "starting", time.monotonic(), False
            if not self._stopping.is_set():  # else `stop` came before there was a process to kill
                self._send(self._setup)
                self._listen(ours)

    def _listen(self, ours: socket.socket) -> None:
        inbox = Inbox()
        while True:
            try:
                data = ours.recv(RECEIVE)
            except TimeoutError:
                if not self._is_alive():
                    return
                continue
            except ConnectionError:
                return
            if not data:
                return
            for message in inbox.feed(data):
                self._take(message)

    def _take(self, message: Message) -> None:
        with self._lock:
            self._heard, self._asked = time.monotonic(), False
        match message:
            case Ready():
                self._became_ready(message)
            case Seen():
                self._answered(message)
            case Pong():
                pass
            case _:
                raise MessageError(f"a server is not sent {type(message).__name__}")

    def _became_ready(self, ready: Ready) -> None:
        off = {name: reason for name, reason in ready.detectors.items() if reason}
        if off != {name: reason for name, reason in self.detectors.items() if reason} or not self.detectors:
            logger.info("%s ready (pid %d, kernels %s), off: %s", self._name, ready.pid, ready.kernels, off or "none")
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
            self._listener.finished(Outcome(frame, seen.observations(frame), seen.ms, seen.error))

    def _is_alive(self) -> bool:
        """Say whether to go on waiting; kills a process that is stuck, asks one that is silent."""
        patience = self._patience
        with self._lock:
            silent = time.monotonic() - self._heard
            limit = patience.start if self._state == "starting" else patience.stuck
            waiting = self._state == "starting" or self._asked or bool(self._jobs)
            ask = not waiting and silent >= patience.idle
            self._asked = self._asked or ask
            if ask:
                self._heard = time.monotonic()
        if waiting and silent >= limit:
            logger.error("%s is stuck (%s, silent for %.1f s): killed", self._name, self._state, silent)
            return False
        if ask:
            self._send(Ping(0))
        return True

    def _send(self, message: Message) -> None:
        """Send, or hang up when the process does not take the bytes: half a message cannot be mended."""
        with self._lock:
            connection = self._socket
        if connection is None:
            return
        data = memoryview(encode(message))
        deadline = time.monotonic() + SEND_TIMEOUT
        with self._sending, contextlib.suppress(OSError):  # an error here is noticed by the thread that listens
            try:
                while data:
                    data = data[_send_some(connection, data, deadline) :]
            except TimeoutError:
                logger.error("%s takes no bytes: hanging up", self._name)
                connection.shutdown(socket.SHUT_RDWR)

    # ------------------------------------------------------------------------------ the end of a process

    def _kill(self) -> None:
        with self._lock:
            process = self._process
        if process is not None:
            process.kill()

    def _clean_up(self) -> None:
        with self._lock:
            process, self._process, self._socket = self._process, None, None
            lost, self._jobs = list(self._jobs.values()), {}
            self._counts["lost"] += len(lost)
            self._state = "down"
        if process is not None:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(self._patience.stuck)
            self._ending = _ending(process.returncode)
        for frame in lost:
            self._listener.finished(Outcome(frame, error="the analysis process ended", lost=True))

    def _pause(self) -> float:
        now = time.monotonic()
        delay = self._restarts.failed(now)
        with self._lock:
            self._reason = f"{self._ending}, is started again in {delay:.1f} s"
            if self._restarts.gave_up:
                self._state = "given up"
                self._reason = f"{self._ending}, failed too often, is tried again in {delay:.0f} s"
        logger.error("%s %s", self._name, self._reason)
        return delay


def _send_some(connection: socket.socket, data: memoryview, deadline: float) -> int:
    while True:
        try:
            return connection.send(data)
        except TimeoutError:
            if time.monotonic() >= deadline:
                raise


def _ending(code: int | None) -> str:
    return f"ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"


def _memory(process: subprocess.Popen[bytes] | None) -> int | None:
    if process is None:
        return None
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return None


def worker_command(descriptor: int) -> list[str]:
    """Return the command line of a worker that is given the socket's descriptor."""
    return [sys.executable, "-m", "detection.worker", "--fd", str(descriptor)]
