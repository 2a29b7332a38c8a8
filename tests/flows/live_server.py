"""The real server as a process of its own: started, killed and started again on the same data."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from settings import REPOSITORY, Settings, load_settings

START_S = 60.0
DEADLINE_S = 40.0
READY = re.compile(r"ready: https?://[^:]+:(\d+)")


def wait_until(condition: Callable[[], object], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Look every few milliseconds whether something has come true; fail when it has not by the deadline."""
    event = threading.Event()
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s:.0f} s: {what}")
        event.wait(0.02)


class LiveServer:
    """`python app.py` on a folder of its own; the port stays the same from start to start."""

    program: Sequence[str] = ("app.py",)
    most_files: int | None = None
    """How many files the system lets it open, where that is not the tester's own limit."""

    def __init__(self, folder: Path, mode: str, **variables: str) -> None:
        self.folder, self.mode = folder, mode
        self.settings: Settings = load_settings({}, data_dir=folder)
        self.port = 0
        self._variables = variables
        self._process: subprocess.Popen[str] | None = None
        self._said: list[str] = []

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def process(self) -> psutil.Process:
        """The running server."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def start(self) -> LiveServer:
        """Start it and wait until it listens."""
        command = [sys.executable, *self.program, "--port", str(self.port), "--data-dir", str(self.folder)]
        if self.most_files is not None:
            command = ["sh", "-c", f'ulimit -n {self.most_files} && exec "$0" "$@"', *command]
        self._said.clear()
        self._process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        wait_until(self._is_ready, "the server listens", START_S)
        return self

    def kill(self) -> None:
        """End it as a power cut would, its analysis processes left to notice by themselves."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(DEADLINE_S)

    def stop(self) -> int:
        """Ask it to end and return its exit status."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            return self._process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    def workers(self) -> list[psutil.Process]:
        """The analysis processes that run now."""
        return [child for child in self.process.children() if _is_worker(child)]

    def log(self) -> list[str]:
        """The lines of server.log so far."""
        path = self.folder / "server.log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def lines(self, *parts: str) -> list[str]:
        """The lines of server.log that hold all of these parts."""
        return [line for line in self.log() if all(part in line for part in parts)]

    def _environment(self) -> dict[str, str]:
        log = str(self.folder / "server.log")
        return server_environment(EXAM_ASYNC_MODE=self.mode, EXAM_LOG_FILE=log, EXAM_WORKERS="1", **self._variables)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self._said.append(line)
                found = READY.search(line)
                if found:
                    self.port = int(found[1])

    def _is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError("the server ended at its start:\n" + "".join(self._said[-20:]))
        return any(READY.search(line) for line in list(self._said))


def server_environment(**variables: str) -> dict[str, str]:
    """The environment of a server: none of the tester's own settings but where models are, and no process of jobs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXAM_")}
    models = os.environ.get("EXAM_MODELS_DIR", str(load_settings({}).model_cache()))
    return {**kept, "EXAM_MODELS_DIR": models, "EXAM_JOBS": "off", **variables}


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "detection.analysis.worker" in " ".join(process.cmdline())
    except psutil.Error:  # it ended just now
        return False
