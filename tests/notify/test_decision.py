"""When somebody is told: what must hold of every decision, whatever was wished and told before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.delivery.notices import NoticeKind
from notify.decision import PERSON_PAUSE_S, ROOM_PAUSE_S, Quiet, Told, Wishes, first_moment, next_moment
from notify.kinds import NOTICES, KindOfNotice

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe")]
INCIDENT, REPORT = NOTICES[NoticeKind.INCIDENT_WAITS], NOTICES[NoticeKind.REPORT_READY]

minutes = st.integers(0, 24 * 60 - 1)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
quiets = st.none() | st.builds(Quiet, minutes, minutes, st.sampled_from(ZONES))
kinds = st.sampled_from(list(NOTICES.values()))
rooms = st.sampled_from([None, "r1", "r2"])
all_ways = {name: frozenset({"mail"}) for name in NOTICES}
wishes = st.builds(Wishes, st.just(all_ways), st.sampled_from([0, 15, 60, 24 * 60]), quiets)
ages = st.integers(0, 900)
messages = st.lists(st.tuples(kinds, rooms, ages), max_size=5)


def told_before(now: datetime, past: Sequence[tuple[KindOfNotice, str | None, int]]) -> list[Told]:
    return [Told(kind.name, room, now - timedelta(seconds=age)) for kind, room, age in past]


@given(kinds, rooms, wishes, moments, messages, ages)
def test_what_is_told_is_told_later_in_no_quiet_hour_after_every_pause_and_before_it_is_stale(
    kind: KindOfNotice,
    room: str | None,
    wished: Wishes,
    now: datetime,
    past: Sequence[tuple[KindOfNotice, str | None, int]],
    age: int,
) -> None:
    told, happened = told_before(now, past), now - timedelta(seconds=age)
    due = first_moment(kind, room, happened, wished, told, now)
    if due is None:
        return
    assert due >= now and due - happened <= timedelta(seconds=kind.lifetime_s)
    assert wished.quiet is None or not wished.quiet.holds(due)
    for one in told:
        assert due - one.at >= timedelta(seconds=PERSON_PAUSE_S)
        if one.room == room:
            assert due - one.at >= timedelta(seconds=ROOM_PAUSE_S)
        if (one.room, one.kind) == (room, kind.name):
            assert due - one.at >= timedelta(seconds=kind.pause_s)


@given(kinds, rooms, wishes, moments, messages)
def test_once_its_moment_has_come_it_is_told_then_and_not_put_off_again(
    kind: KindOfNotice,
    room: str | None,
    wished: Wishes,
    now: datetime,
    past: Sequence[tuple[KindOfNotice, str | None, int]],
) -> None:
    told = told_before(now, past)
    due = first_moment(kind, room, now, wished, told, now)
    if due is not None:
        assert next_moment(kind, room, now, wished, told, due) == due


@given(kinds, rooms, moments, messages)
def test_without_quiet_hours_and_digest_nothing_new_is_ever_lost(
    kind: KindOfNotice, room: str | None, now: datetime, past: Sequence[tuple[KindOfNotice, str | None, int]]
) -> None:
    assert first_moment(kind, room, now, Wishes(all_ways), told_before(now, past), now) is not None


@given(kinds, rooms, moments)
def test_nobody_is_told_what_they_did_not_ask_for(kind: KindOfNotice, room: str | None, now: datetime) -> None:
    others = {name: ways for name, ways in all_ways.items() if name != kind.name}
    assert first_moment(kind, room, now, Wishes(others), [], now) is None
    assert first_moment(kind, room, now, Wishes({kind.name: frozenset()}), [], now) is None


@given(st.builds(Quiet, minutes, minutes, st.sampled_from(ZONES)), moments)
def test_quiet_hours_end_at_the_first_moment_outside_of_them(quiet: Quiet, at: datetime) -> None:
    over = quiet.over_at(at)
    assert over >= at and not quiet.holds(over)
    assert over - at <= timedelta(hours=28)
    if over > at:
        assert quiet.holds(at)


def test_quiet_hours_pass_midnight_and_follow_the_persons_clock() -> None:
    night = Quiet(22 * 60, 7 * 60, ZoneInfo("Europe/Paris"))
    assert night.holds(datetime(2026, 7, 1, 20, 30, tzinfo=UTC)), "half past ten in Paris"
    assert not night.holds(datetime(2026, 7, 1, 19, 59, tzinfo=UTC))
    assert night.over_at(datetime(2026, 7, 1, 20, 30, tzinfo=UTC)) == datetime(2026, 7, 2, 5, 0, tzinfo=UTC)


def test_an_incident_of_the_night_is_not_told_in_the_morning_but_a_report_is() -> None:
    night = Wishes(all_ways, quiet=Quiet(22 * 60, 7 * 60))
    late = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    assert first_moment(INCIDENT, "r1", late, night, [], late) is None
    assert first_moment(REPORT, "r1", late, night, [], late) == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "wait"), [(15, 11), (60, 41), (24 * 60, 12 * 60 - 19)])
def test_what_is_not_urgent_waits_for_the_digest(minutes: int, wait: int) -> None:
    at = NOON + timedelta(minutes=19)
    wished = Wishes(all_ways, digest_minutes=minutes)
    assert first_moment(REPORT, "r1", at, wished, [], at) == at + timedelta(minutes=wait)
    assert first_moment(INCIDENT, "r1", at, wished, [], at) == at
