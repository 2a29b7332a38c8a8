"""The sensing process: `python -m detection.sensing.process --fd N`, a socket to the server on descriptor N.

It knows nothing of rooms, people or the web: batches come in, what they say goes out; the socket's end is its end.
"""

import logging
import os
import select
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from core.types import Observation, Reading
from detection.models.shelf import ModelShelf
from detection.processes.inherited import inherited_socket
from detection.processes.wire import Cutter, MessageError
from detection.sensing.base import Patient, Say, Sense
from detection.sensing.messages import (
    Batch,
    Fact,
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
    facts_of,
)
from detection.sensing.registry import SENSES, Route

RECEIVE = 1 << 18  # bytes
IDLE = 0.5  # seconds between two checks of what waits inside the senses

logger = logging.getLogger(__name__)


class Sensing:
    """Answers the server's messages, one after the other, however they arrive."""

    def __init__(self, say: Say, routes: Sequence[Route] = SENSES) -> None:
        self._say, self._routes = say, routes
        self._sensors: dict[str, Sense] = {}
        self._failures: Counter[str] = Counter()

    def answer(self, message: Message) -> Message | None:
        """Return the answer to one message, None where there is none; MessageError for one that only we send."""
        match message:
            case Batch(job, readings):
                return self._sense(job, readings)
            case Tell(participant, sensor, context):
                if sensor in self._sensors:
                    self._try(sensor, lambda: self._sensors[sensor].tell(participant, context))
                return None
            case Forget(participant):
                for name, one in self._sensors.items():
                    self._try(name, partial(one.forget, participant))
                return None
            case Ping():
                return Pong(self._notes())
            case Setup():
                return self._set_up(message)
        raise MessageError(f"the sensing process is not sent {type(message).__name__}")

    def idle(self) -> None:
        """Let the senses do what has waited."""
        for name, one in self._sensors.items():
            if isinstance(one, Patient):
                self._try(name, one.idle)

    def close(self) -> None:
        """Let go of what the senses hold."""
        for one in self._sensors.values():
            if isinstance(one, Patient):
                one.close()
        self._sensors = {}

    def _set_up(self, setup: Setup) -> Ready:
        shelf = ModelShelf(Path(setup.cache), map(Path, setup.folders))
        self.close()
        states: dict[str, str | None] = {}
        for route in self._routes:
            try:
                one = route.make()
                if isinstance(one, Patient):
                    one.open(shelf, self._say)
                self._sensors[route.sensor] = one
                states[route.sensor] = None
            except Exception as error:
                logger.exception("the sense %s could not be loaded", route.sensor)
                states[route.sensor] = f"could not be loaded: {error}"
        return Ready(os.getpid(), states)

    def _sense(self, job: int, readings: Sequence[Reading]) -> Sensed:
        started = time.perf_counter()
        found = [self._take(reading) for reading in readings]
        ms = (time.perf_counter() - started) * 1000
        return Sensed(job, found, round(ms, 3), dict(self._failures), self._notes())

    def _take(self, reading: Reading) -> list[Fact]:
        for route in self._routes:
            one = self._sensors.get(route.sensor)
            if one is not None and route.leads(reading):
                return facts_of(self._try(route.sensor, partial(one.take, reading)) or [])
        return []

    def _try(self, name: str, act: Callable[[], Any]) -> Any:
        """One sense that fails must not stop the others, nor itself at the next batch."""
        try:
            return act()
        except Exception:
            self._failures[name] += 1
            logger.exception("the sense %s failed", name)
            return None

    def _notes(self) -> dict[str, Any]:
        return {name: dict(one.notes()) for name, one in self._sensors.items() if isinstance(one, Patient)}


class Server:
    """Answers what comes through a socket, and sends what the senses find by themselves."""

    def __init__(self, connection: socket.socket, routes: Sequence[Route] = SENSES) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._sensing = Sensing(self._say, routes)

    def run(self) -> None:
        """Serve until the server closes the connection."""
        cutter = Cutter(decode)
        idle_at = time.monotonic() + IDLE
        try:
            while True:
                wait = max(0.0, idle_at - time.monotonic())
                if select.select([self._connection], [], [], wait)[0]:
                    data = self._connection.recv(RECEIVE)
                    if not data:
                        return
                    for message in cutter.feed(data):
                        self._send(self._sensing.answer(message))
                if time.monotonic() >= idle_at:
                    idle_at = time.monotonic() + IDLE
                    self._sensing.idle()
        finally:
            self._sensing.close()

    def _say(self, reading: Reading, observations: Sequence[Observation]) -> None:
        self._send(Later(reading, facts_of(observations)))

    def _send(self, message: Message | None) -> None:
        if message is not None:
            data = encode(message)
            with self._sending:
                self._connection.sendall(data)


def main(arguments: list[str] | None = None) -> int:
    """Run on an inherited socket; 0 when the server hung up, 1 when it made no sense."""
    with inherited_socket("sensing", arguments) as connection:
        try:
            Server(connection).run()
        except (MessageError, ConnectionError) as error:
            logger.error("ending: %s", error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
