"""One process of ours on this machine and the thread that looks after it: started, asked, killed, started again.

Plain sockets, threads and clocks only: the server may have turned them into eventlet's, and both kinds must work.
"""

import contextlib
import logging
import socket
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detection.processes.restarts import Restarts
from detection.processes.usage import Usage

ROOT = Path(__file__).resolve().parents[2]
RECEIVE = 1 << 16  # bytes
SEND_BUFFER = 1 << 20  # bytes; a whole message fits, so that sending one does not wait for a busy process
SEND_TIMEOUT = 2.0  # seconds; a process that takes no bytes for so long does not read at all
ONE_THREAD = (  # each process is one of several on the machine; the last two keep libraries from chattering
    *("OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1", "TF_NUM_INTRAOP_THREADS=1"),
    *("GLOG_minloglevel=2", "TF_CPP_MIN_LOG_LEVEL=2"),
)

logger = logging.getLogger(__name__)

Command = Callable[[int], list[str]]
"""Returns the command line of a process that is given the socket's descriptor."""
Feed = Callable[[bytes], Iterator[Any]]
"""Takes bytes as they come and gives the messages that are complete."""


@dataclass(frozen=True)
class Timeouts:
    """How long a child may take, in seconds."""

    start: float = 60.0  # from start to ready: libraries and models are loaded
    stuck: float = 10.0  # for one answer
    idle: float = 5.0  # without a word before it is asked whether it is there
    poll: float = 0.5  # between two looks at all this


class Talk(ABC):
    """What is talked about with a process: a subclass of SupervisedProcess says it."""

    @abstractmethod
    def _feed(self) -> Feed:
        """Return what cuts the bytes of a new process into messages."""

    @abstractmethod
    def _greeting(self) -> bytes:
        """Return the first message to a new process."""

    @abstractmethod
    def _question(self) -> bytes:
        """Return a message that any process answers at once."""

    @abstractmethod
    def _take(self, message: Any) -> None:
        """Take a message of the process, on our own thread."""

    @abstractmethod
    def _is_owed(self) -> bool:
        """Say, under the lock, whether an answer is waited for."""

    @abstractmethod
    def _lost(self) -> None:
        """Give up what was waited for: the process is gone."""


class SupervisedProcess(Talk):
    """Keeps one process running; a subclass says what is talked about, and uses `_lock` for what it remembers."""

    def __init__(self, name: str, timeouts: Timeouts, command: Command) -> None:
        self._name, self._timeouts, self._command = name, timeouts, command
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name=name, daemon=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._heard = 0.0
        self._asked = False
        self._state, self._reason, self._ending = "starting", "", "could not be started"
        self._restarts, self._usage = Restarts(), Usage()

    # ------------------------------------------------------------------------------ for the owner

    def start(self) -> None:
        """Begin to keep the process running."""
        self._thread.start()

    def stop(self) -> None:
        """Ask for the end; `join` waits for it."""
        self._stopping.set()
        self._kill()

    def join(self) -> None:
        """Wait until the process is gone."""
        self._thread.join(self._timeouts.stuck)

    def _line(self) -> dict[str, Any]:
        """Return, under the lock, what the health page shows of any process; bytes, and percent of one core."""
        return {
            "name": self._name,
            "state": self._state,
            "reason": self._reason,
            "pid": self._process.pid if self._process else None,
            **self._usage.of(self._process.pid if self._process else None),
            "restarts": self._restarts.count,
        }

    # ------------------------------------------------------------------------------ the thread

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
                ours.settimeout(self._timeouts.poll)
                command = ["env", *ONE_THREAD, *self._command(theirs.fileno())]
                process = subprocess.Popen(command, cwd=ROOT, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL)
            with self._lock:
                self._process, self._socket = process, ours
                self._state, self._heard, self._asked = "starting", time.monotonic(), False
            if not self._stopping.is_set():  # else `stop` came before there was a process to kill
                self._send(self._greeting())
                self._listen(ours)

    def _listen(self, ours: socket.socket) -> None:
        feed = self._feed()
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
            for message in feed(data):
                with self._lock:
                    self._heard, self._asked = time.monotonic(), False
                self._take(message)

    def _is_alive(self) -> bool:
        """Say whether to go on waiting; kills a process that is stuck, asks one that is silent."""
        timeouts = self._timeouts
        with self._lock:
            silent = time.monotonic() - self._heard
            limit = timeouts.start if self._state == "starting" else timeouts.stuck
            waiting = self._state == "starting" or self._asked or self._is_owed()
            ask = not waiting and silent >= timeouts.idle
            self._asked = self._asked or ask
            if ask:
                self._heard = time.monotonic()
        if waiting and silent >= limit:
            logger.error("%s is stuck (%s, silent for %.1f s): killed", self._name, self._state, silent)
            return False
        if ask:
            self._send(self._question())
        return True

    def _send(self, message: bytes) -> None:
        """Send, or hang up when the process does not take the bytes: half a message cannot be mended."""
        with self._lock:
            connection = self._socket
        if connection is None:
            return
        data = memoryview(message)
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
            self._state = "down"
        if process is not None:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(self._timeouts.stuck)
            self._ending = _ending(process.returncode)
        self._lost()

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
