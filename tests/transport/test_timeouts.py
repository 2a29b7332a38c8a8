"""How long a client may take to say a request, however it cuts it up."""

from __future__ import annotations

import pytest

from transport.timeouts import LEAST_RATE, REQUEST_S, Timeouts


def seconds_until_given_up(timeouts: Timeouts, pause_s: float, received: int, most_s: float = 10_000) -> float:
    """Receive so many bytes again and again, with a pause before each; most_s when nobody gives up."""
    passed = 0.0
    while passed < most_s:
        try:
            timeouts.left()
        except TimeoutError:
            return passed
        timeouts.waited(pause_s, received)
        passed += pause_s
    return most_s


@pytest.mark.parametrize("pause_s", [0.01, 1.0, 29.0])
def test_a_head_that_drips_has_its_time_and_no_more(pause_s: float) -> None:
    timeouts = Timeouts()
    timeouts.for_head()
    assert seconds_until_given_up(timeouts, pause_s, 1) < 2 * REQUEST_S


@pytest.mark.parametrize("pause_s", [0.5, 1.0, 29.0])
def test_a_body_that_drips_has_hardly_more(pause_s: float) -> None:
    timeouts = Timeouts()
    timeouts.for_body()
    assert seconds_until_given_up(timeouts, pause_s, 100) < 2 * REQUEST_S


def test_an_upload_over_a_slow_network_is_waited_for() -> None:
    timeouts = Timeouts()
    timeouts.for_body()
    assert seconds_until_given_up(timeouts, 1.0, LEAST_RATE) == 10_000


def test_bytes_that_came_fast_buy_no_long_pause_later() -> None:
    timeouts = Timeouts()
    timeouts.for_body()
    timeouts.waited(0.1, 20_000_000)
    assert timeouts.left() == REQUEST_S


def test_the_next_request_has_its_time_again() -> None:
    timeouts = Timeouts()
    timeouts.for_head()
    timeouts.waited(REQUEST_S, 0)
    with pytest.raises(TimeoutError):
        timeouts.left()
    timeouts.for_head()
    assert timeouts.left() == REQUEST_S
