"""What the judge remembers of one participant, shown with small rules that say what an observation tells them to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from core.types import Alert, AlertKind, Observation, ObservationKind, RuleSettings, Severity
from detection.rules.base import Memory, Rule, Verdict
from detection.runtime.judge import Judge

START = 1_700_000_000.0
HOUR = 3600.0
AT_ONCE = RuleSettings(hold=0.0, confirm=1, window=1, release=0.0, cooldown=10.0)
AWAY, LOST, TALKS = AlertKind.LOOKING_AWAY, AlertKind.CONNECTION_LOST, AlertKind.TALKING
FACES, CONNECTION, INPUT = ObservationKind.FACES, ObservationKind.CONNECTION, ObservationKind.INPUT


class Looks(Rule):
    """Says of a look what its values say; nothing where they say nothing."""

    kind: ClassVar[AlertKind] = AWAY
    reads: ClassVar[ObservationKind] = FACES
    defaults: ClassVar[RuleSettings] = AT_ONCE
    hint: ClassVar[str] = ""

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        return Verdict(text="So.", **observation.values) if observation.values else None


class Line(Looks):
    """Whether somebody can be reached, without which nothing else can be judged."""

    kind: ClassVar[AlertKind] = LOST
    reads: ClassVar[ObservationKind] = CONNECTION
    lasts: ClassVar[bool] = True
    blocks: ClassVar[bool] = True
    channels: ClassVar[frozenset[str]] = frozenset({"webcam", "head"})
    is_absence: ClassVar[bool] = True


class LooksOnline(Looks):
    needs: ClassVar[ObservationKind | None] = CONNECTION


class FactOnline(LooksOnline):
    lasts: ClassVar[bool] = True


class Doubts(Looks):
    doubts: ClassVar[bool] = True
    is_absence: ClassVar[bool] = True


class Joined(Looks):
    joined: ClassVar[bool] = True
    channels: ClassVar[frozenset[str]] = frozenset({"webcam", "head"})


class Wants(Looks):
    """Is bad where the room wants it to be critical, and says how long it is to last."""

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        return Verdict(settings.severity is Severity.CRITICAL, "So.", numbers={"asked": settings.hold})


class Lost(Wants):
    """The same of a fact, which is remembered where nobody watches."""

    lasts: ClassVar[bool] = True
    defaults: ClassVar[RuleSettings] = RuleSettings(hold=0.5, severity=Severity.CRITICAL)


class Heard(Memory):
    def __init__(self) -> None:
        self.times: list[float] = []


class Hears(Looks):
    """Is bad as soon as it heard of keys."""

    hears: ClassVar[frozenset[ObservationKind]] = frozenset({INPUT})

    def memory(self) -> Heard:
        return Heard()

    def hear(self, observation: Observation, memory: Memory) -> None:
        assert isinstance(memory, Heard)
        memory.times.append(observation.at)

    def read(self, observation: Observation, memory: Memory, settings: RuleSettings) -> Verdict | None:
        assert isinstance(memory, Heard)
        return Verdict(bool(memory.times), "So.")


class HearsEverywhere(Hears):
    hears_everywhere: ClassVar[bool] = True


class Bench:
    """A judge of a few rules, and one student in one room."""

    def __init__(self, *rules: Rule, watched: bool = True) -> None:
        ids = iter(f"a{number}" for number in range(1, 100))
        self.judge = Judge({rule.kind: rule for rule in rules}, lambda: next(ids))
        if watched:
            self.watch()

    def watch(self, rules: Mapping[str, RuleSettings] | None = None) -> None:
        self.judge.watch("room", rules or {})

    def feed(self, kind: ObservationKind, at: float, channel: str = "webcam", **values: Any) -> list[Alert]:
        return self.judge.feed(Observation("room", "ana", kind, START + at, values, channel))

    def tick(self, at: float) -> list[Alert]:
        return self.judge.tick(START + at)


# ------------------------------------------------------------------------------------ what is remembered, and how long


def test_lasting_facts_of_a_room_that_nobody_watches_are_kept_for_six_hours() -> None:
    for pause, raised in ((6 * HOUR, 1), (6 * HOUR + 1, 0)):
        bench = Bench(Line(), watched=False)
        bench.feed(CONNECTION, 0, bad=True)
        assert bench.tick(pause) == []
        bench.watch()
        assert len(bench.tick(pause + 1)) == raised, pause


def test_whatever_is_heard_of_somebody_keeps_them_remembered() -> None:
    bench = Bench(Line(), Looks(), watched=False)
    bench.feed(CONNECTION, 0, bad=True)
    bench.feed(FACES, 5 * HOUR, bad=False)
    bench.tick(10 * HOUR)
    bench.watch()
    assert len(bench.tick(10 * HOUR + 1)) == 1


def test_a_pause_begins_the_six_hours_anew() -> None:
    bench = Bench(Line())
    bench.feed(CONNECTION, 0, bad=False)
    bench.feed(CONNECTION, 1, bad=True)
    assert bench.judge.unwatch("room", START + 5 * HOUR) == [], "an absence goes on in a pause"
    assert bench.tick(10 * HOUR) == []
    assert [one.ended_at for one in bench.tick(12 * HOUR)] == [START + 12 * HOUR]


def test_a_room_that_is_watched_forgets_nobody() -> None:
    bench = Bench(Line())
    bench.feed(CONNECTION, 0, bad=True)
    assert bench.tick(20 * HOUR) == []
    assert len(bench.feed(CONNECTION, 20 * HOUR + 1, bad=False)) == 1


def test_an_absence_of_an_earlier_process_is_followed_for_six_hours_where_nobody_watches() -> None:
    bench = Bench(Line(), watched=False)
    old = Alert("old", "room", "ana", LOST, Severity.WARNING, START - 9, START, "So.")
    assert bench.judge.take_up(old)
    assert bench.tick(6 * HOUR) == []
    assert [(one.id, one.ended_at) for one in bench.tick(6 * HOUR + 1)] == [("old", START + 6 * HOUR + 1)]


# ------------------------------------------------------------------------------------ what cannot be judged


def test_a_look_waits_while_what_it_needs_was_bad_within_twenty_seconds() -> None:
    for pause, raised in ((20.0, 0), (20.1, 1)):
        bench = Bench(LooksOnline(), Line())
        bench.feed(CONNECTION, 0, bad=True)
        assert len(bench.feed(FACES, pause, bad=True)) == raised, pause


def test_a_fact_waits_until_what_it_needs_is_good_again_however_long_that_is() -> None:
    bench = Bench(FactOnline(), Line())
    bench.feed(CONNECTION, 0, bad=True)
    assert bench.feed(FACES, HOUR, bad=True) == bench.tick(HOUR + 1) == []
    bench.feed(CONNECTION, HOUR + 2, bad=False)
    assert [one.kind for one in bench.tick(HOUR + 3)] == [AWAY]


def test_what_is_good_again_holds_up_nothing() -> None:
    bench = Bench(LooksOnline(), Line())
    bench.feed(CONNECTION, 0, bad=True)
    bench.feed(CONNECTION, 1, bad=False)
    assert [one.kind for one in bench.feed(FACES, 2, bad=True)] == [AWAY]


def test_time_in_which_nothing_could_be_judged_is_not_counted() -> None:
    bench = Bench(LooksOnline(), Line())
    bench.watch({AWAY: RuleSettings(hold=2.0, confirm=1, window=1), LOST: RuleSettings(enabled=False)})
    bench.feed(FACES, 0, bad=True)
    bench.feed(FACES, 1, bad=True)
    bench.feed(CONNECTION, 1.5, bad=True)
    bench.feed(FACES, 2, bad=True)
    bench.feed(CONNECTION, 2.5, bad=False)
    assert bench.feed(FACES, 3, bad=True) == []
    assert [one.numbers["seconds"] for one in bench.feed(FACES, 4, bad=True)] == [2]


def test_a_channel_that_is_lost_holds_up_its_own_looks_alone() -> None:
    bench = Bench(LooksOnline(), Line())
    bench.feed(CONNECTION, 0, "head", bad=True)
    assert [one.kind for one in bench.feed(FACES, 1, bad=True)] == [AWAY]


def test_it_holds_up_also_where_nobody_wants_to_be_told_of_it() -> None:
    bench = Bench(LooksOnline(), Line())
    bench.watch({LOST: RuleSettings(enabled=False)})
    assert bench.feed(CONNECTION, 0, bad=True) == bench.feed(FACES, 1, bad=True) == []


def test_an_observation_that_says_nothing_to_a_rule_changes_nothing() -> None:
    bench = Bench(Looks())
    assert len(bench.feed(FACES, 0, bad=True)) == 1
    assert bench.feed(FACES, 1) == []


# ------------------------------------------------------------------------------------ doubts


def test_what_may_be_as_it_should_be_is_noted_apart_and_nobody_is_told_off() -> None:
    bench = Bench(Doubts())
    (note,) = bench.feed(FACES, 0, bad=True, doubtful=True)
    assert (note.severity, note.hint) == (Severity.NOTICE, False)
    ended, alert = bench.feed(FACES, 1, bad=True)
    if ended.ended_at is None:
        ended, alert = alert, ended
    assert (ended.id, alert.severity, alert.hint) == (note.id, Severity.WARNING, True)


def test_a_doubt_rests_ten_times_as_long() -> None:
    bench = Bench(Doubts())
    bench.feed(FACES, 0, bad=True, doubtful=True)
    assert [one.ended_at for one in bench.feed(FACES, 1, bad=False)] == [START + 1]
    assert bench.feed(FACES, 100.9, bad=True, doubtful=True) == []
    assert len(bench.feed(FACES, 101, bad=True, doubtful=True)) == 1


def test_doubts_follow_when_the_room_wants_something_else() -> None:
    bench = Bench(Doubts())
    bench.feed(FACES, 0, bad=True, doubtful=True)
    bench.feed(FACES, 1, bad=False)
    bench.watch({AWAY: RuleSettings(hold=0.0, confirm=1, window=1, cooldown=1.0)})
    assert bench.feed(FACES, 10.9, bad=True, doubtful=True) == []
    assert len(bench.feed(FACES, 11, bad=True, doubtful=True)) == 1


def test_an_alert_of_an_earlier_process_was_no_doubt() -> None:
    bench = Bench(Doubts())
    old = Alert("old", "room", "ana", AWAY, Severity.WARNING, START - 9, START - 5, "So.")
    assert bench.judge.take_up(old)
    assert [one.id for one in bench.feed(FACES, 1, bad=False)] == ["old"]


@pytest.mark.parametrize(("kind", "channel"), [(TALKS, "webcam"), (AWAY, "head")])
def test_an_alert_that_no_rule_knows_is_not_taken_up(kind: AlertKind, channel: str) -> None:
    bench = Bench(Looks())
    old = Alert("old", "room", "ana", kind, Severity.WARNING, START - 9, START - 5, "So.", channel=channel)
    assert not bench.judge.take_up(old)


# ------------------------------------------------------------------------------------ channels


def test_a_rule_reads_its_own_channels_alone_and_each_for_itself() -> None:
    bench = Bench(Line())
    assert [one.channel for one in bench.feed(CONNECTION, 0, "head", bad=True)] == ["head"]
    assert [one.channel for one in bench.feed(CONNECTION, 0, bad=True)] == ["webcam"]
    assert bench.feed(CONNECTION, 0, "room", bad=True) == []


def test_channels_that_are_one_to_a_rule_make_one_alert() -> None:
    bench = Bench(Joined())
    assert len(bench.feed(FACES, 0, "head", bad=True)) == 1
    assert bench.feed(FACES, 0.1, bad=True) == []
    assert bench.feed(FACES, 0.2, "room", bad=False) == []


@pytest.mark.parametrize(
    ("rule", "channel", "raised"),
    [(Hears(), "webcam", 1), (Hears(), "head", 0), (HearsEverywhere(), "webcam", 1), (HearsEverywhere(), "head", 1)],
)
def test_a_rule_hears_its_own_channel_or_all_of_them(rule: Rule, channel: str, raised: int) -> None:
    bench = Bench(rule)
    bench.feed(INPUT, 0, channel)
    assert len(bench.feed(FACES, 1)) == raised


def test_what_a_rule_does_not_hear_it_is_not_told() -> None:
    bench = Bench(Hears())
    bench.feed(CONNECTION, 0)
    assert bench.feed(FACES, 1) == []


# ------------------------------------------------------------------------------------ settings


def test_kinds_that_the_room_does_not_name_have_their_own_settings() -> None:
    bench = Bench(Looks())
    bench.watch({TALKS: RuleSettings(enabled=False)})
    assert len(bench.feed(FACES, 0, bad=True)) == 1


def test_a_rule_reads_by_what_the_room_wants() -> None:
    bench = Bench(Wants())
    assert bench.feed(FACES, 0) == []
    bench.watch({AWAY: RuleSettings(hold=0.0, confirm=1, window=1, severity=Severity.CRITICAL)})
    assert [one.numbers["asked"] for one in bench.feed(FACES, 1)] == [0.0]


def test_a_rule_reads_by_its_own_settings_where_nobody_watches() -> None:
    bench = Bench(Lost(), watched=False)
    bench.feed(FACES, 0)
    bench.watch()
    assert [one.numbers["asked"] for one in bench.tick(1) + bench.tick(2)] == [0.5]


def test_a_rule_that_is_switched_off_counts_nothing_meanwhile() -> None:
    bench = Bench(Looks())
    bench.watch({AWAY: RuleSettings(enabled=False)})
    assert bench.feed(FACES, 0, bad=True) == []
    bench.watch({AWAY: RuleSettings(hold=1.0, confirm=1, window=1)})
    assert bench.feed(FACES, 1, bad=True) == []
    assert [one.started_at for one in bench.feed(FACES, 2, bad=True)] == [START + 1]


def test_an_open_alert_ends_with_the_next_look_once_its_rule_is_off() -> None:
    bench = Bench(Looks())
    bench.feed(FACES, 0, bad=True)
    bench.watch({AWAY: RuleSettings(enabled=False)})
    assert [one.ended_at for one in bench.feed(FACES, 3, bad=True)] == [START + 3]


def test_only_this_rooms_people_rest_in_its_pause() -> None:
    bench = Bench(Looks())
    bench.judge.watch("other", {})
    bench.judge.feed(Observation("other", "ben", FACES, START, {"bad": True}))
    bench.feed(FACES, 0, bad=True)
    assert [one.participant for one in bench.judge.unwatch("room", START + 1)] == ["ana"]
    assert [one.participant for one in bench.judge.forget("ben", START + 2)] == ["ben"]
