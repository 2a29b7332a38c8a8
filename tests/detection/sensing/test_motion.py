"""Irregular readings become even windows: resampling, gaps, wrong clocks, nonsense; and nothing grows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detection.sensing.arm.motion import (
    GAP,
    HZ,
    MOST_ROWS,
    SIDE,
    SPAN,
    STEP,
    WINDOW,
    Floats,
    MotionStream,
    Window,
    readings_of,
)
from tests.detection.arms import START, G, rows

HOP = 25


def told(*parts: tuple[float, Floats]) -> list[Window]:
    stream = MotionStream(HOP)
    return [window for at, part in parts for window in stream.take(at, part)]


def pieces(values: Floats, size: int = 15) -> list[tuple[float, Floats]]:
    return [(START, values[first : first + size]) for first in range(0, len(values), size)]


def steady(seconds: float, hz: float = 60.0) -> Floats:
    return rows(seconds, shake=0.0, hz=hz)


@pytest.mark.parametrize("hz", [12.0, 25.0, 32.0, 60.0, 100.0])
def test_any_rate_becomes_25_hertz(hz: float) -> None:
    values = rows(10.0, elevation=20.0, shake=1.0, rate=1.5, hz=hz)
    windows = told(*pieces(values))
    assert len(windows) == int((10.0 - 1 / hz - SPAN * STEP) / 1.0) + 1
    assert {window.gravity.shape for window in windows} == {(WINDOW, 3)}
    for window in windows:
        times = window.at - START - STEP * (WINDOW - np.arange(WINDOW) - 0.5)
        expected = np.array([np.interp(times, values[:, 0], values[:, axis]) for axis in (1, 2, 3)]).T
        assert np.abs(window.gravity + window.moved - expected).max() < 0.12


def test_the_cut_into_batches_makes_no_difference() -> None:
    values = rows(8.0, shake=2.0)
    whole, small = told((START, values)), told(*pieces(values, 7))
    assert len(whole) == len(small) > 3
    for one, other in zip(whole, small, strict=True):
        assert one.at == pytest.approx(other.at)
        np.testing.assert_allclose(one.moved, other.moved, atol=1e-6)


def test_gravity_is_what_stays() -> None:
    windows = told(*pieces(rows(6.0, elevation=30.0, shake=3.0, rate=4.0)))
    for window in windows:
        assert np.linalg.norm(window.gravity, axis=1) == pytest.approx(G, abs=0.1)
        assert np.degrees(np.arcsin(window.gravity[:, 1].mean() / G)) == pytest.approx(30.0, abs=1.0)
        assert np.sqrt((window.moved**2).sum(axis=1).mean()) == pytest.approx(3.0, rel=0.08)


def test_windows_end_when_their_last_sample_does_and_follow_each_other_by_the_hop() -> None:
    ends = [window.at - START for window in told(*pieces(steady(8.0)))]
    assert ends[0] == pytest.approx((SPAN - SIDE) * STEP)
    assert np.diff(ends) == pytest.approx(HOP * STEP)


def test_no_window_reaches_across_a_gap() -> None:
    before, after = steady(4.0), steady(4.0)
    after[:, 0] += 4.0 + GAP + 0.2
    ends = [window.at - START for window in told((START, before), (START, after))]
    assert [end < 4.0 or end - (WINDOW + SIDE) * STEP >= 4.0 + GAP for end in ends] == [True] * len(ends)
    assert len(ends) == 2


def test_lost_batches_that_are_short_are_bridged() -> None:
    parts = pieces(steady(8.0), 12)
    assert len(told(*parts[:9], *parts[11:])) == len(told(*parts))


def test_late_and_double_batches_count_once() -> None:
    parts = pieces(rows(8.0, shake=1.0))
    mixed = [*parts[:5], parts[4], parts[2], *parts[5:], parts[0]]
    expected, found = told(*parts), told(*mixed)
    assert [one.at for one in found] == [one.at for one in expected]
    np.testing.assert_array_equal(found[-1].moved, expected[-1].moved)


@pytest.mark.parametrize("jump", [-3600.0, -10.0, 3600.0, 1e7])
def test_a_clock_that_jumps_begins_anew(jump: float) -> None:
    windows = told(*pieces(steady(4.0)), *((at + jump, part) for at, part in pieces(steady(4.0))))
    assert len(windows) == 2
    assert windows[1].at - windows[0].at == pytest.approx(jump, abs=5.0)


def test_numbers_that_are_no_measurements_are_left_out() -> None:
    good = steady(1.0)
    bad = good.copy()
    bad[3, 1], bad[4, 2], bad[5, 3], bad[6, 0], bad[7, 1] = np.nan, np.inf, 1e9, np.nan, -250.0
    kept = readings_of(bad.astype("<f4").tobytes() + b"\x00\x01\x02")
    np.testing.assert_allclose(kept, np.delete(good, [3, 4, 5, 6, 7], axis=0), atol=1e-5)
    assert readings_of(b"").shape == (0, 4)
    assert readings_of(b"\x00" * 15).shape == (0, 4)


def test_a_huge_batch_is_cut() -> None:
    assert len(readings_of(np.zeros((3 * MOST_ROWS, 4), dtype="<f4").tobytes())) == MOST_ROWS


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-1e6, 1e12, allow_nan=False),
            arrays(np.float32, st.tuples(st.integers(0, 40), st.just(4)), elements=st.floats(width=32)),
        ),
        max_size=12,
    )
)
def test_nonsense_of_any_kind_is_survived_and_kept_small(parts: list[tuple[float, Floats]]) -> None:
    stream = MotionStream(HOP)
    for at, values in parts:
        for window in stream.take(at, readings_of(values.tobytes())):
            assert np.isfinite(window.gravity).all()
            assert np.isfinite(window.moved).all()
        assert stream.held() < SPAN + 100 + MOST_ROWS


@pytest.mark.slow
def test_hours_of_readings_leave_nothing_behind() -> None:
    stream = MotionStream(HOP)
    held = set()
    for minute in range(60):
        for at, part in pieces(steady(60.0)):
            list(stream.take(at + 60.0 * minute, part))
        held.add(stream.held())
    assert max(held) < SPAN + 40
    assert HZ * STEP == 1.0
