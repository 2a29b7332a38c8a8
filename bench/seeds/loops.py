"""The loops of the two simple monitors alone, without network, pages or relay, which flatters them.

one thread per picture    decode a base64 picture in a new thread and ask one face detector, behind one lock
everything on every one   decode, YOLO at 640 and the Face Landmarker on each picture, one after the other

Each gets 5 pictures of 320x240 a second from every student. A step fails as in `app.py capacity`: looks older than a
second for 5 of 100, or less than 0.95 looks per student and second.
"""

import base64
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.load import percentile
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from evaluation.systems.ours import Clock
from evaluation.systems.plain_models import face_counters, phone_finders, stock_landmarker

STEPS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 50, 60, 80, 100, 125, 150, 200)
FPS, SECONDS = 5.0, 5.0
MOST_AGE_S, LEAST_LOOKS, MOST_THREADS = 1.0, 0.95, 500

Analyse = Callable[[bytes], None]


@dataclass
class Tally:
    """Ages of finished looks, in seconds; filled from many threads."""

    ages: list[float] = field(default_factory=list)

    def done(self, sent_at: float) -> None:
        """Count a look."""
        self.ages.append(time.perf_counter() - sent_at)


class ThreadPerPicture:
    """Starts a thread for each picture; one detector, one lock."""

    def __init__(self, analyse: Analyse) -> None:
        self._analyse, self._lock = analyse, threading.Lock()

    def take(self, text: str, tally: Tally) -> None:
        """Start a thread, as long as the machine lets us."""
        if threading.active_count() < MOST_THREADS:
            threading.Thread(target=self._look, args=(text, tally, time.perf_counter()), daemon=True).start()

    def _look(self, text: str, tally: Tally, sent_at: float) -> None:
        jpeg = base64.b64decode(text.partition(",")[2])
        with self._lock:
            self._analyse(jpeg)
        tally.done(sent_at)

    def close(self) -> None:
        """Wait for the threads under way."""
        with self._lock:
            pass


class OneAfterTheOther:
    """Looks at each picture in the order they came; nothing is dropped."""

    def __init__(self, analyse: Analyse) -> None:
        self._analyse = analyse
        self._waiting: queue.SimpleQueue[tuple[str, Tally, float] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def take(self, text: str, tally: Tally) -> None:
        """Queue a picture."""
        self._waiting.put((text, tally, time.perf_counter()))

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            text, tally, sent_at = job
            self._analyse(base64.b64decode(text.partition(",")[2]))
            tally.done(sent_at)

    def close(self) -> None:
        """Forget what waits and end."""
        while not self._waiting.empty():
            self._waiting.get()
        self._waiting.put(None)
        self._thread.join()


Loop = ThreadPerPicture | OneAfterTheOther


def carries(make: Callable[[], Loop], pictures: Sequence[str]) -> int:
    """Return the largest step at which the loop keeps up, 0 when it never does."""
    best = 0
    for students in STEPS:
        loop = make()
        ages = _feed(loop, students, pictures)
        loop.close()
        looks = len(ages) / students / SECONDS
        late = percentile(ages or [99.0], 0.95)
        print(f"  {students:4d} students: {looks:.2f} looks a second each, p95 {late:.2f} s old")
        if looks < LEAST_LOOKS or late > MOST_AGE_S:
            break
        best = students
    return best


def _feed(loop: Loop, students: int, pictures: Sequence[str]) -> list[float]:
    tally, started = Tally(), time.perf_counter()
    for number in range(round(students * FPS * SECONDS)):
        due = started + number / (students * FPS)
        time.sleep(max(0.0, due - time.perf_counter()))
        loop.take(pictures[number % len(pictures)], tally)
    return list(tally.ages)


def loops(shelf: ModelShelf) -> dict[str, Callable[[], Loop]]:
    """Return the two monitors by name; the second only where both of its models are there."""
    clock = Clock()
    faces = face_counters(shelf, clock)["MediaPipe short range, 0.2"]
    made: dict[str, Callable[[], Loop]] = {
        "thread_per_picture": lambda: ThreadPerPicture(lambda jpeg: _ignore(faces(decode(jpeg))))
    }
    pose, phones = stock_landmarker(shelf, clock), phone_finders(shelf, clock).get("YOLO11n INT8, plain 640")
    if pose is not None and phones is not None:

        def everything(jpeg: bytes) -> None:
            picture = decode(jpeg)
            _ignore(phones(picture), pose(picture))

        made["everything_on_every_picture"] = lambda: OneAfterTheOther(everything)
    return made


def _ignore(*_results: object) -> None:
    """Take results that only had to be computed."""
