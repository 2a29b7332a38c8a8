"""The server's idea of its own limits, and the way out for what was concluded."""

from __future__ import annotations

import threading

import pytest

from detection.runtime.load import LoadMeter, percentile
from detection.runtime.outbox import MOST_FACTS, Outbox
from evaluation.figures.report import timed


def test_enough_looks_in_time_are_no_overload() -> None:
    meter = LoadMeter(interval=1.0)
    for n in range(100):
        meter.looked(n / 10, age=0.1, late=0.01)
    report = meter.report(10.0, active=10, able=True)
    assert (report["looks"], report["overloaded"], report["looks_per_second"]) == (10.0, False, 1.0)


def test_late_looks_are_an_overload_and_tell_what_each_student_gets() -> None:
    meter = LoadMeter(interval=1.0)
    for n in range(100):
        meter.looked(n / 10, age=0.1, late=1.5)
    report = meter.report(10.0, active=40, able=True)
    assert report["overloaded"] and report["looks_per_second"] == 0.25


def test_looks_that_are_fewer_than_wanted_are_told_as_they_are_though_none_was_late() -> None:
    meter = LoadMeter(interval=1.0)
    for n in range(50):
        meter.looked(n / 5, age=0.1, late=0.0)
    report = meter.report(10.0, active=10, able=True)
    assert (report["overloaded"], report["looks_per_second"]) == (False, 0.5)


def test_a_rate_is_known_before_the_window_is_full() -> None:
    meter = LoadMeter(interval=1.0)
    for n in range(21):
        meter.looked(n / 10, age=0.1, late=0.0)
    assert meter.report(2.0, active=10, able=True)["looks"] == 10.5


def test_only_the_last_seconds_count() -> None:
    meter = LoadMeter(interval=1.0)
    meter.looked(0.0, age=9.0, late=9.0)
    report = meter.report(60.0, active=1, able=True)
    assert (report["looks"], report["age_p50"], report["overloaded"]) == (0.0, None, False)


@pytest.mark.parametrize(("active", "overloaded"), [(0, False), (1, True)])
def test_without_a_worker_somebody_must_be_there_for_an_overload(active: int, overloaded: bool) -> None:
    assert LoadMeter(interval=1.0).report(0.0, active, able=False)["overloaded"] is overloaded


def test_lateness_is_the_mean_of_the_last_two_seconds() -> None:
    meter = LoadMeter(interval=0.5)
    for at, late in ((0.0, 9.0), (1.0, 0.2), (2.0, 0.4), (3.0, 0.3)):
        meter.looked(at, age=0.1, late=late)
    assert meter.lateness(3.0) == pytest.approx(0.6)
    assert meter.lateness(4.5) == pytest.approx(0.6)
    assert meter.lateness(60.0) == 0.0


def test_to_ask_for_the_lateness_costs_the_same_after_few_looks_and_many() -> None:
    def cost(looks: int) -> float:
        meter = LoadMeter(interval=1.0)
        for n in range(looks):
            meter.looked(n / looks, age=0.1, late=0.0)
        return min(timed(lambda: meter.lateness(1.0), 50) for _ in range(5))

    assert cost(4000) <= 10 * cost(40), "it is asked for at each look"


def test_percentiles() -> None:
    assert [percentile([1.0, 2.0, 3.0, 4.0], share) for share in (0.0, 0.5, 0.95, 1.0)] == [1.0, 3.0, 4.0, 4.0]
    assert percentile([], 0.5) is None


def test_a_slow_receiver_costs_facts_and_never_alerts() -> None:
    outbox, gate, made = Outbox(), threading.Event(), list[str]()
    outbox.start()

    def slow() -> None:
        gate.wait(60.0)

    outbox.alert(slow)
    for _ in range(MOST_FACTS + 10):
        outbox.fact(lambda: made.append("fact"))
    for _ in range(MOST_FACTS + 10):
        outbox.alert(lambda: made.append("alert"))
    gate.set()
    outbox.stop()
    assert made.count("alert") == MOST_FACTS + 10
    assert made.count("fact") == MOST_FACTS and outbox.dropped == 10
