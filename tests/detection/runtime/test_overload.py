"""More students than the machine can look at: all get less, nobody gets old pictures, cheap looks come first."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Mapping

import pytest

from core.clock import FakeClock
from detection.frames.latest_frames import LatestFrames
from detection.runtime.runtime import Runtime
from tests.detection.fakes import FakeEngine, FakeJudge, FakeSink
from tests.detection.pictures import frame

pytestmark = pytest.mark.slow

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

    def __init__(self, students: int, every: Mapping[str, float], cost: Mapping[str, float], phones: int = 0) -> None:
        """The first `phones` of the students send two phones' pictures besides."""
        self.clock, self.engine = FakeClock(), Slow(every, cost)
        intake = LatestFrames(INTERVAL, 2 * INTERVAL)
        self.runtime = Runtime(self.engine, FakeJudge(), FakeSink(), self.clock, intake)
        self.engine.listener = self.runtime.dispatcher
        self.start = self.clock.now()
        self.looks: list[tuple[float, str, tuple[str, ...], float]] = []
        self.channels: Counter[tuple[str, str]] = Counter()
        self._order = itertools.count()
        places = [(f"s{n}", "webcam") for n in range(students)]
        places += [(f"s{n}", channel) for n in range(phones) for channel in ("head", "room")]
        self._events = [(self.start + n / len(places) / FRAMES, n, place) for n, place in enumerate(places)]
        heapq.heapify(self._events)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        done_at = None
        while self.clock.now() < self.start + seconds:
            pause = self.runtime.dispatcher.feed_engine()  # as its thread would, were it started
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
            at, number, place = heapq.heappop(self._events)
            self._jump(at)
            self.runtime.offer_frame(frame(b"", place[0], at, channel=place[1]))
            heapq.heappush(self._events, (at + 1 / FRAMES, number, place))

    def _jump(self, at: float) -> None:
        self.clock.advance(max(0.0, at - self.clock.now()))

    def _answer(self) -> None:
        due = self.engine.plans[-len(self.engine.under_way)].due or ()
        sent = self.engine.answer()
        now = self.clock.now()
        self.looks.append((now - self.start, sent.participant, due, now - sent.received_at))
        self.channels[sent.participant, sent.channel] += 1

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


def test_where_half_the_heavy_looks_are_enough_the_server_is_never_overloaded() -> None:
    """60 students, 0.3 of the time for faces and 0.9 for objects at full pace: a fifth more than there is."""
    exam, told = Exam(60, {"face": 0.0, "objects": 2.0}, {"face": 0.005, "objects": 0.03}), []
    exam.run(40)
    for second in range(41, 121):
        exam.run(second)
        told.append(exam.runtime.health())
    assert not any(health["overloaded"] for health in told)
    assert min(health["stretch"] for health in told) > 1.2 and max(health["stretch"] for health in told) <= 2.2
    assert max(health["looks_by_detector"]["face"]["seconds"] for health in told) <= 1.25


def test_without_overload_nothing_is_stretched() -> None:
    exam = Exam(20, {"face": 0.0, "objects": 2.0}, {"face": 0.005, "objects": 0.03})
    exam.run(40)
    assert exam.runtime.health()["stretch"] == 1.0
    assert min(exam.counts("face", since=10)) >= 24
    assert min(exam.counts("objects", since=10)) >= 11
    assert exam.ages(since=10)[-1] < 0.5 * INTERVAL


def test_who_has_two_phones_takes_no_looks_from_who_has_none() -> None:
    """60 students, 30 of them with two phones, and half of the looks that all of them want."""
    exam, alone = (Exam(60, {"picture": 0.0}, {"picture": 1 / 45}, phones) for phones in (30, 0))
    for one in (exam, alone):
        one.run(120)
    looks, usual = (Counter(student for _, student, _, _ in one.looks) for one in (exam, alone))
    assert jain(list(looks.values())) >= 0.99
    assert min(looks[f"s{n}"] for n in range(30, 60)) >= 0.98 * min(usual.values()), "as if nobody had a phone"


def test_under_overload_the_webcam_comes_before_the_phones_of_its_student() -> None:
    exam = Exam(60, {"picture": 0.0}, {"picture": 1 / 60}, phones=60)
    exam.run(120)
    webcams = [exam.channels[f"s{n}", "webcam"] for n in range(60)]
    phones = [exam.channels[f"s{n}", channel] for n in range(60) for channel in ("head", "room")]
    assert jain(webcams) >= 0.99 and jain(phones) >= 0.99
    assert min(webcams) >= 2.5 * max(phones), "and phones are looked at all the same"
    assert min(phones) >= 15


def test_with_time_enough_phones_are_looked_at_half_as_often_and_nobody_is_late() -> None:
    exam = Exam(10, {"picture": 0.0, "objects": 2.0}, {"picture": 0.005, "objects": 0.03}, phones=10)
    exam.run(60)
    assert exam.channels["s0", "webcam"] == pytest.approx(60, abs=2)
    assert exam.channels["s0", "head"] == pytest.approx(30, abs=2)
    health = exam.runtime.health()
    assert (health["participants"], health["looks"], health["overloaded"]) == (10, pytest.approx(10, abs=0.5), False)
    assert health["phone_looks"] == pytest.approx(10, abs=0.5)
    assert health["looks_by_detector"]["objects"]["seconds"] == pytest.approx(2.0, abs=0.1), "of webcams"
