"""An analysis worker: `python -m detection.engines.celery_worker --redis URL`, one for each core, on any machine.

A Celery worker with one child process, which loads the detectors once and analyses what the servers' tasks name. It
knows nothing of rooms, people or the web, and needs neither the database nor the secret key.
"""

import argparse
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import psutil
from celery.signals import worker_process_init, worker_process_shutdown
from kombu import Queue
from redis.exceptions import RedisError

from detection.analysis.messages import Look, Message, Ready, Recheck, Seen, Setup
from detection.analysis.worker import Analyst
from detection.detectors import DETECTORS
from detection.detectors.base import Context, Detector, Findings, Values
from detection.detectors.face_runtimes import FACE_RUNTIMES
from detection.engines.celery_app import BATCH, RELOAD, make_app, queue_of
from detection.engines.celery_claims import STALE, Announcement, Claims, connect
from detection.frames.decode import Picture, use_one_thread
from detection.models.shelf import FACE_RUNTIME
from detection.processes.inherited import NICENESS
from detection.processes.supervised_process import ONE_THREAD
from detection.processes.wire import MessageError

ANNOUNCE = 1.0  # seconds between two words that it is there
ALONE = "--one-thread-is-set"

logger = logging.getLogger(__name__)


class TooOld(BaseException):
    """Ends a look from inside the pipeline, which takes any Exception for a failure of one detector and goes on."""


class Punctual:
    """A detector that looks only while the picture is young enough."""

    def __init__(self, detector: Detector, is_young: Callable[[], bool]) -> None:
        self._detector, self._is_young = detector, is_young

    def __getattr__(self, name: str) -> Any:
        return getattr(self._detector, name)

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        """Return what the detector sees; TooOld when it would see the past."""
        if not self._is_young():
            raise TooOld
        return self._detector.look(picture, found, context)


class PunctualAnalyst(Analyst):
    """Analyses pictures until a moment that is given with each, and asks for the time before each detector."""

    def __init__(self) -> None:
        super().__init__()
        self._until = 0.0

    def look_until(self, look: Look, until: float) -> Seen:
        """Return the answer to one picture, STALE when the moment passed before every detector had its turn."""
        self._until = until
        try:
            answer = self.answer(look)
        except TooOld:
            return Seen(look.job, {}, 0.0, STALE)
        if isinstance(answer, Seen):
            return answer
        raise MessageError(f"no answer to a picture: {type(answer).__name__}")

    def answer(self, message: Message) -> Message:
        """Answer as every worker does; detectors that were loaded by that keep an eye on the time from now on."""
        answer = super().answer(message)
        if isinstance(answer, Ready):
            self._pipeline.detectors = tuple(self._punctual(one) for one in self._pipeline.detectors)
        return answer

    def _punctual(self, detector: Detector) -> Detector:
        known = isinstance(detector, Punctual)
        return detector if known else cast(Detector, Punctual(detector, self._is_young))

    def _is_young(self) -> bool:
        return time.monotonic() < self._until


class Hands:
    """What the child process of a worker does: begin, look at batches, load again, say that it is there."""

    def __init__(self, name: str, setup: Setup, claims: Claims, analyst: PunctualAnalyst) -> None:
        self._setup, self._claims, self._analyst = setup, claims, analyst
        self._told = Announcement(name, socket.gethostname(), 0)
        self._leaving = threading.Event()

    def begin(self, **_signal: Any) -> None:
        """Load the detectors; called in the child as it starts, because models do not survive a fork."""
        os.nice(NICENESS)
        use_one_thread()
        self._told = replace(self._told, pid=os.getpid(), loads=0)
        self._load(self._setup)
        threading.Thread(target=self._announce_always, name="announce", daemon=True).start()

    def end(self, **_signal: Any) -> None:
        """Give back what the detectors hold."""
        self._leaving.set()
        self._analyst.close()
        self._claims.withdraw(self._told.name)

    def reload(self, everything: bool) -> None:
        """Load all detectors again, or only those that had no model."""
        self._load(self._setup if everything else Recheck())

    def batch(self, server: str, refs: Sequence[tuple[str, int]]) -> None:
        """Look at the newest picture of each place, each fetched when its turn comes, and tell the server."""
        for place, job in refs:
            try:
                self._one(server, place, job)
            except RedisError as error:
                logger.warning("Redis cannot be reached, the rest of a batch is dropped: %s", error)
                return

    def _one(self, server: str, place: str, job: int) -> None:
        claim = self._claims.take(server, place)
        if claim is None:
            seen = Seen(job, {}, 0.0, STALE)
        else:
            seen = self._analyst.look_until(claim.look, time.monotonic() + claim.seconds)
        self._told = replace(self._told, stale=self._told.stale + (seen.error == STALE))
        self._claims.answer(server, seen)

    def _load(self, message: Setup | Recheck) -> None:
        self._told = replace(self._told, state="starting")
        self._announce()
        ready = self._analyst.answer(message)
        if isinstance(ready, Ready):
            self._told = replace(
                self._told,
                state="ready",
                loads=self._told.loads + 1,
                kernels=ready.kernels,
                detectors=ready.detectors,
                every=ready.every,
                reduced=ready.reduced,
            )
        self._announce()

    def _announce_always(self) -> None:
        while not self._leaving.wait(ANNOUNCE):
            self._announce()

    def _announce(self) -> None:
        try:
            self._claims.announce(replace(self._told, rss=psutil.Process().memory_info().rss))
        except RedisError as error:
            logger.warning("Redis cannot be reached, nobody knows that %s is there: %s", self._told.name, error)


def run(name: str, redis_url: str, hands: Hands) -> int:
    """Work until asked to end."""
    app = make_app(redis_url)
    # Without acknowledgements: one that fails while Redis is away would count as under way for ever, and the worker
    # would fetch nothing more. What is fetched and lost is a picture's name, and the picture is soon too old anyway.
    app.conf.task_queues = [Queue(queue_of(name), no_ack=True)]
    app.task(name=BATCH)(hands.batch)
    app.task(name=RELOAD, time_limit=None)(hands.reload)
    worker_process_init.connect(hands.begin, weak=False)
    worker_process_shutdown.connect(hands.end, weak=False)
    app.worker_main(
        [
            *("worker", "--pool", "prefork", "--concurrency", "1", "-O", "fair", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--hostname", name, "--queues", queue_of(name)),
        ]
    )
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Start a worker; the process is replaced once by itself, with one thread for each library."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    if not options.one_thread_is_set:
        again = [sys.executable, "-m", "detection.engines.celery_worker", ALONE, *given]
        os.execvp("env", ["env", *ONE_THREAD, *again])  # noqa: S606 - libraries read these only when they are loaded
    logging.basicConfig(level=logging.WARNING, format="worker %(process)d: %(message)s")
    name = f"{socket.gethostname()}-{options.number}"
    folders = [str(folder) for folder in options.models]
    setup = Setup(options.detectors, str(options.cache), folders, options.face_runtime, str(options.learned or ""))
    hands = Hands(name, setup, Claims(connect(options.redis)), PunctualAnalyst())
    return run(name, options.redis, hands)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="An analysis worker of Examonitor for servers on any machine.")
    add = parser.add_argument
    add("--redis", required=True, help="address of the Redis server that the web nodes use, such as redis://10.0.0.5/0")
    add("--number", type=int, default=1, help="tells the workers of one machine apart: 1, 2, ...")
    add("--cache", type=Path, default=Path("var", "models"), help="folder that fetched model files are in")
    add("--models", type=Path, action="append", default=[], help="a further folder with model files; may be repeated")
    add("--detectors", nargs="+", choices=list(DETECTORS), default=list(DETECTORS), help="what to look for; all")
    add("--face-runtime", choices=list(FACE_RUNTIMES), default=FACE_RUNTIME, help="what runs the face models")
    add("--learned", type=Path, help="folder of what a server learned from verdicts, copied from its data folder")
    add(ALONE, action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
