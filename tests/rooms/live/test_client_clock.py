"""Whatever a client's clock says, the server's time of it is believable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rooms.live.client_clock import DRIFT, MOST_AGE_S, MOST_LATE, ClientClock

NOW = 1_700_000_000.0


def test_clocks_differ_and_networks_only_delay() -> None:
    clock = ClientClock()
    assert clock.server_time(100.0, NOW) == NOW
    assert clock.server_time(100.5, NOW + 0.9) == NOW + 0.5 + 0.9 * DRIFT
    assert clock.server_time(101.0, NOW + 1.0) == NOW + 1.0


def test_a_clock_that_runs_slower_is_followed() -> None:
    clock = ClientClock()
    for second in range(7200):
        seen = clock.server_time(100.0 + second * (1 - DRIFT / 2), NOW + second)
    assert abs(seen - (NOW + 7199)) < 1e-3


def test_a_clock_set_forward_is_believed_at_once() -> None:
    clock = ClientClock()
    clock.server_time(100.0, NOW)
    assert clock.server_time(3700.0, NOW + 1) == NOW + 1
    assert abs(clock.server_time(3701.0, NOW + 2.2) - (NOW + 2.0)) < 0.01


def test_a_clock_set_back_is_learnt_anew() -> None:
    clock = ClientClock()
    clock.server_time(5000.0, NOW)
    seen = [clock.server_time(100.0 + n, NOW + n) for n in range(MOST_LATE)]
    assert seen[0] == NOW - MOST_AGE_S, "one that is late may be just that"
    assert seen[-1] == NOW + MOST_LATE - 1
    assert clock.server_time(103.0, NOW + 3) == NOW + 3


def test_a_new_page_begins_anew() -> None:
    clock = ClientClock()
    clock.server_time(5000.0, NOW)
    clock.forget()
    assert clock.server_time(100.0, NOW + 1) == NOW + 1


@given(st.lists(st.tuples(st.floats(0, 2**53), st.floats(-5, 60)), max_size=30))
def test_no_time_is_ever_in_the_future_or_too_old(moments: list[tuple[float, float]]) -> None:
    clock, now = ClientClock(), NOW
    for client_time, step in moments:
        now += step
        assert now - MOST_AGE_S <= clock.server_time(client_time, now) <= now


def test_it_says_how_far_the_client_is_ahead() -> None:
    clock = ClientClock()
    assert clock.ahead_ms is None
    clock.server_time(1003.5, 1000.0)
    assert clock.ahead_ms == 3500
