"""Runtime: frames in, facts and alerts out, in order, from threads of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.clock import FakeClock
from core.ports import Monitor
from core.types import AlertKind, Frame, Observation, ObservationKind, RuleSettings
from detection.frames.latest_frames import LatestFrames
from detection.runtime.runtime import Runtime
from tests.detection.fakes import FakeEngine, FakeJudge, FakeSink, alert, eventually
from tests.detection.pictures import frame

RULES: dict[str, RuleSettings] = {AlertKind.FACE_NOT_FOUND: RuleSettings()}


class Bench:
    """A runtime among fakes."""

    def __init__(self, room: int = 1) -> None:
        self.clock, self.engine = FakeClock(), FakeEngine(room)
        self.judge, self.sink = FakeJudge(), FakeSink()
        self.runtime = Runtime(self.engine, self.judge, self.sink, self.clock, LatestFrames())

    def offer(self, participant: str = "ana", room: str = "room", jpeg: bytes = b"jpeg") -> bool:
        return self.runtime.offer_frame(frame(jpeg, participant, self.clock.now(), room=room))

    def faces(self, count: int, room: str = "room", participant: str = "ana") -> Observation:
        return Observation(room, participant, ObservationKind.FACES, self.clock.now(), {"count": count})


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    bench.runtime.start()
    yield bench
    bench.runtime.stop()
    assert not bench.engine.running


def test_it_is_the_monitor_that_rooms_know(bench: Bench) -> None:
    monitor: Monitor = bench.runtime
    assert monitor is bench.runtime


def test_every_analysed_frame_is_told_also_in_rooms_that_are_not_watched(bench: Bench) -> None:
    bench.offer()
    seen = bench.faces(1)
    sent = bench.engine.answer(seen)
    bench.sink.changes.until(lambda: bench.sink.seen)
    assert bench.sink.seen == [(sent, (seen,))]
    assert bench.sink.raised == []


def test_a_watched_room_is_judged_and_the_alert_shows_the_frame(bench: Bench) -> None:
    bench.runtime.watch_room("room", RULES)
    bench.judge.next = [alert()]
    bench.offer(jpeg=b"this one")
    bench.engine.answer(bench.faces(0))
    bench.sink.changes.until(lambda: bench.sink.raised)
    assert bench.judge.rooms == {"room": RULES}
    assert [fact.values for fact in bench.judge.fed] == [{"count": 0}]
    assert bench.sink.raised[0].evidence == b"this one"
    assert bench.sink.order[0].startswith("seen"), "the fact comes before the alert that it led to"


def test_an_observation_without_a_picture_is_judged_in_the_callers_thread(bench: Bench) -> None:
    bench.runtime.watch_room("room", RULES)
    bench.judge.next = [alert(kind=AlertKind.PAGE_HIDDEN)]
    bench.offer()
    bench.engine.answer(bench.faces(1, room="other"))
    bench.runtime.offer_observation(Observation("room", "ana", ObservationKind.PAGE, 0.0, {"visible": False}))
    assert bench.judge.fed[-1].kind is ObservationKind.PAGE
    bench.sink.changes.until(lambda: bench.sink.raised)
    assert bench.sink.raised[0].evidence is None, "no picture shows a hidden page"
    assert threading.current_thread().name not in bench.sink.threads


def test_what_time_alone_concludes_shows_the_newest_frame(bench: Bench) -> None:
    bench.runtime.watch_room("room", RULES)
    bench.offer(jpeg=b"newest")
    bench.engine.answer(bench.faces(0))
    bench.sink.changes.until(lambda: bench.sink.seen)
    eventually(lambda: bench.judge.fed)
    bench.judge.at_tick = [alert()]
    bench.sink.changes.until(lambda: bench.sink.raised)
    assert bench.sink.raised[0].evidence == b"newest"
    assert bench.judge.ticked[-1] == bench.clock.now()


def test_an_alert_of_the_arm_shows_what_the_webcam_saw(bench: Bench) -> None:
    bench.runtime.watch_room("room", RULES)
    bench.judge.next = [replace(alert(kind=AlertKind.ARM_MOTION), channel="arm")]
    bench.offer(jpeg=b"hand at the ear")
    bench.engine.answer(bench.faces(1))
    bench.sink.changes.until(lambda: bench.sink.raised)
    assert bench.sink.raised[0].evidence == b"hand at the ear"


def test_alerts_end_when_the_room_is_watched_no_more(bench: Bench) -> None:
    bench.runtime.watch_room("room", RULES)
    bench.judge.next = [alert().ended(9.0)]
    bench.runtime.unwatch_room("room")
    bench.sink.changes.until(lambda: bench.sink.ended)
    assert bench.judge.rooms == {}


def test_alerts_arrive_in_the_order_they_were_concluded(bench: Bench) -> None:
    bench.runtime.watch_room("room", RULES)
    for number in range(50):
        bench.judge.next = [alert(number), alert(number).ended(1.0)]
        bench.runtime.offer_observation(bench.faces(0))
    bench.sink.changes.until(lambda: len(bench.sink.ended) == 50)
    assert bench.sink.order == [f"{what} a{number}" for number in range(50) for what in ("raised", "ended")]


def test_who_left_is_forgotten_also_by_what_is_under_way(bench: Bench) -> None:
    bench.runtime.watch_room("room", RULES)
    bench.offer("ana")
    bench.engine.changes.until(lambda: bench.engine.under_way)
    bench.runtime.forget("ana")
    bench.engine.answer(bench.faces(0))
    bench.offer("ben")
    bench.engine.answer(bench.faces(1, participant="ben"))
    bench.sink.changes.until(lambda: bench.sink.seen)
    assert [sent.participant for sent, _ in bench.sink.seen] == ["ben"]
    assert bench.judge.forgotten == ["ana"]
    assert {fact.participant for fact in bench.judge.fed} <= {"ben"}


def test_an_older_frame_is_refused(bench: Bench) -> None:
    now = bench.clock.now()
    assert bench.runtime.offer_frame(frame(at=now, sequence=10_000_000))
    assert not bench.runtime.offer_frame(frame(at=now, sequence=9_000_000))


def test_a_lost_and_an_unreadable_frame_are_counted_and_nothing_else(bench: Bench) -> None:
    bench.offer("ana")
    bench.engine.answer(error="the analysis process ended", lost=True)
    bench.offer("ben")
    bench.engine.answer(error="not a JPEG")
    frames = bench.runtime.health()["frames"]
    assert (frames["lost"], frames["unreadable"], frames["out"]) == (1, 1, 0)
    assert bench.sink.seen == []


def test_the_next_frame_goes_as_soon_as_there_is_room(bench: Bench) -> None:
    for name in ("ana", "ben", "cem"):
        bench.offer(name)
    answered = [bench.engine.answer().participant for _ in range(3)]
    assert sorted(answered) == ["ana", "ben", "cem"]


def test_a_receiver_that_fails_stops_nothing(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    def fail(sent: Frame, observations: object) -> None:
        raise ArithmeticError("no")

    observed, bench.sink.observed = bench.sink.observed, fail  # type: ignore[method-assign,assignment]
    with caplog.at_level(logging.ERROR):
        bench.offer("ana")
        bench.engine.answer()
        eventually(lambda: "ArithmeticError" in caplog.text)
    bench.sink.observed = observed  # type: ignore[method-assign]
    bench.offer("ben")
    bench.engine.answer()
    bench.sink.changes.until(lambda: bench.sink.seen)


def test_health_tells_rates_ages_and_what_is_off(bench: Bench) -> None:
    for name in ("ana", "ben"):
        bench.offer(name)
    for _ in range(2):
        bench.engine.changes.until(lambda: bench.engine.under_way)
        bench.clock.advance(0.1)
        bench.engine.answer()
    health = bench.runtime.health()
    assert health["detectors"] == {"face": None, "phone": "model file missing"}
    assert (health["looks"], health["participants"]) == (2.0, 2)
    assert 0.1 <= health["age_p50"] <= health["age_p95"] <= 0.2 + 1e-6
    assert (health["overloaded"], health["looks_per_second"]) == (False, 1.0)
    assert health["workers"] == [{"state": "ready"}]
    assert health["kernels"] in ("cython", "python")


def test_it_knows_when_it_is_overloaded() -> None:
    bench = Bench(room=1)
    bench.runtime.start()
    names = [f"s{number}" for number in range(10)]
    for _ in range(100):  # five looks a second for ten who want one each
        for name in names:
            bench.offer(name)
        bench.clock.advance(0.2)
        bench.engine.answer()
    health = bench.runtime.health()
    bench.runtime.stop()
    assert health["overloaded"]
    assert health["looks_per_second"] == pytest.approx(0.5, abs=0.05)


def test_with_no_worker_there_is_no_capacity() -> None:
    bench = Bench(room=0)
    bench.engine.health = lambda: [{"state": "given up"}]  # type: ignore[method-assign]
    bench.offer()
    health = bench.runtime.health()
    assert health["overloaded"] and health["looks_per_second"] == 0


def test_new_model_files_are_passed_on(bench: Bench) -> None:
    bench.runtime.renew()
    assert bench.engine.renewed


def test_a_frame_goes_with_what_is_due_and_known(bench: Bench) -> None:
    bench.runtime.give_context("ana", "objects", {"desk": "glass"})
    bench.runtime.ask_now("ana", "objects")
    for name in ("ana", "ben"):
        bench.offer(name)
        bench.engine.answer()
    ana, ben = bench.engine.plans
    assert (ana.due, ana.fresh, ana.context) == (("face", "objects"), ("objects",), {"objects": {"desk": "glass"}})
    assert (ben.due, ben.fresh, ben.context) == (("face",), (), {})
    looks = bench.runtime.health()["looks_by_detector"]
    assert (looks["face"]["looks"], looks["objects"]["looks"]) == (2, 1)


def test_who_left_is_unknown_to_the_detectors(bench: Bench) -> None:
    bench.runtime.give_context("ana", "face", {"glasses": True})
    bench.runtime.ask_now("ana", "objects")
    bench.runtime.forget("ana")
    bench.offer("ana")
    bench.engine.answer()
    assert bench.engine.plans[0].context == {} and bench.engine.plans[0].fresh == ()


def test_too_much_knowledge_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="too many"):
        bench.runtime.give_context("ana", "face", {"story": "x" * 100_000})


def test_missing_models_are_looked_for_every_minute(bench: Bench) -> None:
    assert bench.engine.rechecks == 0
    bench.clock.advance(61.0)
    bench.engine.changes.until(lambda: bench.engine.rechecks == 1)
    bench.clock.advance(61.0)
    bench.engine.changes.until(lambda: bench.engine.rechecks == 2)


def test_stopping_hands_over_what_was_concluded_and_leaves_no_thread() -> None:
    before = threading.active_count()
    bench = Bench()
    bench.runtime.start()
    bench.runtime.watch_room("room", RULES)
    bench.judge.next = [alert()]
    bench.runtime.offer_observation(bench.faces(0))
    bench.runtime.stop()
    assert len(bench.sink.raised) == 1
    assert threading.active_count() == before
