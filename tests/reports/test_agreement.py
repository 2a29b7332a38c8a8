"""Cohen's kappa against a reckoning by hand, its bounds, and when there is too little to say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.agreement import LEAST_PAIRS, Pair, agreement_of, agreements_by_kind

RIGHT, WRONG = "acknowledged", "dismissed"
VERDICTS = st.sampled_from([RIGHT, WRONG])
PAIRS = st.lists(st.tuples(VERDICTS, VERDICTS), max_size=60)


def by_hand(pairs: list[Pair]) -> Fraction | None:
    """The formula of the paper, (p_o - p_e) / (1 - p_e), in fractions."""
    count = len(pairs)
    observed = Fraction(sum(first == second for first, second in pairs), count)
    expected = sum(
        Fraction(sum(first == one for first, _ in pairs), count)
        * Fraction(sum(second == one for _, second in pairs), count)
        for one in (RIGHT, WRONG)
    )
    return None if expected == 1 else (observed - expected) / (1 - expected)


def test_an_example_that_is_in_textbooks() -> None:
    pairs = [(RIGHT, RIGHT)] * 20 + [(RIGHT, WRONG)] * 5 + [(WRONG, RIGHT)] * 10 + [(WRONG, WRONG)] * 15
    found = agreement_of(pairs)
    assert (found.pairs, found.agreed, found.share) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)


@given(PAIRS)
def test_it_is_what_the_formula_says_or_too_little(pairs: list[Pair]) -> None:
    found = agreement_of(pairs)
    expected = by_hand(pairs) if len(pairs) >= LEAST_PAIRS else None
    assert (found.kappa is None) == (expected is None)
    if found.kappa is not None and expected is not None:
        assert found.kappa == pytest.approx(float(expected))
        assert -1 <= found.kappa <= 1


@given(PAIRS)
def test_it_is_the_same_whoever_is_called_first(pairs: list[Pair]) -> None:
    assert agreement_of(pairs) == agreement_of([(second, first) for first, second in pairs])


@given(st.lists(VERDICTS, min_size=LEAST_PAIRS, max_size=60))
def test_two_who_always_agree_have_one_unless_they_say_nothing_else(verdicts: list[str]) -> None:
    found = agreement_of([(one, one) for one in verdicts])
    assert found.agreed == found.pairs == len(verdicts)
    assert found.kappa == (None if len(set(verdicts)) == 1 else 1.0)


def test_without_a_pair_there_is_no_share() -> None:
    assert agreement_of([]).share is None


def test_each_kind_has_its_own() -> None:
    found = agreements_by_kind([("B", (RIGHT, RIGHT)), ("A", (RIGHT, WRONG)), ("B", (RIGHT, WRONG))])
    assert {kind: (one.pairs, one.agreed, one.kappa) for kind, one in found.items()} == {
        "A": (1, 0, None),
        "B": (2, 1, None),
    }
    assert list(found) == ["A", "B"]
