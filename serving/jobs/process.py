"""The process of jobs that the server starts by itself and looks after."""

import contextlib
import logging
import socket
import sys
from pathlib import Path
from typing import Any

from detection.processes.supervised_process import Command, Feed, SupervisedProcess, Timeouts
from serving.jobs.messages import LOG, PING, READY, SETTINGS, Said, cutter, encoded, settings_as_json
from settings import Settings

STOP_S = 8.0
"""How long it may take to end by itself; jobs that are cut off are done by the next."""


def jobs_command(descriptor: int) -> list[str]:
    """Return the command line of the process that is given the socket's descriptor."""
    return [sys.executable, "-m", "serving.jobs.child", "--fd", str(descriptor)]


class JobsProcess(SupervisedProcess):
    """Keeps one process of jobs running, and writes its lines into the server's log."""

    def __init__(self, settings: Settings, timeouts: Timeouts | None = None, command: Command = jobs_command) -> None:
        super().__init__("jobs", timeouts or Timeouts(), command)
        self._settings = settings

    def health(self) -> dict[str, Any]:
        """Return what the page of the server shows."""
        with self._lock:
            return self._line()

    def stop(self) -> None:
        """Say that no more is to come: the process ends what it does; `join` waits for that."""
        self._stopping.set()
        with self._lock:
            connection = self._socket
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)

    def join(self) -> None:
        """Wait until the process is gone; one that takes too long is killed."""
        self._thread.join(STOP_S)
        self._kill()
        super().join()

    def _feed(self) -> Feed:
        return cutter().feed

    def _greeting(self) -> bytes:
        # paths of the settings begin where the server was started; the process begins elsewhere
        return encoded(SETTINGS, values=settings_as_json(self._settings), folder=str(Path.cwd()))

    def _question(self) -> bytes:
        return encoded(PING)

    def _take(self, message: Said) -> None:
        if message["kind"] == READY:
            with self._lock:
                self._state, self._reason = "ready", ""
            self._restarts.worked()
        elif message["kind"] == LOG:
            logging.getLogger(str(message["name"])).log(int(message["level"]), "%s", message["text"])

    def _is_owed(self) -> bool:
        return False

    def _lost(self) -> None:
        """Nothing of it is lost: what it did not finish stands in the outbox."""
