"""How growth over a long run is told from noise."""

import math

from bench.soak import growth


def test_a_steady_line_is_told_in_percent_of_an_hour() -> None:
    assert math.isclose(growth([100.0 + 0.1 * minute for minute in range(61)]), 100 * 6.0 / 103.0)


def test_what_stays_does_not_grow_and_too_little_says_nothing() -> None:
    assert growth([367.0] * 30) == 0.0
    assert growth([100.0, 200.0]) == 0.0


def test_noise_around_a_level_is_next_to_nothing() -> None:
    assert abs(growth([100.0 + (-1) ** minute for minute in range(60)])) < 1.0
