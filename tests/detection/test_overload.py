"""More students than the machine can look at: all get less, nobody gets old pictures, cheap looks come first."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Mapping

import pytest

from core.clock import FakeClock
from detection.intake import LatestFrames
from detection.runtime import Runtime
from tests.detection.fakes import FakeEngine, FakeJudge, FakeSink
from tests.detection.pictures import frame

INTERVAL = 1.0  # seconds between two looks
FRAMES = 5  # a second from each student
ROOM = 2  # frames that the engine takes at a time


class Slow(FakeEngine):
    """An engine with one worker that takes a known time for each detector."""

    def __init__(self, every: Mapping[str, float], cost: Mapping[str, float]) -> None:
        super().__init__(ROOM)
        self._every, self._cost = every, cost

    def every(self) -> Mapping[str, float]:
        return self._every

    def seconds(self) -> float:
        """How long the oldest frame takes."""
        return sum(self._cost[name] for name in self.plans[-len(self.under_way)].due or ())


class Exam:
    """A room of students who send pictures, on a clock that jumps from event to event."""

    def __init__(self, students: int, every: Mapping[str, float], cost: Mapping[str, float]) -> None:
        self.clock, self.engine = FakeClock(), Slow(every, cost)
        intake = LatestFrames(INTERVAL, 2 * INTERVAL)
        self.runtime = Runtime(self.engine, FakeJudge(), FakeSink(), self.clock, intake)
        self.engine.listener = self.runtime
        self.start = self.clock.now()
        self.looks: list[tuple[float, str, tuple[str, ...], float]] = []
        self._order = itertools.count()
        self._events = [(self.start + n / students / FRAMES, n, f"s{n}") for n in range(students)]
        heapq.heapify(self._events)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        done_at = None
        while self.clock.now() < self.start + seconds:
            pause = self.runtime._feed_engine()  # as its thread would, were it started
            if done_at is None and self.engine.under_way:
                done_at = self.clock.now() + self.engine.seconds()
            if done_at is not None and done_at <= self._events[0][0]:
                self._jump(done_at)
                self._answer()
                done_at = None
                continue
            wake = self.clock.now() + max(pause, 0.001)
            if wake < self._events[0][0] and (done_at is None or wake < done_at) and self.engine.free():
                self._jump(wake)
                continue
            at, number, student = heapq.heappop(self._events)
            self._jump(at)
            self.runtime.offer_frame(frame(b"", student, at))
            heapq.heappush(self._events, (at + 1 / FRAMES, number, student))

    def _jump(self, at: float) -> None:
        self.clock.advance(max(0.0, at - self.clock.now()))

    def _answer(self) -> None:
        due = self.engine.plans[-len(self.engine.under_way)].due or ()
        sent = self.engine.answer()
        now = self.clock.now()
        self.looks.append((now - self.start, sent.participant, due, now - sent.received_at))

    def counts(self, detector: str, since: float) -> list[int]:
        """How often each student was looked at by one detector."""
        names = {student for _, student, _, _ in self.looks}
        seen = Counter(student for at, student, due, _ in self.looks if at >= since and detector in due)
        return [seen[name] for name in names]

    def ages(self, since: float) -> list[float]:
        """How old each picture was when its look was done."""
        return sorted(age for at, _, _, age in self.looks if at >= since)


def jain(counts: list[int]) -> float:
    """Jain's fairness index: 1 when all have the same, 1 / n when one has everything."""
    return sum(counts) ** 2 / (len(counts) * sum(count * count for count in counts))


def test_at_three_times_the_capacity_all_get_a_third_of_fresh_pictures() -> None:
    exam = Exam(60, {"face": 0.0}, {"face": 3 * INTERVAL / 60})
    exam.run(60)
    counts = exam.counts("face", since=10)
    assert len(counts) == 60
    assert sum(counts) == pytest.approx(50 * 20, rel=0.02), "the machine is busy all the time"
    assert jain(counts) >= 0.99
    assert max(exam.ages(since=10)) < 2 * INTERVAL
    health = exam.runtime.health()
    assert health["overloaded"] and health["looks_per_second"] == pytest.approx(1 / 3, abs=0.02)


def test_heavy_looks_give_way_and_cheap_ones_keep_their_pace() -> None:
    """60 students, 5 ms for a face each second, 90 ms for objects every 2 seconds: three times what can be done."""
    exam = Exam(60, {"face": 0.0, "objects": 2.0}, {"face": 0.005, "objects": 0.09})
    exam.run(120)
    faces, objects = exam.counts("face", since=40), exam.counts("objects", since=40)
    assert jain(faces) >= 0.99 and jain(objects) >= 0.95
    assert min(faces) >= 0.75 * 80, "about one a second"
    assert sum(objects) * 0.09 > 0.4 * 80, "what is left of the time is used for objects"
    assert exam.ages(since=40)[-1] < 2 * INTERVAL
    health = exam.runtime.health()
    assert health["stretch"] > 1.5
    assert health["looks_by_detector"]["objects"]["seconds"] > 3


def test_without_overload_nothing_is_stretched() -> None:
    exam = Exam(20, {"face": 0.0, "objects": 2.0}, {"face": 0.005, "objects": 0.03})
    exam.run(40)
    assert exam.runtime.health()["stretch"] == 1.0
    assert min(exam.counts("face", since=10)) >= 24
    assert min(exam.counts("objects", since=10)) >= 11
    assert exam.ages(since=10)[-1] < 0.5 * INTERVAL
