"""`python -m bench.arms [--arms 60] [--hours 2] [--hz 50] [--json]`: what arms cost, and what they leave behind.

Readings of made arms are given to the sense as fast as it takes them, in batches as phones send them; the memory of the
process is read after each tenth of the time.
"""

import argparse
import time
from collections.abc import Iterator

import numpy as np
import psutil

from core.types import Reading, ReadingKind
from detection.sensing.arm.sense import ArmSense
from evaluation.figures.report import Report, show, table

BATCH_SECONDS = 0.25
START = 1_700_000_000.0
MEGABYTE = 1_000_000


def batches(hz: float, second: int) -> Iterator[tuple[float, bytes]]:
    """Yield a second of an arm that types, and every half minute goes to the ear, as times and bytes."""
    count = round(hz * BATCH_SECONDS)
    for quarter in range(round(1 / BATCH_SECONDS)):
        begin = second + quarter * BATCH_SECONDS
        times = np.arange(count) / hz
        swing = 0.6 * np.sin(2 * np.pi * 5.0 * (begin + times))
        raised = np.radians(55.0 if second % 30 < 8 else 4.0)
        rows = np.column_stack((times, swing, 9.8 * np.sin(raised) + swing, 9.8 * np.cos(raised) - swing))
        yield begin, rows.astype("<f4").tobytes()


def minute_of(sense: ArmSense, arms: int, hz: float, minute: int) -> int:
    """Give a minute of every arm; return how many windows were told."""
    told = 0
    for second in range(60 * minute, 60 * minute + 60):
        for begin, data in batches(hz, second):
            for arm in range(arms):
                reading = Reading("room", f"arm-{arm}", "arm", ReadingKind.MOTION, START + begin, data)
                told += len(sense.take(reading))
    return told


def measure(arms: int, hours: float, hz: float) -> tuple[Report, str]:
    """Run it and return the report and its table."""
    sense, process = ArmSense(), psutil.Process()
    minutes = max(10, round(60 * hours))
    minute_of(sense, arms, hz, 0)
    first, windows, lines = process.memory_info().rss, 0, []
    begun = time.process_time()
    for minute in range(1, minutes + 1):
        windows += minute_of(sense, arms, hz, minute)
        if minute % (minutes // 10) == 0:
            lines.append([f"{minute} min", windows, f"{(process.memory_info().rss - first) / MEGABYTE:.2f}"])
    cost = (time.process_time() - begun) / (60 * minutes)
    report = Report("arms", {"ms a second": 1000 * cost, "MB grown": (process.memory_info().rss - first) / MEGABYTE})
    head = f"{arms} arms at {hz:g} Hz: {1000 * cost:.1f} ms of one core for each second of all of them.\n\n"
    return report, head + table(("after", "windows", "MB more than after a minute"), lines)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.arms", description=__doc__)
    options.add_argument("--arms", type=int, default=60)
    options.add_argument("--hours", type=float, default=2.0)
    options.add_argument("--hz", type=float, default=50.0)
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    chosen = options.parse_args()
    report, text = measure(chosen.arms, chosen.hours, chosen.hz)
    show(report, text, chosen.json)


if __name__ == "__main__":
    main()
