"""The four memories of which rules are made, at their boundaries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.runtime.windows import Cooldown, Held, Hysteresis, NofM

START = 1_700_000_000.0
TIMES = st.lists(st.floats(0, 1e6), min_size=2, max_size=30)


def held_at(*times: float, step: float = 2.0) -> Held:
    held = Held(step)
    for time in times:
        held.yes(START + time)
    return held


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ((0,), 0.0),
        ((0, 1, 2), 2.0),
        ((0, 2), 2.0),
        ((0, 600), 2.0),  # nobody looked for ten minutes: that is no ten minutes of absence
        ((0, 1, 600, 601), 4.0),
        ((0, 1, 1, 1), 1.0),
        ((0, 2, 1, 3), 3.0),  # a late reading adds nothing and takes nothing
    ],
)
def test_held_counts_what_was_seen(times: tuple[float, ...], seconds: float) -> None:
    assert held_at(*times).seconds == pytest.approx(seconds)


def test_held_starts_anew_when_the_clock_is_set_back() -> None:
    held = held_at(0, 1, 2, -3.1)
    assert held.seconds == 0.0
    assert held.since == START - 3.1


def test_held_takes_what_is_five_seconds_late_for_merely_late() -> None:
    held = held_at(0, 1, 2, -3)
    assert (held.seconds, held.since) == (2.0, START)


def test_held_does_not_count_a_pause() -> None:
    held = held_at(0, 1)
    held.pause()
    held.yes(START + 2)
    held.yes(START + 3)
    assert (held.seconds, held.since) == (2.0, START)


def test_held_forgets() -> None:
    held = held_at(0, 1)
    held.reset()
    assert (held.seconds, held.since) == (0.0, None)


@given(TIMES, st.floats(0.1, 10))
def test_held_never_exceeds_time_or_steps(times: list[float], step: float) -> None:
    held = Held(step)
    for time in sorted(times):
        held.yes(time)
    assert held.seconds <= max(times) - min(times) + 1e-6
    assert held.seconds <= step * (len(times) - 1) + 1e-6


@given(TIMES)
def test_held_never_counts_more_than_since_its_start_in_any_order(times: list[float]) -> None:
    held = Held(5.0)
    for time in times:
        held.yes(time)
        assert held.since is not None
        assert held.seconds <= max(0.0, max(times) - held.since) + 1e-6


def looks(pattern: str) -> NofM:
    memory = NofM()
    for mark in pattern:
        memory.add(mark == "x")
    return memory


@pytest.mark.parametrize(
    ("pattern", "confirm", "window", "agrees", "hopeless"),
    [
        ("", 1, 1, False, False),
        ("x", 1, 1, True, False),
        ("x.", 1, 1, False, True),  # one look back is the last look alone
        ("x", 3, 5, False, False),
        ("xxx", 3, 5, True, False),
        ("x.x.x", 3, 5, True, False),
        ("x..x", 3, 5, False, False),
        ("x..x.", 3, 5, False, True),
        ("xxx...", 3, 5, False, True),
        ("xxx", 9, 3, True, False),  # more than the window holds cannot be asked for
        ("x", 0, 0, True, False),
        (".", 0, 0, False, True),
    ],
)
def test_n_of_m(pattern: str, confirm: int, window: int, agrees: bool, hopeless: bool) -> None:
    memory = looks(pattern)
    assert memory.agrees(confirm, window) is agrees
    assert memory.is_hopeless(confirm, window) is hopeless


def test_n_of_m_says_what_it_counted() -> None:
    memory = looks("x.xx")
    assert (memory.hits(3), memory.looks(3)) == (2, 3)
    assert (memory.hits(9), memory.looks(9)) == (3, 4)
    memory.reset()
    assert (memory.hits(3), memory.looks(3)) == (0, 0)


def test_n_of_m_is_bounded() -> None:
    assert looks("x" * 600).looks(600) == 60


@given(st.lists(st.booleans(), max_size=20), st.integers(1, 10), st.integers(1, 10))
def test_agreed_is_never_hopeless(seen: list[bool], confirm: int, window: int) -> None:
    memory = looks("".join("x" if one else "." for one in seen))
    assert not (memory.agrees(confirm, window) and memory.is_hopeless(confirm, window))


def test_hysteresis_ends_only_after_its_time() -> None:
    clear = Hysteresis()
    assert not clear.is_over(START, 0)
    clear.clear(START)
    clear.clear(START + 1)
    assert not clear.is_over(START + 1.9, 2)
    assert clear.is_over(START + 2, 2)
    clear.reset()
    assert not clear.is_over(START + 9, 2)


def test_hysteresis_begins_anew_when_the_clock_is_set_back() -> None:
    clear = Hysteresis()
    clear.clear(START)
    clear.clear(START - 100)
    assert clear.since == START - 100


def test_cooldown_rests_for_its_time() -> None:
    rest = Cooldown()
    assert rest.is_over(START, 20)
    rest.start(START)
    assert not rest.is_over(START + 19.9, 20)
    assert rest.is_over(START + 20, 20)


def test_cooldown_lasts_no_longer_when_the_clock_is_set_back() -> None:
    rest = Cooldown()
    rest.start(START)
    assert not rest.is_over(START - 3600, 20)
    assert rest.is_over(START - 3580, 20)
