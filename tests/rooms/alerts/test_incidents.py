"""Which alerts are one incident, as a pure function of when they were raised."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rooms.alerts.incidents import (
    COMMON_S,
    GAP_S,
    LONGEST_S,
    IncidentGrouping,
    Noticed,
    is_of_room,
    least_in_common,
)

NETWORK, PHONE = "CONNECTION_LOST", "PHONE_DETECTED"
PRESENT = 10


def group(alerts: list[Noticed], present: int = PRESENT) -> dict[str, str]:
    """Return the incident of each alert once all were raised."""
    grouping, incidents = IncidentGrouping({NETWORK}), dict[str, str]()
    for alert in alerts:
        incidents.update(grouping.place(alert, present))
    return incidents


def row_of(*kinds_at: tuple[str, str, float]) -> list[Noticed]:
    return [Noticed(f"a{number}", *one) for number, one in enumerate(kinds_at)]


@st.composite
def exams(draw: st.DrawFn) -> list[Noticed]:
    """Alerts of some students, in the order of their times."""
    steps = draw(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from((NETWORK, PHONE)), st.floats(0, 90))))
    at, found = 0.0, list[tuple[str, str, float]]()
    for student, kind, later in steps:
        at += later
        found.append((student, kind, at))
    return row_of(*found)


def spans(alerts: list[Noticed], incidents: dict[str, str]) -> dict[str, list[Noticed]]:
    found: dict[str, list[Noticed]] = {}
    for alert in alerts:
        found.setdefault(incidents[alert.id], []).append(alert)
    return found


@given(exams())
def test_every_alert_is_in_one_incident(alerts: list[Noticed]) -> None:
    assert group(alerts).keys() == {alert.id for alert in alerts}


@given(exams())
def test_an_incident_is_of_one_student_or_of_one_kind(alerts: list[Noticed]) -> None:
    for incident, together in spans(alerts, group(alerts)).items():
        if is_of_room(incident):
            assert {alert.kind for alert in together} == {NETWORK}
        else:
            assert len({alert.participant for alert in together}) == 1


@given(exams())
def test_no_incident_lasts_longer_than_it_may(alerts: list[Noticed]) -> None:
    for together in spans(alerts, group(alerts)).values():
        assert together[-1].at - together[0].at <= LONGEST_S + COMMON_S


@given(exams())
def test_a_telephone_is_never_anybody_elses(alerts: list[Noticed]) -> None:
    incidents = group(alerts)
    assert not any(is_of_room(incidents[alert.id]) for alert in alerts if alert.kind == PHONE)


@given(exams())
def test_a_student_alone_has_incidents_one_after_the_other(alerts: list[Noticed]) -> None:
    alone = [alert for alert in alerts if alert.participant == "a"]
    incidents = group(alone)
    for earlier, later in pairwise(alone):
        is_new = incidents[later.id] != incidents[earlier.id]
        first = next(alert for alert in alone if incidents[alert.id] == incidents[earlier.id])
        assert is_new == (later.at - earlier.at > GAP_S or later.at - first.at > LONGEST_S)


def test_a_hiccup_of_the_network_is_one_incident_of_the_room_whoever_noticed_first() -> None:
    alerts = row_of(("a", NETWORK, 0.0), ("b", NETWORK, 4.0), ("c", NETWORK, 9.0), ("d", NETWORK, 50.0))
    (incident,) = set(group(alerts).values())
    assert is_of_room(incident)


def test_one_who_joins_the_hiccup_late_belongs_to_it_and_a_second_hiccup_does_not() -> None:
    first = [("a", NETWORK, 0.0), ("b", NETWORK, 4.0), ("c", NETWORK, 9.0), ("d", NETWORK, 60.0)]
    second = [("a", NETWORK, 900.0), ("b", NETWORK, 901.0), ("c", NETWORK, 902.0)]
    incidents = group(row_of(*first, *second))
    assert [incidents[f"a{number}"] for number in (3, 6)] == ["room.a0", "room.a4"]


def test_too_few_for_the_class_have_causes_of_their_own() -> None:
    alerts = row_of(("a", NETWORK, 0.0), ("b", NETWORK, 4.0), ("c", NETWORK, 9.0))
    assert not any(is_of_room(incident) for incident in group(alerts, present=11).values())


def test_the_same_student_three_times_is_no_class() -> None:
    alerts = row_of(("a", NETWORK, 0.0), ("a", NETWORK, 4.0), ("a", NETWORK, 9.0))
    assert set(group(alerts).values()) == {"a0"}


def test_a_phone_before_the_hiccup_stays_the_students_own() -> None:
    alerts = row_of(("a", PHONE, 0.0), ("a", NETWORK, 5.0), ("b", NETWORK, 6.0), ("c", NETWORK, 7.0))
    assert group(alerts) == {"a0": "a0", "a1": "room.a1", "a2": "room.a1", "a3": "room.a1"}


def test_thirty_of_a_hundred_but_never_two() -> None:
    assert [least_in_common(present) for present in (0, 2, 10, 11, 40, 100)] == [3, 3, 3, 4, 12, 30]


@given(exams(), st.integers(0, 30))
def test_a_start_anew_goes_on_where_it_was(alerts: list[Noticed], at: int) -> None:
    before, after = alerts[:at], alerts[at:]
    first, incidents = IncidentGrouping({NETWORK}), dict[str, str]()
    for alert in before:
        incidents.update(first.place(alert, PRESENT))
    again = IncidentGrouping({NETWORK})
    for alert in before:
        if not after or alert.at >= after[0].at - LONGEST_S:
            again.resume(alert, incidents[alert.id])
    for alert in after:
        incidents.update(again.place(alert, PRESENT))
    whole = group(alerts)
    assert [incidents[alert.id] for alert in after[:1]] == [whole[alert.id] for alert in after[:1]]
