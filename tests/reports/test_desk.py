"""What a report tells of the desk: decisions once they may be read, agreement by kind, actions, answers, problems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from reports.desk import action_entries, agreements, decision_entries
from reports.desk_words import action_words, decision_words, kappa_words
from store.alerts import AlertRow
from store.desk import ActionRow, ActionStep, IncidentStep
from tests.reports.rows import words

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RIGHT, WRONG = "acknowledged", "dismissed"


def step(name: str, verdict: str, incident: str = "i1", number: int = 1, **changed: Any) -> IncidentStep:
    values = {"note": "why", "person_name": name, "at": BEGAN, **changed}
    return IncidentStep(incident_id=incident, round=number, step=name, verdict=verdict, **values)


def test_a_lone_first_decision_is_told_without_what_it_says() -> None:
    [lone] = decision_entries([step("first", RIGHT, person_name="Ana")])
    assert (lone.verdict, lone.note, lone.by) == ("", "", "Ana")
    assert decision_words(lone, words()) == "First decision by Ana: not shown until a second person has decided"


def test_once_both_decided_all_of_it_is_told_and_a_new_round_hides_again() -> None:
    steps = [step("first", RIGHT), step("second", WRONG), step("final", WRONG), step("first", RIGHT, number=2)]
    told = decision_entries(steps)
    assert [(one.step, one.verdict) for one in told] == [
        ("first", RIGHT),
        ("second", WRONG),
        ("final", WRONG),
        ("first", ""),
    ]


def test_agreement_counts_pairs_by_each_kind_in_the_incident() -> None:
    alerts = [AlertRow(id="a", incident_id="i1", kind="A"), AlertRow(id="b", incident_id="i1", kind="B")]
    alerts += [AlertRow(id="i2", incident_id="", kind="A")]
    steps = [step("first", RIGHT), step("second", RIGHT), step("first", RIGHT, "i2"), step("second", WRONG, "i2")]
    steps += [step("first", RIGHT, "i3"), step("decided", RIGHT, "i4")]
    found = agreements(steps, alerts)
    assert {kind: (one.pairs, one.agreed) for kind, one in found.items()} == {"A": (2, 1), "B": (1, 1)}
    assert kappa_words(found["A"], words()) == "too few to say"


def test_an_action_is_told_with_what_became_of_it() -> None:
    row = ActionRow(id="x", verb="terminate", reason="rules", note="", minutes=None, person_name="Ana", at=BEGAN)
    later = BEGAN + timedelta(minutes=1)
    confirmed = ActionStep(action_id="x", step="confirmed", person_name="Ben", at=later)
    [told] = action_entries([row], [confirmed, ActionStep(action_id="y", step="undone", person_name="Z", at=later)])
    assert told.became == {"confirmed": later}
    assert action_words(told, words()) == "End asked for · Against the rules · by Ana · confirmed by Ben"
