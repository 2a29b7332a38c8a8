"""What a process of this machine uses: memory, and how busy it has been lately."""

import threading
import time
from collections.abc import Callable

import psutil

LEAST = 1.0  # seconds between two readings: over less, ticks of 10 ms say little


class Usage:
    """Watches one process at a time; asked about another one it begins anew."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._process: psutil.Process | None = None
        self._read: tuple[float, float] | None = None
        self._percent: float | None = None

    def of(self, pid: int | None) -> dict[str, float | None]:
        """Return `rss` in bytes and `cpu` in percent of one core since the last reading; None for what is unknown."""
        with self._lock:
            try:
                return self._figures(pid)
            except psutil.Error:
                self._process = self._read = self._percent = None
                return {"rss": None, "cpu": None}

    def _figures(self, pid: int | None) -> dict[str, float | None]:
        if pid is None:
            raise psutil.NoSuchProcess(0)
        if self._process is None or self._process.pid != pid:
            self._process, self._read, self._percent = psutil.Process(pid), None, None
        self._take(self._process)
        return {"rss": self._process.memory_info().rss, "cpu": self._percent}

    def _take(self, process: psutil.Process) -> None:
        now = self._now()
        if self._read is not None and now - self._read[0] < LEAST:
            return
        times = process.cpu_times()
        used = times.user + times.system
        if self._read is not None:
            self._percent = round(100 * (used - self._read[1]) / (now - self._read[0]), 1)
        self._read = now, used
