"""The suspicion level: a sum anyone can do again by hand, and the table of it in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import AlertKind, Charge, Severity
from detection.suspicion import FACTORS, HALF_LIFE, WEIGHTS, suspicion

WARNING, CRITICAL, NOTICE = Severity.WARNING, Severity.CRITICAL, Severity.NOTICE
AWAY, PHONE = AlertKind.LOOKING_AWAY, AlertKind.PHONE_DETECTED
DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "attention.md").read_text(encoding="utf-8")

charges = st.builds(
    Charge, st.sampled_from(AlertKind), st.sampled_from(Severity), st.one_of(st.none(), st.floats(0, 1e6))
)


@pytest.mark.parametrize(
    ("alerts", "level"),
    [
        ([], 0),
        ([Charge(AWAY, WARNING)], 10),
        ([Charge(AWAY, NOTICE)], 0),
        ([Charge(PHONE, CRITICAL)], 45),
        ([Charge(AWAY, WARNING, 0.0)], 5),
        ([Charge(AWAY, WARNING, 0.0), Charge(PHONE, CRITICAL)], 50),  # the example of the documentation
        ([Charge(AlertKind.CAMERA_BLOCKED, CRITICAL)], 0),
        ([Charge(PHONE, CRITICAL)] * 9, 100),
    ],
)
def test_level_ten_minutes_later(alerts: list[Charge], level: int) -> None:
    assert suspicion(alerts, HALF_LIFE) == level


@given(st.lists(charges), st.floats(0, 1e6), charges)
def test_another_alert_never_lowers_it_and_time_never_raises_it(some: list[Charge], now: float, more: Charge) -> None:
    level = suspicion(some, now)
    assert 0 <= level <= 100
    assert suspicion([*some, more], now) >= level
    assert suspicion(some, now + 1000) <= level


def test_every_kind_and_severity_has_a_documented_weight() -> None:
    assert set(WEIGHTS) == set(AlertKind)
    assert set(FACTORS) == set(Severity)
    for kind, weight in WEIGHTS.items():
        assert re.search(rf"^\|.*\b{kind}\b.*\| {weight:g} \|$", DOCUMENT, re.MULTILINE), kind
    for severity, factor in FACTORS.items():
        assert f"| {severity} | {factor:g} |" in DOCUMENT
