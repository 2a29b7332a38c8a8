"""Where pictures are missing, and why."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evidence.gaps import LONGEST, Gap, Why, gaps_of

TIMES = st.lists(st.integers(0, 300).map(lambda tenth: tenth / 10), unique=True)


def test_pictures_at_a_steady_pace_leave_no_gap() -> None:
    assert gaps_of("webcam", [0.5 * n for n in range(41)], [], (0, 20)) == []


def test_a_silence_in_the_middle_and_at_both_ends_is_told() -> None:
    assert gaps_of("webcam", [4, 5, 12], [], (0, 20)) == [
        Gap("webcam", 0, 4, Why.NONE_CAME),
        Gap("webcam", 5, 12, Why.NONE_CAME),
        Gap("webcam", 12, 20, Why.NONE_CAME),
    ]


def test_what_the_server_let_go_is_not_called_a_silence() -> None:
    assert gaps_of("arm", [0, 5], [1, 2, 3, 4], (0, 5)) == [Gap("arm", 0, 5, Why.THINNED)]


def test_a_silence_inside_a_thinned_stretch_keeps_its_own_reason() -> None:
    assert gaps_of("webcam", [0, 10], [1, 8, 9], (0, 10)) == [
        Gap("webcam", 0, 1, Why.THINNED),
        Gap("webcam", 1, 8, Why.NONE_CAME),
        Gap("webcam", 8, 10, Why.THINNED),
    ]


@given(TIMES, TIMES)
def test_gaps_never_overlap_and_cover_each_long_time_without_a_kept_picture(
    kept: list[float], thinned: list[float]
) -> None:
    others = sorted(set(thinned) - set(kept))
    gaps = gaps_of("webcam", kept, others, (0, 30))
    assert all(before.end <= after.begin for before, after in pairwise(gaps))
    assert all(not gap.begin < at < gap.end for gap in gaps for at in kept)
    times = [0, *sorted(kept), 30]
    for before, after in pairwise(times):
        missing = sum(gap.end - gap.begin for gap in gaps if before <= gap.begin and gap.end <= after)
        assert abs(missing - (after - before if after - before > LONGEST else 0)) < 1e-6
