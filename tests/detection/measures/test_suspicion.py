"""The suspicion level: a sum anyone can do again by hand, and the table of it in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import AlertKind, AlertWeight, Severity
from detection.measures.suspicion import FACTORS, suspicion, weight_of
from detection.rules import RULES, WEIGHTS

WARNING, CRITICAL, NOTICE = Severity.WARNING, Severity.CRITICAL, Severity.NOTICE
TEN_MINUTES = 600.0
AWAY, PHONE = AlertKind.LOOKING_AWAY, AlertKind.PHONE_DETECTED
DOCS = Path(__file__).resolve().parent.parents[2] / "docs"
FORMULA = (DOCS / "attention.md").read_text(encoding="utf-8")
TABLE = (DOCS / "rules.md").read_text(encoding="utf-8")

charges = st.builds(
    AlertWeight, st.sampled_from(AlertKind), st.sampled_from(Severity), st.one_of(st.none(), st.floats(0, 1e6))
)


@pytest.mark.parametrize(
    ("alerts", "level"),
    [
        ([], 0),
        ([AlertWeight(AWAY, WARNING)], 10),
        ([AlertWeight(AWAY, NOTICE)], 0),
        ([AlertWeight(PHONE, CRITICAL)], 45),
        ([AlertWeight(AWAY, WARNING, 0.0)], 5),
        ([AlertWeight(AWAY, WARNING, 0.0), AlertWeight(PHONE, CRITICAL)], 50),  # the example of the documentation
        ([AlertWeight(AlertKind.CAMERA_BLOCKED, CRITICAL)], 0),
        ([AlertWeight(PHONE, CRITICAL)] * 9, 100),
    ],
)
def test_level_ten_minutes_later(alerts: list[AlertWeight], level: int) -> None:
    assert suspicion(alerts, TEN_MINUTES, WEIGHTS) == level


@pytest.mark.parametrize(("minutes", "left"), [(0, 30.0), (10, 15.0), (20, 7.5), (30, 3.75)])
def test_what_is_over_weighs_half_as_much_every_ten_minutes(minutes: float, left: float) -> None:
    assert weight_of(AlertWeight(PHONE, WARNING, 1000.0), 1000.0 + minutes * 60, WEIGHTS) == pytest.approx(left)


def test_what_ends_in_the_future_of_a_clock_set_back_has_not_begun_to_fade() -> None:
    assert weight_of(AlertWeight(PHONE, WARNING, 1000.0), 0.0, WEIGHTS) == 30.0


@given(st.lists(charges), st.floats(0, 1e6), charges)
def test_another_alert_never_lowers_it_and_time_never_raises_it(
    some: list[AlertWeight], now: float, more: AlertWeight
) -> None:
    level = suspicion(some, now, WEIGHTS)
    assert 0 <= level <= 100
    assert suspicion([*some, more], now, WEIGHTS) >= level
    assert suspicion(some, now + 1000, WEIGHTS) <= level


def test_every_kind_and_severity_has_a_documented_weight() -> None:
    assert set(WEIGHTS) == set(RULES)
    assert set(FACTORS) == set(Severity)
    for kind, weight in WEIGHTS.items():
        assert re.search(rf"^\| {kind} \| [^|]+ \| {weight:g} \|", TABLE, re.MULTILINE), kind
    for severity, factor in FACTORS.items():
        assert f"| {severity} | {factor:g} |" in FORMULA


def test_a_kind_of_which_no_rule_is_left_weighs_nothing() -> None:
    assert suspicion([AlertWeight("GONE", CRITICAL)], 0.0, WEIGHTS) == 0
