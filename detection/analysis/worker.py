"""The analysis process: `python -m detection.analysis.worker --fd N`, a socket to the server on descriptor N.

It knows nothing of rooms, people or the web: frames come in, findings go out, and when the socket closes it ends.
"""

import logging
import os
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from detection import detectors
from detection.analysis.gate import Gate
from detection.analysis.messages import Inbox, Look, Message, Ping, Pong, Ready, Recheck, Seen, Setup, encode
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Detector, Reducible
from detection.frames import frameops
from detection.frames.decode import DecodeError, Picture, use_one_thread
from detection.models.shelf import ModelShelf
from detection.processes.inherited import inherited_socket
from detection.processes.native_output import native_silence
from detection.processes.wire import MessageError

RECEIVE = 1 << 18  # bytes
WARM_UP = np.full((240, 320, 3), 128, dtype=np.uint8)
BROKEN = "could not be loaded"

logger = logging.getLogger(__name__)


class Analyst:
    """Answers the server's messages, one after the other, however they arrive."""

    def __init__(self) -> None:
        self._pipeline = Pipeline(())
        self._shelf: ModelShelf | None = None
        self._states: dict[str, str | None] = {}
        self._reduced: dict[str, str] = {}

    def close(self) -> None:
        """Give back what the detectors hold."""
        with native_silence():
            self._pipeline.close()

    def answer(self, message: Message) -> Message:
        """Return the answer to one message; MessageError for one that only a worker sends."""
        match message:
            case Look():
                return self._look(message)
            case Ping(number):
                return Pong(number)
            case Setup():
                return self._set_up(message)
            case Recheck():
                return self._recheck()
        raise MessageError(f"a worker is not sent {type(message).__name__}")

    def _set_up(self, setup: Setup) -> Ready:
        self._shelf = ModelShelf(
            Path(setup.cache),
            map(Path, setup.folders),
            face_runtime=setup.face_runtime,
            learned=Path(setup.learned) if setup.learned else None,
        )
        self._states = {}
        with native_silence():
            self._pipeline.close()
            names = detectors.in_order(setup.detectors)
            self._pipeline = Pipeline(_loaded(names, self._shelf, self._states), Gate())
        self._reduced = {name: reason for name in names if (reason := self._lack(name))}
        return self._ready()

    def _recheck(self) -> Ready:
        """Load what can be loaded, or loaded whole, by now; what broke while it was loaded is left alone."""
        missing = [name for name, reason in self._states.items() if reason and not reason.startswith(BROKEN)]
        better = [name for name, reason in self._reduced.items() if self._lack(name) != reason]
        if self._shelf is not None and (missing or better):
            with native_silence():
                new = {one.name: one for one in _loaded([*missing, *better], self._shelf, self._states)}
                old = {detector.name: detector for detector in self._pipeline.detectors}
                for name in new.keys() & old.keys():
                    old[name].close()
            known = old | new
            self._pipeline.detectors = tuple(known[name] for name in detectors.in_order(known))
            self._reduced = {name: reason for name in known if (reason := self._lack(name))}
        return self._ready()

    def _lack(self, name: str) -> str | None:
        """Return why a detector that is on works less well than it could; of one that is off, `_states` tells."""
        if self._shelf is None or self._states.get(name):
            return None
        detector = detectors.make(name, self._shelf)
        return detector.reduced() if isinstance(detector, Reducible) else None

    def _ready(self) -> Ready:
        every = {detector.name: float(detector.every) for detector in self._pipeline.detectors}
        return Ready(os.getpid(), dict(self._states), frameops.IMPLEMENTATION, every, dict(self._reduced))

    def _look(self, message: Look) -> Seen:
        started = time.perf_counter()
        error, observations = None, []
        try:
            observations = self._pipeline.analyse(message.frame, message.due, message.context, message.fresh)
        except DecodeError as refused:
            error = str(refused)
        found = {observation.kind.value: observation.values for observation in observations}
        ms = (time.perf_counter() - started) * 1000
        spent = {} if error else {name: round(cost, 3) for name, cost in self._pipeline.spent.items()}
        asked = [one for one in self._pipeline.detectors if message.due is None or one.name in message.due]
        kinds = {detector.name: detector.kind.value for detector in asked}
        return Seen(message.job, found, round(ms, 3), error, dict(self._pipeline.failures), spent, kinds)


class Worker(Analyst):
    """Answers what comes through a socket."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection

    def run(self) -> None:
        """Serve until the server closes the connection."""
        inbox = Inbox()
        while data := self._connection.recv(RECEIVE):
            for message in inbox.feed(data):
                self._connection.sendall(encode(self.answer(message)))


def _loaded(names: Iterable[str], shelf: ModelShelf, states: dict[str, str | None]) -> Iterable[Detector]:
    """Yield each detector that could be loaded, and note in `states` why the others could not."""
    for name in names:
        try:
            detector = detectors.make(name, shelf)
            states[name] = detector.available()
            if states[name] is None:
                detector.load()
                detector.look(Picture(WARM_UP), {}, {})  # the first look is slow: better now than on a student
                yield detector
        except Exception as error:
            logger.exception("detector %s could not be loaded", name)
            states[name] = f"{BROKEN}: {error}"


def main(arguments: list[str] | None = None) -> int:
    """Run the worker on an inherited socket; 0 when the server hung up, 1 when it made no sense."""
    with inherited_socket("worker", arguments) as connection:
        use_one_thread()
        worker = Worker(connection)
        try:
            worker.run()
        except (MessageError, ConnectionError) as error:
            logger.error("ending: %s", error)
            return 1
        finally:
            worker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
