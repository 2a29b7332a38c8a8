"""ARM_MOTION: how long, how strong, and what keys and mouse explain; the rule sees what a sense says."""

from __future__ import annotations

import pytest

from core.types import AlertKind, RuleSettings, Severity
from detection.rules import RULES
from detection.sensing.arm.sense import ArmSense
from tests.detection.arms import START as SENSED_FROM
from tests.detection.arms import raised, rows, sense
from tests.detection.courtroom import ROOM, START, STUDENT, Courtroom, arm, typed

KIND = AlertKind.ARM_MOTION


def play(court: Courtroom, windows: str, start: float = 0.0, keys: bool = False) -> Courtroom:
    """Feed a window for each sign: f hand to face, s strong, r reaching, c calm, d like the own desk work."""
    made = {
        "f": lambda at: arm(at),
        "s": lambda at: arm(at, "reaching", 4.0),
        "r": lambda at: arm(at, "reaching", 1.2),
        "c": lambda at: arm(at, "calm", 0.1),
        "d": lambda at: arm(at, "hand_to_face", 3.0, distance=1.4),
    }
    for number, sign in enumerate(windows):
        at = start + number
        if keys:
            court.feed(typed(at))
        court.feed(made[sign](at))
        court.tick(at + 0.1)
    return court


def told(court: Courtroom) -> list[tuple[float, str, str, bool]]:
    return [
        (alert.raised_at - START, str(alert.severity), alert.numbers["state"], alert.numbers["explained"])
        for alert in court.raised
    ]


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ("c" * 20, []),
        ("d" * 60, []),  # what is like the calibration never counts, whatever the model calls it
        ("r" * 60, []),  # handling things is no alert
        ("ffffc" + "c" * 10, []),  # a short sip
        ("ffffff" + "c" * 10, [(5, "warning", "hand_to_face", False)]),
        ("ssssssss", [(5, "warning", "strong", False)]),
        ("ffcffcffff", [(6, "warning", "hand_to_face", False)]),
        ("fcfcfcfcfcfcfc", []),
        ("ffffssss", [(5, "warning", "strong", False)]),
    ],
)
def test_it_takes_a_while(windows: str, expected: list[tuple[float, str, str, bool]]) -> None:
    assert told(play(Courtroom(), windows)) == expected


def test_it_ends_when_the_arm_rests_again() -> None:
    court = play(Courtroom(), "f" * 8 + "c" * 8)
    assert [alert.ended_at for alert in court.ended] == [START + 8]


def test_what_keys_explain_is_a_notice_after_a_long_time_and_nothing_before() -> None:
    assert told(play(Courtroom(), "f" * 20, keys=True)) == []
    court = play(Courtroom(), "s" * 40, keys=True)
    assert told(court) == [(25, "notice", "strong", True)]
    assert not court.raised[0].hint
    assert "Keys or mouse were used" in court.raised[0].text


def test_explained_movement_never_raises_more_than_a_notice() -> None:
    rules = {str(KIND): RuleSettings(hold=2.0, confirm=2, window=3, severity=Severity.CRITICAL)}
    court = play(Courtroom(rules), "fs" * 60, keys=True)
    assert {alert.severity for alert in court.raised} == {Severity.NOTICE}


@pytest.mark.parametrize(("windows", "expected"), [("f" * 15 + "c" * 7, 1), ("f" * 10 + "c" * 30, 0)])
def test_pauses_do_not_hide_what_is_explained_again_and_again(windows: str, expected: int) -> None:
    court = play(Courtroom(), windows * 8, keys=True)
    assert [severity for _, severity, _, _ in told(court)] == ["notice"] * expected


def test_once_the_keys_rest_it_is_a_warning_though_a_notice_is_open() -> None:
    court = play(Courtroom(), "f" * 30, keys=True)
    play(court, "f" * 12, start=30.0)
    assert [(severity, explained) for _, severity, _, explained in told(court)] == [
        ("notice", True),
        ("warning", False),
    ]


def test_a_mouse_explains_as_keys_do_and_empty_reports_do_not() -> None:
    for at, keys, pointer, expected in ((0.0, 0, 4, 0), (0.0, 0, 0, 1)):
        court = Courtroom()
        for second in range(8):
            court.feed(typed(at + second, keys, pointer))
            court.feed(arm(second))
        assert len(court.raised) == expected


def test_another_student_typing_explains_nothing() -> None:
    court = Courtroom()
    for second in range(8):
        other = typed(second)
        court.feed(type(other)(other.room, "somebody else", other.kind, other.at, other.values))
        court.feed(arm(second))
    assert told(court) == [(5, "warning", "hand_to_face", False)]


def test_texts_say_which_family_for_how_long_how_sure_and_whether_explained() -> None:
    alert = play(Courtroom(), "f" * 8).raised[0]
    text = alert.text % alert.numbers
    assert "face or the ear" in text
    assert "for 5 s" in text
    assert "confidence 90 of 100" in text
    assert "Neither keys nor mouse" in text
    strong = play(Courtroom(), "s" * 8).raised[0]
    assert "4.0 m/s2" in strong.text % strong.numbers


def test_a_strict_room_believes_less_sure_windows() -> None:
    strict = {str(KIND): RuleSettings(hold=2.0, confirm=2, window=3, strictness=1.2)}
    for rules, expected in ((strict, 1), ({}, 0)):
        court = Courtroom(rules)
        for second in range(8):
            court.feed(arm(second, sure=0.45))
        assert len(court.raised) == expected


def test_a_telephone_on_the_desk_sense_becomes_an_alert() -> None:
    sensed = ArmSense()
    court = Courtroom()
    for one in sense(sensed, rows(10.0, 3.0)) + sense(sensed, raised(14.0), SENSED_FROM + 10.0):
        court.feed(type(one)(ROOM, STUDENT, one.kind, one.at - SENSED_FROM + START, one.values, channel="arm"))
    assert [alert.kind for alert in court.raised] == [KIND]
    assert 15.0 <= court.raised[0].raised_at - START <= 20.0
    assert court.raised[0].channel == "arm"
    assert RULES[KIND].defaults.severity is Severity.WARNING
