"""Run by test_green: detection inside a process whose threads and sockets are eventlet's."""

import eventlet

eventlet.monkey_patch()

import itertools  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402

from core.clock import SystemClock  # noqa: E402
from core.types import Frame  # noqa: E402
from detection import engines  # noqa: E402
from detection.engines.base import Engine  # noqa: E402
from detection.engines.child import Timeouts  # noqa: E402
from detection.runtime.runtime import Runtime  # noqa: E402
from tests.detection.fakes import FakeJudge, FakeSink, eventually  # noqa: E402


def main(jpeg: bytes, cache: str, folders: list[str]) -> None:
    """Look at 20 students, lose the worker twice, and say on stdout what happened."""
    timeouts = Timeouts(stuck=1.0, idle=0.2, poll=0.05)
    options = {"workers": 1, "cache": Path(cache), "folders": [Path(f) for f in folders]}
    engine = engines.make("local", detectors=["face", "picture"], timeouts=timeouts, **options)
    clock, sink = SystemClock(), FakeSink()
    runtime = Runtime(engine, FakeJudge(), sink, clock)
    ticks: list[float] = []
    eventlet.spawn(beat, ticks)
    runtime.start()

    def everybody(sequence: int) -> None:
        now = clock.now()
        for number in range(20):
            runtime.offer_frame(Frame("room", f"s{sequence}-{number}", sequence, now, now, jpeg, 320, 320))

    def seen() -> bool:
        return len(sink.seen) >= 20

    for sequence, sign in enumerate((None, signal.SIGKILL, signal.SIGSTOP), start=1):
        if sign:
            os.kill(engine.health()[0]["pid"], sign)
            eventually(partial(restarted, engine, sequence - 1))
        eventually(engine.free)
        sink.seen.clear()
        everybody(sequence)
        eventually(seen)
    counts = {observations[0].values["count"] for _, observations in sink.seen}
    restarts = engine.health()[0]["restarts"]
    runtime.stop()
    gaps = [after - before for before, after in itertools.pairwise(ticks)]
    print(json.dumps({"counts": list(counts), "restarts": restarts, "longest_gap": max(gaps)}))


def restarted(engine: Engine, times: int) -> bool:
    """Say whether the engine's only worker was started again that often."""
    return bool(engine.health()[0]["restarts"] == times)


def beat(ticks: list[float]) -> None:
    """Note the time again and again: shows for how long everything else in the process stood still."""
    while True:
        ticks.append(time.monotonic())
        time.sleep(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_bytes(), sys.argv[2], sys.argv[3:])
