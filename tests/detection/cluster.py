"""A cluster on this machine: a private Redis server and analysis workers, all to be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from detection.models.shelf import ModelShelf
from tests.detection.fakes import eventually

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "redis-server"
END_S = 30.0


def present(environ: Mapping[str, str]) -> str:
    """The Redis server's program; skips the test without it, and fails it where nothing may be missing."""
    found = shutil.which(PROGRAM)
    if found is None:
        missing = f"no {PROGRAM} on this machine (Debian package `redis-server`)"
        if environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


class RedisServer:
    """Redis on a socket in a folder of its own, which keeps nothing when it ends."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._socket.unlink(missing_ok=True)  # a killed one leaves it behind
        keep_nothing = ["--port", "0", "--save", "", "--appendonly", "no", "--dir", str(self._folder)]
        command = [self._program, "--unixsocket", str(self._socket), *keep_nothing]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        eventually(self._answers)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(END_S)
            self._process = None

    def _answers(self) -> bool:
        # The socket is there a moment before anybody listens to it.
        with suppress(RedisConnectionError), self.client() as client:
            return bool(client.ping())
        return False

    def client(self) -> Redis:
        """A connection of the test's own."""
        return Redis.from_url(self.url)


class AnalysisWorker:
    """One Celery worker and its child."""

    def __init__(self, number: int, redis_url: str, shelf: ModelShelf, detectors: Sequence[str], log: Path) -> None:
        self._command = [sys.executable, "-m", "detection.engines.celery_worker", "--redis", redis_url]
        self._command += ["--number", str(number), "--cache", str(shelf.cache), "--detectors", *detectors]
        self._command += [part for folder in shelf.folders for part in ("--models", str(folder))]
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it announces itself when its models are loaded."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """End it and its child as a power cut would."""
        if self._process is not None:
            everybody = [psutil.Process(self._process.pid)]
            everybody += everybody[0].children(recursive=True)
            for process in everybody:
                process.send_signal(signal.SIGKILL)
            self._process.wait(END_S)
            self._process = None


class Cluster:
    """Redis and workers; everything ends with `stop`."""

    def __init__(self, folder: Path, shelf: ModelShelf, detectors: Sequence[str]) -> None:
        self.redis = RedisServer(present(os.environ), folder)
        self.workers: list[AnalysisWorker] = []
        self._folder, self._shelf, self._detectors = folder, shelf, detectors

    def start(self, workers: int = 1) -> Cluster:
        """Start Redis and so many workers."""
        self.redis.start()
        for _ in range(workers):
            self.add()
        return self

    def add(self) -> AnalysisWorker:
        """Start one more worker."""
        number = len(self.workers) + 1
        log = self._folder / f"worker-{number}.log"
        worker = AnalysisWorker(number, self.redis.url, self._shelf, self._detectors, log)
        worker.start()
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        """End everything at once."""
        for worker in self.workers:
            worker.kill()
        self.redis.kill()
