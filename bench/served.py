"""A server for a measurement: started in a folder of its own, watched from outside, stopped at the end."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from settings import REPOSITORY, Settings, load_settings

START_S, STOP_S = 90.0, 30.0


@dataclass(frozen=True)
class Cost:
    """What a group of processes has used: CPU seconds so far, and memory in bytes now."""

    cpu_s: float
    rss: int


class Started:
    """A server's process in a folder of its own, into which it writes `facts.json`; ends and cleans up on leaving."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="examonitor-bench-")
        self.place = Path(self._folder.name)
        self._process: subprocess.Popen[bytes] | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._folder.cleanup()

    def facts(self) -> dict[str, Any]:
        """Return what the server wrote last; empty before it is ready."""
        path = self.place / "facts.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found


class Served(Started):
    """A measured server as a context manager; `settings` are its settings, for seeding."""

    def __init__(
        self, mode: str = "eventlet", workers: int | None = None, detection: bool = True, also: Sequence[str] = ()
    ) -> None:
        """Take how it serves; without `detection` nobody is looked at; `also` are tasks for bench.measured_server."""
        super().__init__()
        self.settings: Settings = load_settings({}, data_dir=self.place)
        self._mode, self._workers, self._detection, self._also = mode, workers, detection, also
        self.url = ""

    def __enter__(self) -> Self:
        with (self.place / "output.txt").open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.measured_server", str(self.place), *self._also],
                cwd=REPOSITORY,
                env=self._environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait_for_worker()
        self.url = f"http://127.0.0.1:{self.facts()['port']}"
        return self

    def costs(self) -> dict[str, Cost]:
        """Return what the web process, the analysis processes and this process have used."""
        server = psutil.Process(self.facts()["pid"])
        workers = [cost_of(child) for child in server.children()]
        return {
            "web": cost_of(server),
            "workers": Cost(sum(cost.cpu_s for cost in workers), sum(cost.rss for cost in workers)),
            "load": cost_of(psutil.Process()),
        }

    def _wait_for_worker(self) -> None:
        end = time.monotonic() + START_S
        while not self._is_looking():
            if time.monotonic() > end or (self._process is not None and self._process.poll() is not None):
                said = (self.place / "output.txt").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"the server did not start:\n{said[-2000:]}")
            time.sleep(0.1)

    def _is_looking(self) -> bool:
        facts = self.facts()
        if not self._detection:
            return bool(facts)
        workers = facts.get("health", {}).get("workers", [])
        return bool(workers) and all(worker["state"] == "ready" for worker in workers)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EXAM_")}
        models = os.environ.get("EXAM_MODELS_DIR", str(load_settings({}).model_cache()))
        ours = {"EXAM_ASYNC_MODE": self._mode, "EXAM_MODELS_DIR": models}
        if runtime := os.environ.get("EXAM_FACE_RUNTIME"):
            ours["EXAM_FACE_RUNTIME"] = runtime
        if not self._detection:
            ours["EXAM_DETECTION"] = "off"
        if self._workers:
            ours["EXAM_WORKERS"] = str(self._workers)
        return {**kept, **ours}


def cost_of(process: psutil.Process) -> Cost:
    """Return what one process has used; nothing for one that has ended."""
    try:
        times = process.cpu_times()
        return Cost(times.user + times.system, process.memory_info().rss)
    except psutil.Error:
        return Cost(0.0, 0)
