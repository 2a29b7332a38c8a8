"""`python -m serving.jobs.child --fd N`: the process of jobs as a child of the server; the socket's end is its end."""

import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator

from detection.processes.inherited import inherited_socket
from jobs.worker import Worker
from serving.jobs.messages import LOG, PING, PONG, READY, SETTINGS, Said, cutter, encoded, settings_from_json
from serving.jobs.run import jobs_worker

RECEIVE = 1 << 16  # bytes
NICER = 10
"""On top of what every process of the server has: pictures are looked at before a report is made."""


class ServersLog(logging.Handler):
    """Has the server write our lines: a file that rotates can have one writer."""

    def __init__(self, line: "Line") -> None:
        super().__init__(logging.INFO)
        self._line = line

    def emit(self, record: logging.LogRecord) -> None:
        """Send one line."""
        self._line.say(LOG, name=record.name, level=record.levelno, text=self.format(record))


class Line:
    """The connection to the server; whoever speaks waits for others to finish."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._turn = threading.Lock()

    def say(self, kind: str, **values: object) -> None:
        """Send a message; that the server is gone is noticed by whoever listens."""
        with self._turn:
            try:
                self._connection.sendall(encoded(kind, **values))
            except OSError:
                return

    def heard(self) -> Iterator[Said]:
        """Yield what the server says, until it hangs up."""
        cut = cutter()
        while data := self._connection.recv(RECEIVE):
            yield from cut.feed(data)


def main(arguments: list[str] | None = None) -> int:
    """Do jobs until the server hangs up."""
    with inherited_socket("jobs", arguments) as connection:
        os.nice(NICER)
        line = Line(connection)
        heard = line.heard()
        first = next(heard, None)
        if first is None or first.get("kind") != SETTINGS:
            return 1
        _log_to(line)
        os.chdir(first["folder"])
        worker, stopping = jobs_worker(settings_from_json(first["values"])), threading.Event()
        threading.Thread(target=_listen, args=(line, heard, worker, stopping), daemon=True).start()
        line.say(READY)
        worker.run(stopping)
    return 0


def _log_to(line: Line) -> None:
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers[:] = [ServersLog(line)]  # the server shows on the terminal what it writes
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _listen(line: Line, heard: Iterator[Said], worker: Worker, stopping: threading.Event) -> None:
    try:
        for said in heard:
            if said.get("kind") == PING:
                line.say(PONG)
    except OSError:
        logging.getLogger(__name__).warning("the connection to the server broke")
    stopping.set()
    worker.ring()


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # a job that hangs in its thread must not keep the process
