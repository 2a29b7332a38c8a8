"""PHONE_CHANNEL_LOST: each phone for itself, after a time of grace, and never against the student."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.types import Alert, AlertKind, Observation, Role, Severity
from detection.rules import DEFAULTS, hint_for
from detection.rules.phone_channel_lost import HINTS
from detection.runtime.presets import PRESETS, preset_rules
from tests.detection.courtroom import Courtroom, connection

GRACE = int(DEFAULTS[AlertKind.PHONE_CHANNEL_LOST].hold)


def phone(role: Role, online: bool, at: float) -> Observation:
    return replace(connection(online, at), channel=str(role))


def seen(alerts: list[Alert]) -> list[tuple[str, str]]:
    return [(alert.kind, alert.channel) for alert in alerts]


@pytest.mark.parametrize("role", Role)
def test_a_phone_may_be_away_for_a_while(role: Role) -> None:
    court = Courtroom()
    court.feed(phone(role, True, 0), phone(role, False, 1))
    court.tick(*range(1, GRACE + 1))
    assert court.raised == []
    court.tick(GRACE + 1)
    (alert,) = court.open
    assert (seen([alert]), alert.severity) == ([(AlertKind.PHONE_CHANNEL_LOST, role)], Severity.NOTICE)
    assert (alert.numbers["state"], alert.numbers["limit"]) == (role, GRACE)
    assert hint_for(alert) == HINTS[role]
    court.feed(phone(role, True, 30))
    court.tick(*range(30, 40))
    assert court.open == []


def test_phones_are_lost_each_for_itself_and_not_with_the_computer() -> None:
    court = Courtroom()
    court.feed(connection(True, 0), phone(Role.ARM, False, 0), phone(Role.HEAD, True, 0))
    court.tick(*range(GRACE + 5))
    assert seen(court.open) == [(AlertKind.PHONE_CHANNEL_LOST, "arm")]
    court.feed(connection(False, 20), phone(Role.HEAD, False, 20))
    court.tick(*range(20, 40))
    assert seen(court.open) == [
        (AlertKind.PHONE_CHANNEL_LOST, "arm"),
        (AlertKind.CONNECTION_LOST, "webcam"),
        (AlertKind.PHONE_CHANNEL_LOST, "head"),
    ]


def test_a_phone_that_comes_and_goes_quickly_is_no_news() -> None:
    court = Courtroom()
    for second in range(0, 120, GRACE):
        court.feed(phone(Role.ARM, False, second), phone(Role.ARM, True, second + GRACE - 2))
        court.tick(*range(second, second + GRACE))
    assert court.raised == []


def test_no_preset_makes_it_stricter() -> None:
    kind = AlertKind.PHONE_CHANNEL_LOST
    assert {preset_rules(name)[kind] for name in PRESETS} == {DEFAULTS[kind]}
