"""The counters of every limit: our clock, no thread, no endless growth, and never more than they say."""

from __future__ import annotations

import math
import threading

from hypothesis import given
from hypothesis import strategies as st

from core.clock import FakeClock
from core.rate_limit import Bucket, Windows

NOW = 1_700_000_000.0


# ------------------------------------------------------------------------------------ a stream


@given(st.lists(st.floats(-10, 10), max_size=100), st.floats(0.1, 50), st.floats(1, 50))
def test_a_bucket_never_gives_more_than_rate_and_burst(steps: list[float], rate: float, burst: float) -> None:
    bucket, now, forward, taken = Bucket(rate, burst, NOW), NOW, 0.0, 0
    for step in steps:
        now += step
        forward += max(0.0, step)
        wait = bucket.take(now)
        assert wait >= 0.0
        assert math.isfinite(wait)
        taken += wait == 0.0
    assert taken <= burst + rate * forward + 1e-3


@given(st.floats(0.1, 50), st.floats(1, 50))
def test_waiting_as_long_as_told_is_enough(rate: float, burst: float) -> None:
    bucket = Bucket(rate, burst, 0.0)
    while (wait := bucket.take(0.0)) == 0.0:
        pass
    assert bucket.take(wait + 1e-6) == 0.0


# ------------------------------------------------------------------------------------ single events


def three(most_keys: int = 100) -> tuple[Windows, FakeClock]:
    """Three a minute."""
    return Windows(3, 60.0, most_keys), FakeClock(NOW)


def taken(windows: Windows, clock: FakeClock, keys: str) -> list[bool]:
    return [windows.take(key, clock.now()) == 0.0 for key in keys]


def test_a_window_moves_with_the_clock() -> None:
    windows, clock = three()
    assert taken(windows, clock, "aaaa") == [True, True, True, False]
    clock.advance(30)
    assert windows.wait("a", clock.now()) == 30.0
    clock.advance(30)
    assert windows.wait("a", clock.now()) == 0.0
    assert taken(windows, clock, "aaaa") == [True, True, True, False]


def test_it_moves_and_does_not_jump() -> None:
    windows, clock = three()
    for _ in range(3):
        windows.take("a", clock.now())
        clock.advance(25)
    assert taken(windows, clock, "aa") == [True, False]  # 75 s on: the first is out, the others are not


def test_it_says_when_there_is_room_again() -> None:
    windows, clock = three()
    for _ in range(3):
        windows.take("a", clock.now())
        clock.advance(10)
    assert windows.take("a", clock.now()) == 30.0
    assert windows.seconds_left("a", clock.now()) == 30.0


def test_an_empty_window_begins_now() -> None:
    windows, clock = three()
    assert windows.seconds_left("a", clock.now()) == 60.0
    assert windows.wait("a", clock.now()) == 0.0


def test_keys_are_apart() -> None:
    windows, clock = three()
    assert taken(windows, clock, "aaabbb") == [True] * 6


def test_what_has_happened_counts_even_where_there_was_no_room() -> None:
    windows, clock = three()
    for _ in range(5):
        windows.count("a", clock.now())
        clock.advance(1)
    assert windows.wait("a", clock.now()) == 57.0  # until the third of the last three is out
    windows.take_back("a")
    assert windows.wait("a", clock.now()) == 56.0
    windows.forget("a")
    assert taken(windows, clock, "aaaa") == [True, True, True, False]


def test_taking_back_what_was_never_counted_gives_nothing() -> None:
    windows, clock = three()
    windows.take_back("a")
    assert taken(windows, clock, "aaaa") == [True, True, True, False]


def test_a_clock_set_back_locks_nobody_out() -> None:
    windows, clock = three()
    taken(windows, clock, "aaa")
    clock.advance(-3600)
    assert taken(windows, clock, "a") == [True]


def test_the_oldest_keys_are_forgotten_first() -> None:
    windows, clock = three(most_keys=2)
    taken(windows, clock, "abac")  # b is the one counted longest ago
    assert taken(windows, clock, "aa") == [True, False]
    assert taken(windows, clock, "bbb") == [True, True, True]


def test_memory_is_bounded() -> None:
    windows, clock = three(most_keys=10)
    for number in range(1000):
        windows.take(str(number), clock.now())
    assert len(windows) == 10


def test_to_ask_and_to_be_refused_cost_no_memory() -> None:
    windows, clock = three()
    for number in range(1000):
        windows.wait(str(number), clock.now())
        windows.take("a", clock.now())
    assert len(windows) == 1
    assert len(windows._times["a"]) == 3


def test_it_starts_no_thread() -> None:
    before = threading.active_count()
    windows, clock = three()
    windows.take("a", clock.now())
    assert threading.active_count() == before


@given(st.lists(st.tuples(st.floats(0, 40), st.sampled_from("ab")), max_size=60))
def test_never_more_than_the_limit_in_any_window(steps: list[tuple[float, str]]) -> None:
    windows, clock = three()
    times: dict[str, list[float]] = {"a": [], "b": []}
    for step, key in steps:
        now = clock.advance(step)
        if windows.take(key, now) == 0.0:
            times[key].append(now)
    for each in times.values():
        assert all(late - early >= 60 for early, late in zip(each, each[3:], strict=False))


@given(st.lists(st.floats(0, 40), min_size=3, max_size=20))
def test_waiting_for_a_window_as_long_as_told_is_enough_and_less_is_not(steps: list[float]) -> None:
    windows, clock = three()
    for step in steps:
        windows.take("a", clock.advance(step))
    wait = windows.wait("a", clock.now())
    assert windows.wait("a", clock.now() + wait / 2) > 0.0 or wait == 0.0
    assert windows.wait("a", clock.now() + wait) == 0.0
