"""Stretches of time as sets of seconds: what holds of sets holds of them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.spans import Span, common, length, union, without
from tests.reports.rows import at, span

MOMENTS = st.integers(0, 30)
SPANS = st.lists(st.tuples(MOMENTS, MOMENTS).map(lambda two: span(min(two), max(two))), max_size=6)


def minutes(spans: list[Span]) -> set[int]:
    return {minute for one in spans for minute in range(31) if one.begin <= at(minute) < one.end}


def is_in_order(spans: list[Span]) -> bool:
    return all(before.end < after.begin for before, after in pairwise(spans)) and all(one.seconds > 0 for one in spans)


@given(SPANS)
def test_union_covers_the_same_time_once(spans: list[Span]) -> None:
    assert minutes(union(spans)) == minutes(spans)
    assert is_in_order(union(spans))
    assert length(spans) == 60 * len(minutes(spans))


@given(SPANS, SPANS)
def test_common_and_without_share_the_time_out(one: list[Span], other: list[Span]) -> None:
    assert minutes(common(one, other)) == minutes(one) & minutes(other)
    assert minutes(without(one, other)) == minutes(one) - minutes(other)
    assert is_in_order(common(one, other)) and all(span.seconds > 0 for span in without(one, other))
    assert length(common(one, other)) + length(without(one, other)) == length(one)
