"""The report over all rooms: months, kinds, what few cases cannot say, and its tables."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.runtime.catalogue import rule_catalogue
from reports.certainty import FEW, likely_range
from reports.exports.school_tables import exams_csv, exams_table, months_table, school_kinds_table, school_workbook
from reports.model import KindCount
from reports.school import Exam, bounds_of, days_of, likely, school_report
from reports.words import Words

TODAY = date(2026, 11, 30)
WORDS = Words(lambda text: text, "en", rule_catalogue())


def kind(name: str, right: int, wrong: int, alerts: int = 30) -> KindCount:
    return KindCount(name, alerts, alerts // 2, 5, right, wrong)


EXAMS = [
    Exam("=Algebra", datetime(2026, 11, 5, 10, tzinfo=UTC), ["Ana", "Paul"], 30, [kind("TALKING", 6, 2)]),
    Exam(
        "Physics",
        datetime(2026, 10, 9, 10, tzinfo=UTC),
        ["Ana"],
        20,
        [kind("TALKING", 3, 1), kind("PAGE_HIDDEN", 1, 0)],
    ),
    Exam("Old", datetime(2026, 10, 1, 10, tzinfo=UTC), [], None, None),
]


def test_months_count_what_is_known_and_say_of_how_many_nothing_is() -> None:
    november, october = school_report(EXAMS, date(2026, 10, 1), TODAY).months
    assert (november.name, november.exams, november.unknown, november.students) == ("2026-11", 1, 0, 30)
    assert (october.name, october.exams, october.unknown, october.students) == ("2026-10", 2, 1, 20)
    assert (october.total.alerts, october.total.right, october.total.wrong, october.total.open) == (60, 4, 1, 55)


def test_kinds_are_added_up_over_all_exams() -> None:
    hidden, talking = school_report(EXAMS, date(2026, 10, 1), TODAY).kinds
    assert (hidden.kind, hidden.alerts) == ("PAGE_HIDDEN", 30)
    assert (talking.kind, talking.alerts, talking.incidents, talking.right, talking.wrong) == ("TALKING", 60, 30, 9, 3)
    assert talking.precision == pytest.approx(0.75)


def test_few_judged_alerts_say_nothing() -> None:
    hidden, talking = school_report(EXAMS, date(2026, 10, 1), TODAY).kinds
    assert likely(hidden) is None
    bounds = likely(talking)
    assert bounds is not None and bounds == pytest.approx((0.468, 0.911), abs=0.001)


@given(st.integers(FEW, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_true_share_lies_around_the_counted_one(counted: tuple[int, int]) -> None:
    hits, of = counted
    found = likely_range(hits, of)
    assert found is not None
    assert 0 <= found.low <= hits / of <= found.high <= 1
    closer = likely_range(10 * hits, 10 * of)
    assert closer is not None
    assert closer.high - closer.low < found.high - found.low, "more cases say more"


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("", "", (date(2025, 11, 1), TODAY)),
        ("2026-01-05", "2026-02-06", (date(2026, 1, 5), date(2026, 2, 6))),
        ("2026-02-06", "2026-01-05", (date(2026, 1, 5), date(2026, 2, 6))),
        ("x", "9999-12-31", (date(2025, 11, 1), TODAY)),
        ("0001-01-01", "1999-01-01", (date(2025, 11, 1), TODAY)),
    ],
)
def test_days_of_a_form_are_both_included_and_slips_are_forgiven(
    first: str, last: str, days: tuple[date, date]
) -> None:
    assert days_of(first, last, TODAY) == days
    begin, end = bounds_of(*days)
    assert (begin.date(), (end - begin).days) == (days[0], (days[1] - days[0]).days + 1)


def test_tables_hold_numbers_and_empty_cells_for_what_is_not_known() -> None:
    report = school_report(EXAMS, date(2026, 10, 1), TODAY)
    assert months_table(report, WORDS).rows[0] == ["2026-11", 1, 30, 15, 30, 6, 2, 22, None, None, None]
    assert school_kinds_table(report, WORDS).rows[1][1:] == [30, 60, 9, 3, 48, 75, 47, 91]
    assert exams_table(report, WORDS).rows[2][3:] == [None] * 9
    lines = exams_csv(report, WORDS).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("'=Algebra,2026-11-05 10:00:00,")
    assert school_workbook(report, WORDS).startswith(b"PK")
