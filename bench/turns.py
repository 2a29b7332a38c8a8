"""Times how the next frame to look at is chosen: ours in heaps against a look at everybody, on a clock of its own.

Every participant sends 5 pictures a second and is looked at once a second; one in five has a phone on the head as well.
The dispatcher is woken as in the server, and each look is answered at once. `whole` is the server's dispatcher with
ours inside: the plan of the detectors and the meter of the load come to it. A cost is linear when each participant's
share of it stays alike. `python -m bench.turns [--json] [--seconds 4] [--participants 200 500 2000]`.
"""

import argparse
import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bench.scanned_frames import ScannedFrames
from core.clock import FakeClock
from core.types import Frame, Role
from detection.engines.base import Listener, Outcome
from detection.frames.latest_frames import LatestFrames
from detection.measures.channels import WEBCAM
from detection.runtime.runtime import Runtime
from evaluation.figures.report import Report, show, table

CHANNELS = (WEBCAM, str(Role.HEAD))
EACH_SECOND, PHONES = 5, 5  # pictures; one participant in so many has a phone
IDLE = 1.0  # seconds until the dispatcher looks around unasked, as in the server
GOAL = 2.0  # times the share of one among the fewest that one among the most may cost

Offer = Callable[[Frame, float], bool]
Feed = Callable[[float], float]
"""Give out what is due at that time; returns for how many seconds nothing more can be."""


def pictures(participants: int, seconds: float) -> list[Frame]:
    """Return the pictures of all in the order they come."""
    phones = {n for n in range(participants) if n % PHONES == 0}
    senders = [(f"s{n}", channel) for n in range(participants) for channel in (CHANNELS if n in phones else [WEBCAM])]
    numbers, gap = itertools.count(1), 1 / EACH_SECOND / len(senders)
    times = (
        (turn / EACH_SECOND + n * gap, one)
        for turn in range(int(seconds * EACH_SECOND))
        for n, one in enumerate(senders)
    )
    return [
        Frame("room", who, next(numbers), at, at, b"", 320, 240, channel, judged=False) for at, (who, channel) in times
    ]


def drive(offer: Offer, feed: Feed, woken: Callable[[], bool], frames: Iterable[Frame]) -> float:
    """Play the pictures to a dispatcher that sleeps between its turns; return seconds of processor time."""
    wake_at = IDLE
    started = time.process_time()
    for frame in frames:
        now = frame.received_at
        while wake_at <= now:
            wake_at += max(feed(wake_at), 0.001)
        offer(frame, now)
        while woken():
            wake_at = now + max(feed(now), 0.001)
    return time.process_time() - started


def by_scan(frames: Sequence[Frame]) -> float:
    """Return the processor time of a look at everybody."""
    intake = ScannedFrames()

    def woken() -> bool:
        was, intake.woken = intake.woken, False
        return was

    return drive(intake.offer, feeding(intake), woken, frames)


def by_heaps(frames: Sequence[Frame]) -> float:
    """Return the processor time of ours."""
    intake = LatestFrames()
    return drive(intake.offer, feeding(intake), lambda: noticed(intake), frames)


def noticed(intake: LatestFrames) -> bool:
    """Say whether the dispatcher would be woken, and take note, as `wait` does."""
    changed: bool = vars(intake)["_changed"]
    if changed:
        intake.wait(0)
    return changed


def feeding(intake: LatestFrames | ScannedFrames) -> Feed:
    """Return a dispatcher that does nothing but choose."""

    def feed(now: float) -> float:
        while pick := intake.next(now):
            intake.done(pick.frame)
        delay = intake.delay(now)
        return IDLE if delay is None else min(IDLE, delay)

    return feed


class Instant:
    """An engine that always has room and answers at once."""

    def __init__(self) -> None:
        self.listener: Listener | None = None

    def free(self) -> int:
        """Take one more."""
        return 1

    def every(self) -> dict[str, float]:
        """Name detectors as the server has them."""
        return {"face": 0.0, "picture": 0.0, "landmarks": 0.0, "objects": 2.0, "identity": 30.0}

    def submit(self, frame: Frame, _plan: object) -> bool:
        """Answer."""
        assert self.listener is not None
        self.listener.finished(Outcome(frame, (), 1.0))
        return True


def whole(frames: Sequence[Frame]) -> float:
    """Return the processor time of the server's dispatcher, the threads aside."""
    engine, clock, intake = Instant(), FakeClock(0.0), LatestFrames()
    nobody: Any = None  # nothing is judged here, and what was seen waits in the outbox
    stand_in: Any = engine
    runtime = Runtime(stand_in, nobody, nobody, clock, intake)
    engine.listener = runtime.dispatcher

    def feed(now: float) -> float:
        clock.advance(now - clock.now())
        return runtime.dispatcher.feed_engine()

    def offer(frame: Frame, now: float) -> bool:
        clock.advance(now - clock.now())
        return runtime.offer_frame(frame)

    return drive(offer, feed, lambda: noticed(intake), frames)


WAYS: dict[str, Callable[[Sequence[Frame]], float]] = {"scan": by_scan, "heaps": by_heaps, "whole": whole}


def measured(participants: int, seconds: float) -> dict[str, float]:
    """Return milliseconds of processor time for a second of an exam, each way."""
    frames = pictures(participants, seconds)
    return {name: way(frames) * 1000 / seconds for name, way in WAYS.items()}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--seconds", type=float, default=4.0, help="length of the exam (default 4)")
    options.add_argument("--participants", type=int, nargs="+", default=[200, 500, 2000])
    chosen = options.parse_args()
    report, rows = Report("turns"), []
    for count in chosen.participants:
        costs = measured(count, chosen.seconds)
        rows.append([str(count), *costs.values(), *(costs[name] * 1000 / count for name in ("heaps", "whole"))])
        report.metrics |= {f"{count} {name} ms": cost for name, cost in costs.items()}
        report.ratios[f"scan {count}"] = costs["heaps"] / costs["scan"]
    head = ["participants", *(f"{name} ms/s" for name in WAYS), "heaps us each", "whole us each"]
    show(report, table(head, rows) + f"\n\n{verdict(rows)}", chosen.json)


def verdict(rows: Sequence[Sequence[Any]]) -> str:
    """Say how much more each participant costs among the most than among the fewest."""
    growth = [rows[-1][column] / rows[0][column] for column in (-2, -1)]
    reached = "reached" if max(growth) <= GOAL else "missed"
    return (
        f"One among the most costs {growth[0]:.2f} (heaps), {growth[1]:.2f} (whole) of one among the fewest: {reached}."
    )


if __name__ == "__main__":
    main()
