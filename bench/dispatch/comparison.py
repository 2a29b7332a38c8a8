"""Times how a picture reaches an analysis worker on another machine, ours against Celery used as most people use it.

`ours` is the engine: claim checks in Redis, micro-batches; `bursts` has ten pictures due at once, `slow` a third of the
rate, and those that gather send no more often than every 20 or 50 ms. `task` is one Celery task for each picture, whose
bytes wait in Redis; `inline` is one task with the picture in it as base64. The workers look at nothing, so that the way
there is all that is measured. Then they are stopped for longer than a picture may age: `stale` counts what is looked at
anyway.
`python -m bench.dispatch [--json] [--seconds 6] [--rate 100] [--workers 2]`.
"""

import argparse
import base64
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from redis import Redis

from bench.dispatch.worker import INLINE, TASK, delays, peer_app
from core.types import Frame
from detection.engines.base import Outcome
from detection.engines.celery import CeleryEngine
from detection.engines.celery_claims import connect
from detection.engines.celery_peer import Terms
from evaluation.figures.report import Report, show, table
from settings import REPOSITORY

PICTURE = b"\xff\xd8" + bytes(range(256)) * 58 + b"\xff\xd9"  # 15 KB that nobody decodes
AGE = 1.5  # seconds until a picture is too old
START_S, SETTLE_S = 60.0, 3.0
GATHERED = {"20 ms": 0.0205, "50 ms": 0.0505}  # between two tasks for a worker, just beyond a multiple of the gap
SLOWER = 3.0
GOAL_US, GOAL_P95_MS = 150.0, 10.0


@dataclass
class Way:
    """What one way to the workers showed."""

    cpu_s: float = 0.0
    answers_s: float = 0.0
    sent: int = 0
    delays: list[float] = field(default_factory=list)  # milliseconds
    stale: int = 0
    frozen: int = 0

    def figures(self) -> dict[str, float]:
        """Return what is reported."""
        told = sorted(self.delays) or [float("nan")]
        return {
            "cpu_us_per_frame": self.cpu_s / max(1, self.sent) * 1e6,
            "answer_us_per_frame": self.answers_s / max(1, self.sent) * 1e6,
            "p50_ms": told[len(told) // 2],
            "p95_ms": told[int(len(told) * 0.95)],
            "arrived": len(self.delays) / max(1, self.sent),
            "stale": float(self.stale),
        }


class Ears:
    """Listens to the engine: `ms` of an outcome is how long the picture was under way."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def finished(self, outcome: Outcome) -> None:
        """Keep it."""
        self.outcomes.append(outcome)

    def has_room(self) -> None:
        """Nothing waits for room here."""


# ------------------------------------------------------------------------------------ processes


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run a Redis server of our own; gives its address."""
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("bench.dispatch needs redis-server (Debian package of that name)")
    place = folder / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(place.exists)
            yield f"unix://{place}"
        finally:
            process.terminate()


@contextmanager
def workers(kind: str, url: str, count: int) -> Iterator[list[psutil.Process]]:
    """Run workers; gives their children, which do the work, once there are."""
    command = [sys.executable, "-m", "bench.dispatch.worker", kind, url]
    quiet = subprocess.DEVNULL
    started = [
        subprocess.Popen([*command, str(n)], cwd=REPOSITORY, stdout=quiet, stderr=quiet) for n in range(1, count + 1)
    ]
    mains = [psutil.Process(process.pid) for process in started]
    try:
        wait_for(lambda: all(main.children() for main in mains))
        yield [child for main in mains for child in main.children()]
    finally:
        for main in mains:
            for process in [*main.children(), main]:
                process.kill()
        for popen in started:
            popen.wait()


def wait_for(true: Callable[[], object]) -> None:
    """Look again and again until something is true."""
    end = time.monotonic() + START_S
    while not true():
        if time.monotonic() > end:
            raise SystemExit("the workers did not start")
        time.sleep(0.05)


def paced(rate: float, seconds: float, burst: int, send: Callable[[int], bool], way: Way) -> None:
    """Send so many pictures a second, `burst` at once, and add up the processor time that sending took."""
    start, number = time.monotonic(), 0
    while number < rate * seconds:
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        for _ in range(burst):
            before = time.thread_time()
            way.sent += send(number)
            way.cpu_s += time.thread_time() - before
            number += 1


# ------------------------------------------------------------------------------------ the ways


def measure_ours(url: str, given: argparse.Namespace, burst: int, tick: float, freeze: bool = False) -> Way:
    """Return what the engine shows."""
    way, ears = Way(), Ears()
    with workers("ours", url, given.workers) as children:
        engine = CeleryEngine(url, depth=16, terms=Terms(age=AGE, answer=AGE + 1.5, tick=tick))
        engine.start(ears)
        wait_for(lambda: engine.free() == 16 * given.workers)

        def send(number: int) -> bool:
            now = time.monotonic()
            return engine.submit(Frame("room", f"s{number % 100}", number, now, now, PICTURE, 320, 240))

        before = thread_times()
        paced(given.rate, given.seconds, burst, send, way)
        after = thread_times()
        way.cpu_s += after["cluster-send"] - before["cluster-send"]
        way.answers_s += after["cluster-listen"] - before["cluster-listen"]
        wait_for(lambda: len(ears.outcomes) >= way.sent)
        way.delays = [outcome.ms for outcome in ears.outcomes if outcome.error is None]
        if freeze:
            ears.outcomes.clear()
            way.frozen = frozen(children, given.rate, send)
            wait_for(lambda: len(ears.outcomes) >= way.frozen)
            way.stale = sum(outcome.error is None and outcome.ms > AGE * 1000 for outcome in ears.outcomes)
        engine.stop()
    return way


def measure_peer(url: str, given: argparse.Namespace, inline: bool) -> Way:
    """Return what one task for each picture shows."""
    way, app, redis = Way(), peer_app(url), connect(url)

    def send(number: int) -> bool:
        now = time.monotonic()
        if inline:
            app.send_task(INLINE, (base64.b64encode(PICTURE).decode(), now), expires=AGE, ignore_result=True)
        else:
            redis.set(f"frame:{number % 100}", PICTURE, px=int(AGE * 1000))
            app.send_task(TASK, (f"frame:{number % 100}", now), expires=AGE, ignore_result=True)
        return True

    with workers("peer", url, given.workers) as children:
        send(0)
        wait_for(lambda: delays(redis))
        paced(given.rate, given.seconds, 1, send, way)
        way.delays = settled(redis, way.sent)
        way.frozen = frozen(children, given.rate, send)
        way.stale = sum(delay > AGE * 1000 for delay in settled(redis, way.frozen))
    redis.flushall()
    app.close()
    return way


def slower(given: argparse.Namespace) -> argparse.Namespace:
    """Return the same wishes at a third of the rate."""
    return argparse.Namespace(**vars(given) | {"rate": given.rate / SLOWER})


def settled(redis: Redis, most: int) -> list[float]:
    """Return what was told, as soon as nothing more is."""
    told: list[float] = []
    end = time.monotonic() + SETTLE_S
    while len(told) < most and time.monotonic() < end:
        new = delays(redis)
        told += new
        end = time.monotonic() + SETTLE_S if new else end
        time.sleep(0.05)
    return told


def frozen(children: Sequence[psutil.Process], rate: float, send: Callable[[int], bool]) -> int:
    """Stop the workers for longer than a picture may age, go on sending; return how many pictures were taken."""
    for child in children:
        os.kill(child.pid, signal.SIGSTOP)
    way = Way()
    paced(rate, AGE, 1, send, way)
    time.sleep(AGE * 1.2)
    for child in children:
        os.kill(child.pid, signal.SIGCONT)
    return way.sent


def thread_times() -> dict[str, float]:
    """Return the processor seconds of each thread by its name."""
    running = [thread for thread in threading.enumerate() if thread.ident is not None]
    return {thread.name: time.clock_gettime(time.pthread_getcpuclockid(thread.ident or 0)) for thread in running}


# ------------------------------------------------------------------------------------ the report


def report_on(ways: dict[str, Way]) -> Report:
    """Return the figures; ratios are ours divided by the peer's."""
    figures = {name: way.figures() for name, way in ways.items()}
    ours = figures.pop("ours")
    for other in [name for name in figures if name.startswith("ours")]:
        title = other.split(maxsplit=1)[1].replace(" ", "_")
        ours |= {f"{title}_{name}": value for name, value in figures.pop(other).items()}
    report = Report("dispatch", ours, figures)
    report.ratios = {
        f"{what}_of_{name}": ours[what] / peer[what]
        for name, peer in figures.items()
        for what in ("cpu_us_per_frame", "p95_ms")
    }
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description="how pictures reach analysis workers")
    parser.add_argument("--json", action="store_true", help="one line for programs at the end")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--rate", type=float, default=100.0, help="pictures a second")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="examonitor-bench-") as folder, redis_server(Path(folder)) as url:
        ways = {
            "ours": measure_ours(url, given, 1, Terms().tick, freeze=True),
            "task": measure_peer(url, given, inline=False),
            "inline": measure_peer(url, given, inline=True),
            "ours, bursts": measure_ours(url, given, 10, Terms().tick),
            "ours, slow": measure_ours(url, slower(given), 1, Terms().tick),
        }
        ways |= {f"ours, {name}": measure_ours(url, given, 1, tick) for name, tick in GATHERED.items()}
    report = report_on(ways)
    head = ["way", "CPU us/frame", "answers us/frame", "p50 ms", "p95 ms", "arrived", "stale of"]
    rows = [
        [name, *list(way.figures().values())[:5], f"{way.stale} of {way.frozen}" if way.frozen else None]
        for name, way in ways.items()
    ]
    ours = report.metrics
    missed = ours["cpu_us_per_frame"] > GOAL_US or ours["p95_ms"] > GOAL_P95_MS or ours["stale"] > 0
    goals = f"Goals: {GOAL_US:.0f} us, p95 {GOAL_P95_MS:.0f} ms, stale 0: {'missed' if missed else 'reached'}."
    show(report, f"{table(head, rows)}\n\n{goals}", given.json)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
