"""One rule's counting at its boundaries: when exactly an alert begins, what it says, and when it is over."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from core.types import Alert, AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import Memory, Rule, Verdict
from detection.runtime.condition import Condition, Participant, least_severe
from detection.runtime.tally import FACT_STEP

START = 1_700_000_000.0
KNOBS = RuleSettings(hold=3.0, confirm=1, window=1, release=2.0, cooldown=10.0)


class Look(Rule):
    """A rule of looks; what it reads is the test's to say."""

    kind: ClassVar[AlertKind] = AlertKind.FACE_NOT_FOUND
    reads: ClassVar[ObservationKind] = ObservationKind.FACES
    defaults: ClassVar[RuleSettings] = KNOBS
    hint: ClassVar[str] = ""

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        raise AssertionError("a test says itself what was read")


class Fact(Look):
    """A rule whose observation stays true until the next one."""

    kind: ClassVar[AlertKind] = AlertKind.CONNECTION_LOST
    lasts: ClassVar[bool] = True
    is_absence: ClassVar[bool] = True


class Bridging(Look):
    """A rule of what is often hidden for a moment."""

    bridges: ClassVar[bool] = True


class Weighing(Look):
    """A rule that has weighed already when it says bad."""

    weighs: ClassVar[bool] = True


class Bench:
    """A condition with a rule and knobs, spoken to in seconds after the start."""

    def __init__(self, rule: Rule, knobs: RuleSettings = KNOBS, channel: str = "webcam") -> None:
        numbers = itertools.count(1)
        new_id: Callable[[], str] = lambda: f"a{next(numbers)}"  # noqa: E731
        self.condition = Condition(rule, Participant("room", "ana"), new_id, channel)
        self.knobs = knobs

    def bad(self, *seconds: float, **verdict: Any) -> list[Alert]:
        return [alert for at in seconds for alert in self._see(at, Verdict(True, "Bad.", **verdict))]

    def good(self, *seconds: float) -> list[Alert]:
        return [alert for at in seconds for alert in self._see(at, Verdict(False))]

    def tick(self, *seconds: float) -> list[Alert]:
        return [alert for at in seconds for alert in self.condition.tick(START + at, self.knobs)]

    def _see(self, at: float, verdict: Verdict) -> list[Alert]:
        observation = Observation("room", "ana", ObservationKind.FACES, START + at, {})
        return self.condition.see(verdict, observation, self.knobs)


def times(alerts: list[Alert]) -> list[tuple[float, float, float | None]]:
    """When each began, was raised and ended, in seconds after the start."""
    return [
        (one.started_at - START, one.raised_at - START, None if one.ended_at is None else one.ended_at - START)
        for one in alerts
    ]


# ------------------------------------------------------------------------------------ the beginning


def test_it_is_raised_with_the_very_look_that_completes_the_hold() -> None:
    bench = Bench(Look())
    assert bench.bad(0, 1, 2, 2.99) == []
    assert times(bench.bad(3)) == [(0, 3, None)]


def test_an_alert_says_whose_it_is_what_was_seen_and_by_which_limits() -> None:
    bench = Bench(Look(), RuleSettings(hold=1.25, confirm=2, window=3, severity=Severity.CRITICAL, hint=False), "head")
    marks = (("phone", 1, 2, 3, 4),)
    (alert,) = bench.bad(0, 0.5) + bench.bad(1.49, numbers={"faces": 0, "seconds": "a rule's own"}, marks=marks)
    assert (alert.id, alert.room, alert.participant, alert.kind) == ("a1", "room", "ana", AlertKind.FACE_NOT_FOUND)
    assert (alert.severity, alert.hint, alert.text, alert.channel) == (Severity.CRITICAL, False, "Bad.", "head")
    assert alert.marks == marks
    assert alert.numbers == {
        **{"faces": 0, "seconds": 1.4, "limit": 1.2},  # cut, never rounded up
        **{"hits": 3, "looks": 3, "confirm": 2, "window": 3},
    }


def test_whole_seconds_are_told_without_a_point() -> None:
    (alert,) = Bench(Look()).bad(0, 1, 2, 3)
    text = "%(seconds)s of %(limit)s"  # as a translation has it
    assert text % alert.numbers == "3 of 3"


def test_more_looks_than_the_window_holds_cannot_be_asked_for_nor_told() -> None:
    (alert,) = Bench(Look(), RuleSettings(hold=0.0, confirm=9, window=2)).bad(0, 1)
    assert (alert.numbers["confirm"], alert.numbers["window"]) == (2, 2)


def test_a_joined_rules_alert_is_where_it_was_noticed() -> None:
    (alert,) = Bench(Look(), RuleSettings(hold=0.0, confirm=1, window=1)).bad(0, channel="room")
    assert alert.channel == "room"


@pytest.mark.parametrize(("channel", "memory"), [("webcam", 20.0), ("head", 40.0)])
def test_looks_are_added_up_over_no_longer_than_the_rules_memory(channel: str, memory: float) -> None:
    knobs = RuleSettings(hold=0.0, confirm=2, window=2)
    assert len(Bench(Look(), knobs, channel).bad(0, memory)) == 1
    assert Bench(Look(), knobs, channel).bad(0, memory + 0.1) == []


def test_two_looks_credit_no_more_than_two_seconds() -> None:
    bench = Bench(Look())
    assert bench.bad(0, 10) == []
    assert times(bench.bad(20)) == [(0, 20, None)]


def test_a_look_that_missed_stops_the_time_unless_the_rule_bridges_it() -> None:
    knobs = RuleSettings(hold=3.0, confirm=1, window=4)
    for rule, raised in ((Look(), []), (Bridging(), [(0, 3, None)])):
        bench = Bench(rule, knobs)
        bench.bad(0, 1)
        bench.good(2)
        assert times(bench.bad(3)) == raised


def test_hopeless_looks_are_forgotten_and_the_next_bad_one_begins_anew() -> None:
    bench = Bench(Look(), RuleSettings(hold=1.0, confirm=2, window=3))
    bench.bad(0)
    bench.good(1, 2)
    assert bench.bad(3) == []
    assert times(bench.bad(4)) == [(3, 4, None)]


def test_a_pause_adds_no_time_and_loses_none() -> None:
    bench = Bench(Look())
    bench.bad(0, 1, 2)
    bench.condition.pause()
    assert bench.bad(3) == []
    assert times(bench.bad(4)) == [(0, 4, None)]


def test_a_rule_that_weighs_is_an_alert_at_once_and_says_its_own_numbers() -> None:
    bench = Bench(Weighing(), RuleSettings(hold=30.0, confirm=5, window=5, cooldown=10.0, release=0.0))
    (alert,) = bench.bad(0, numbers={"seconds": 12})
    assert alert.numbers == {"seconds": 12, "limit": 30}
    assert times(bench.good(1)) == [(0, 0, 1)]
    assert bench.bad(2, 10.9) == []
    assert len(bench.bad(11)) == 1


# ------------------------------------------------------------------------------------ facts


def test_a_fact_goes_on_being_true_between_messages() -> None:
    bench = Bench(Fact())
    assert bench.bad(0) + bench.tick(1, 2) == []
    (alert,) = bench.tick(3)
    assert times([alert]) == [(0, 3, None)]
    assert "hits" not in alert.numbers and "confirm" not in alert.numbers


def test_a_fact_needs_no_looks_that_agree() -> None:
    bench = Bench(Fact(), RuleSettings(hold=3.0, confirm=5, window=5))
    bench.bad(0)
    assert len(bench.tick(3)) == 1


def test_a_fact_that_is_no_longer_true_leaves_nothing_behind() -> None:
    bench = Bench(Fact())
    bench.bad(0)
    bench.tick(2)
    bench.good(2.5)
    bench.bad(3)
    assert bench.tick(5) == []
    assert times(bench.tick(6)) == [(3, 6, None)]


def test_what_cannot_be_judged_at_present_begins_anew_when_it_can() -> None:
    bench = Bench(Fact())
    bench.bad(0)
    bench.tick(2)
    bench.condition.pause()
    assert bench.tick(10, 12) == []
    assert times(bench.tick(13)) == [(10, 13, None)]


def test_a_fact_is_credited_at_most_its_step_at_once() -> None:
    bench = Bench(Fact(), RuleSettings(hold=5.0))
    bench.bad(0)
    (alert,) = bench.tick(5000)
    assert alert.numbers["seconds"] == FACT_STEP == 5.0


def test_an_open_fact_never_ends_for_want_of_messages() -> None:
    bench = Bench(Fact())
    bench.bad(0)
    bench.tick(1, 2, 3)
    assert bench.tick(*range(4, 100)) == []
    assert times(bench.good(100) + bench.tick(101, 102)) == [(0, 3, 100)]


def test_only_an_open_absence_that_still_is_one_outlasts_a_pause() -> None:
    bench = Bench(Fact())
    bench.bad(0)
    outlasting = [bench.condition.outlasts]
    bench.tick(1, 2, 3)
    outlasting.append(bench.condition.outlasts)
    bench.good(4)
    outlasting.append(bench.condition.outlasts)
    assert outlasting == [False, True, False]
    seen = Bench(Look())
    seen.bad(0, 1, 2, 3)
    assert seen.condition.alert is not None and not seen.condition.outlasts


# ------------------------------------------------------------------------------------ the end


def test_it_ends_when_all_has_been_clear_for_as_long_as_that_takes() -> None:
    bench = Bench(Look())
    bench.bad(0, 1, 2, 3)
    assert bench.good(4, 5.9) == []
    assert times(bench.good(6)) == [(0, 3, 4)]


def test_a_bad_look_in_between_keeps_it_open() -> None:
    bench = Bench(Look())
    bench.bad(0, 1, 2, 3)
    assert bench.good(4) + bench.bad(5) + bench.good(6, 7.9) == []
    assert times(bench.good(8)) == [(0, 3, 6)]


def test_a_clock_set_back_ends_no_alert_before_it_was_raised() -> None:
    bench = Bench(Look())
    bench.bad(0, 1, 2, 3)
    assert times(bench.condition.end(START - 100)) == [(0, 3, 3)]


def test_ending_what_is_not_open_says_nothing_and_rests_nobody() -> None:
    bench = Bench(Look())
    assert bench.condition.end(START) == []
    assert len(bench.bad(0, 1, 2, 3)) == 1


def test_it_rests_from_its_end_on() -> None:
    bench = Bench(Look(), RuleSettings(hold=0.0, confirm=1, window=1, release=0.0, cooldown=10.0))
    bench.bad(0)
    assert times(bench.good(1)) == [(0, 0, 1)]
    assert bench.bad(2, 10.9) == []
    assert [one.id for one in bench.bad(11)] == ["a2"]


def test_nobody_looks_any_more_and_it_ends_with_the_last_bad_look() -> None:
    bench = Bench(Look())
    bench.bad(0, 1, 2, 3)
    bench.good(4)
    assert bench.tick(24) == []
    assert times(bench.tick(24.1)) == [(0, 3, 3)]
    assert bench.tick(25) == []


def test_an_alert_of_an_earlier_process_is_gone_on_with() -> None:
    bench = Bench(Fact())
    bench.condition.take_up(Alert("old", "room", "ana", Fact.kind, Severity.NOTICE, START - 9, START - 5, "Lost."))
    assert bench.condition.is_bad and bench.condition.outlasts
    assert bench.tick(1, 2, 3, 4) == []
    assert [one.id for one in bench.good(5) + bench.tick(7)] == ["old"]


# ------------------------------------------------------------------------------------ how severe


MILD = {"most": Severity.NOTICE}


def test_a_verdict_may_be_milder_than_the_room_wants_and_never_more_severe() -> None:
    knobs = RuleSettings(hold=0.0, confirm=1, window=1, severity=Severity.WARNING)
    assert Bench(Look(), knobs).bad(0, **MILD)[0].severity is Severity.NOTICE
    assert Bench(Look(), knobs).bad(0, most=Severity.CRITICAL)[0].severity is Severity.WARNING
    assert least_severe(Severity.CRITICAL, Severity.NOTICE, Severity.WARNING) is Severity.NOTICE


def test_a_mild_alert_gives_way_without_a_rest_once_enough_looks_are_more_than_that() -> None:
    bench = Bench(Look(), RuleSettings(hold=1.0, confirm=2, window=3, cooldown=100.0))
    (mild,) = bench.bad(0, 1, **MILD)
    assert bench.bad(2) == [], "one look more"
    assert bench.bad(3, **MILD) == [], "and back"
    assert bench.bad(4) == []
    assert times(bench.bad(5)) == [(0, 1, 5)]
    (severe,) = bench.bad(6, 7)
    assert (mild.severity, severe.severity) == (Severity.NOTICE, Severity.WARNING)
    assert times([severe]) == [(6, 7, None)]


def test_an_alert_as_severe_as_the_room_wants_gives_way_to_nothing() -> None:
    bench = Bench(Look(), RuleSettings(hold=1.0, confirm=1, window=1))
    assert len(bench.bad(0, 1)) == 1
    assert bench.bad(*range(2, 20)) == []


# ------------------------------------------------------------------------------------ disorder


def test_what_is_older_than_the_last_word_is_late_and_what_is_much_older_is_a_clock_set_back() -> None:
    condition = Bench(Look()).condition
    assert not condition.is_late(START)
    assert not condition.is_late(START), "the same moment again"
    assert condition.is_late(START - 0.1)
    assert condition.is_late(START - 5.0)
    assert not condition.is_late(START - 5.1)
    assert not condition.is_late(START - 5.0), "which is the last word now"


def test_each_channel_has_a_last_word_of_its_own() -> None:
    condition = Bench(Look()).condition
    assert not condition.is_late(START, "webcam")
    assert not condition.is_late(START - 1, "room")
    assert condition.is_late(START - 1, "webcam")


def test_a_clock_set_back_counts_from_then_for_who_looks_no_more() -> None:
    bench = Bench(Look())
    bench.bad(0, 1, 2, 3)
    assert bench.tick(-100, -81) == []
    assert times(bench.tick(-79.9)) == [(0, 3, 3)]
