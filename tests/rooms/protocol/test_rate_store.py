"""The rate limiter's memory: our clock, no thread, no end-less growth."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from core.clock import FakeClock
from rooms.protocol.rate_store import ClockedWindows

THREE = RateLimitItemPerMinute(3)


def limiter(most_keys: int = 100) -> tuple[MovingWindowRateLimiter, ClockedWindows, FakeClock]:
    clock = FakeClock()
    store = ClockedWindows(clock, most_keys)
    return MovingWindowRateLimiter(store), store, clock


def test_a_window_moves_with_the_clock() -> None:
    windows, _, clock = limiter()
    assert [windows.hit(THREE, "a") for _ in range(4)] == [True, True, True, False]
    clock.advance(30)
    assert not windows.test(THREE, "a")
    clock.advance(30)
    assert windows.test(THREE, "a")
    assert [windows.hit(THREE, "a") for _ in range(4)] == [True, True, True, False]


def test_it_moves_and_does_not_jump() -> None:
    windows, _, clock = limiter()
    for _ in range(3):
        windows.hit(THREE, "a")
        clock.advance(25)
    assert windows.hit(THREE, "a")  # 75 s on: the first hit is out, the others are not
    assert not windows.hit(THREE, "a")


def test_it_says_when_there_is_room_again() -> None:
    windows, _, clock = limiter()
    start = clock.now()
    for _ in range(3):
        windows.hit(THREE, "a")
        clock.advance(10)
    assert windows.get_window_stats(THREE, "a") == (start + 60, 0)


def test_an_empty_window_begins_now() -> None:
    windows, _, clock = limiter()
    assert windows.get_window_stats(THREE, "a") == (clock.now() + 60, 3)


def test_keys_are_apart() -> None:
    windows, _, _ = limiter()
    assert [windows.hit(THREE, name) for name in "aaabbb"] == [True] * 6


def test_a_clock_set_back_locks_nobody_out() -> None:
    windows, _, clock = limiter()
    for _ in range(3):
        windows.hit(THREE, "a")
    clock.advance(-3600)
    assert windows.hit(THREE, "a")


def test_the_oldest_keys_are_forgotten_first() -> None:
    windows, store, _ = limiter(most_keys=2)
    for name in ("old", "older", "old", "new"):
        windows.hit(THREE, name)
    assert [store.get(THREE.key_for(name)) for name in ("old", "older", "new")] == [2, 0, 1]


def test_memory_is_bounded() -> None:
    windows, store, _ = limiter(most_keys=10)
    for number in range(1000):
        windows.hit(THREE, str(number))
    assert store.reset() == 10
    assert store.reset() == 0


def test_refused_hits_cost_no_memory() -> None:
    windows, store, _ = limiter()
    for _ in range(1000):
        windows.hit(THREE, "a")
    assert store.get(THREE.key_for("a")) == 3


def test_it_starts_no_thread() -> None:
    before = threading.active_count()
    windows, _, _ = limiter()
    windows.hit(THREE, "a")
    assert threading.active_count() == before


def test_the_rest_of_what_the_library_asks_for() -> None:
    windows, store, clock = limiter()
    windows.hit(THREE, "a")
    windows.clear(THREE, "a")
    assert store.get(THREE.key_for("a")) == 0
    assert store.get_expiry("a") == clock.now()
    assert store.check()
    assert store.base_exceptions is ValueError
    with pytest.raises(NotImplementedError):
        store.incr("a", 60)


@given(st.lists(st.tuples(st.floats(0, 40), st.sampled_from("ab")), max_size=60))
def test_never_more_than_the_limit_in_any_window(steps: list[tuple[float, str]]) -> None:
    windows, _, clock = limiter()
    taken: dict[str, list[float]] = {"a": [], "b": []}
    for step, name in steps:
        now = clock.advance(step)
        if windows.hit(THREE, name):
            taken[name].append(now)
    for times in taken.values():
        assert all(late - early >= 60 for early, late in zip(times, times[3:], strict=False))
