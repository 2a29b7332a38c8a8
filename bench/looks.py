"""What an analysis process spends on a class at full pace, by detector: `python -m bench.looks`.

The students of `app.py capacity`, in a time of their own: each is looked at once a second, as the server's schedule
says, through the messages that the process gets. Processor time only, so that other programs matter little.
"""

import argparse
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from bench.capacity.classroom import FPS, Classroom
from bench.load import media_folder
from core.types import Frame
from detection import detectors
from detection.analysis.messages import Inbox, Look, Ready, Seen, Setup, encode
from detection.analysis.schedule import DetectorSchedule
from detection.analysis.worker import Analyst
from detection.frames.decode import use_one_thread
from detection.models.shelf import ModelShelf
from detection.processes.wire import MessageError
from evaluation.figures.report import Report, show, table
from settings import load_settings
from simulation.cameras import Absentee, Album

SETTLING = 5  # seconds at the beginning that are not counted
START = 1_700_000_000.0
SPARE = 0.9  # share of a core that may be used: a full one is late whenever two looks fall together


class Seat:
    """One student before a camera."""

    def __init__(self, number: int, camera: Album | Absentee, face: Sequence[float]) -> None:
        self.name, self.face = f"s{number}", face
        self._camera, self._sent = camera, 0

    def frame(self, now: float) -> Frame:
        """Return the picture of this second; those between are not looked at."""
        jpegs = [self._camera.jpeg(time.monotonic() + now - START, 320, 0.6) for _ in range(round(FPS))]
        self._sent += 1
        return Frame("room", self.name, self._sent, now, now, jpegs[-1], 320, 240)


class Process:
    """An analysis process without its socket: messages in and out, as bytes."""

    def __init__(self, shelf: Setup) -> None:
        self._analyst = Analyst()
        ready = self._analyst.answer(shelf)
        if not isinstance(ready, Ready):
            raise MessageError("the detectors could not be loaded")
        self.ready = ready

    def look(self, look: Look) -> Seen:
        """Return the answer to one frame."""
        (message,) = Inbox().feed(encode(look))
        (seen,) = Inbox().feed(encode(self._analyst.answer(message)))
        if not isinstance(seen, Seen):
            raise MessageError("a frame was not answered")
        return seen

    def close(self) -> None:
        """Give back what the detectors hold."""
        self._analyst.close()


class Bill:
    """What all looks cost together, in milliseconds of a processor, and how many there were."""

    def __init__(self) -> None:
        self.ms: Counter[str] = Counter()
        self.looks: Counter[str] = Counter()
        self.full: Counter[str] = Counter()
        self.whole = 0.0

    def add(self, due: Sequence[str], seen: Seen, ms: float) -> None:
        """Note one frame."""
        self.looks.update(due)
        self.full.update(name for name in due if name in seen.spent)
        self.whole += ms
        for name, spent in seen.spent.items():
            self.ms[name] += spent  # type: ignore[assignment]  # a counter of milliseconds


def run(process: Process, seats: Sequence[Seat], seconds: int) -> Bill:
    """Let an exam go on for so many seconds after it has settled."""
    bill, schedule = Bill(), DetectorSchedule(process.ready.every, Random(5).random)
    for seat in seats:
        schedule.give_context(seat.name, "identity", {"references": [list(seat.face)]})
    for second in range(-SETTLING, seconds):
        for number, seat in enumerate(seats):
            now = START + second + number / len(seats)
            plan = schedule.plan(seat.name, "webcam", now)
            look = Look(1, seat.frame(now), list(plan.due or ()), list(plan.fresh), dict(plan.context))
            started = time.process_time()
            seen = process.look(look)
            if second >= 0:
                bill.add(look.due or (), seen, 1000 * (time.process_time() - started))
    return bill


def report_of(bill: Bill, students: int, seconds: int) -> Report:
    """Return milliseconds of a processor for each student and second, and how many students a core has time for."""
    share = 1 / (students * seconds)
    each = bill.whole * share
    metrics: dict[str, object] = {"ms_per_student_second": each, "students_per_core": SPARE * 1000 / each}
    metrics |= {name: lines_of(bill, name, share) for name in bill.ms}
    return Report("looks", metrics)


def lines_of(bill: Bill, name: str, share: float) -> Mapping[str, float]:
    """Return what is told of one detector."""
    full = bill.full[name]
    return {
        "ms_per_student_second": bill.ms[name] * share,
        "looks_per_student_second": bill.looks[name] * share,
        "full_share": full / bill.looks[name] if bill.looks[name] else 1.0,
        "ms_per_full_look": bill.ms[name] / full if full else 0.0,
    }


def text_of(report: Report, bill: Bill, students: int, seconds: int) -> str:
    """Return the table."""
    share = 1 / (students * seconds)
    rows: list[list[object]] = [[name, *lines_of(bill, name, share).values()] for name in sorted(bill.ms)]
    rest = bill.whole - sum(bill.ms.values())
    rows += [["messages and gate", rest * share], ["all", bill.whole * share]]
    head = ["part", "CPU ms a student and second", "looks a second", "of them full", "CPU ms a full look"]
    padded = [row + [None] * (len(head) - len(row)) for row in rows]
    carried = f"One core at {SPARE:.0%} has time for {report.metrics['students_per_core']:.0f} students at full pace."
    return f"{table(head, padded)}\n\n{carried}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.looks", description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options = parser.parse_args(arguments)
    use_one_thread()
    settings, media = load_settings(), media_folder(None)
    folders: list[Path] = settings.model_folders()
    classroom = Classroom(media.parent if media else None, ModelShelf(settings.model_cache(), folders))
    cameras, faces = classroom.cameras(options.students, 0), classroom.faces(options.students, 0)
    seats = [Seat(n, camera, face) for n, (camera, face) in enumerate(zip(cameras, faces, strict=True))]
    process = Process(Setup(detectors.in_order(), str(settings.model_cache()), [str(folder) for folder in folders]))
    try:
        bill = run(process, seats, options.seconds)
    finally:
        process.close()
    report = report_of(bill, options.students, options.seconds)
    show(report, text_of(report, bill, options.students, options.seconds), options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
