"""Where everything stands in the picture of a timeline."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.attendance import Attendance
from reports.charts import BAR, LEAST, MOST_ROWS, Chart, Scale, rows_of, strip, timeline
from reports.making import room_report
from tests.reports.rows import HOUR, alert, at, records, span, stretch, student, words

TIMES = st.lists(st.tuples(st.floats(-5, 70), st.floats(0, 40)), max_size=12)


def drawn(**changed: object) -> Chart:
    report = room_report(records(**changed), at(90))
    chart = timeline(report, report.students[0], words())
    assert chart is not None
    return chart


def test_the_exam_is_the_whole_width() -> None:
    (lane,) = drawn().lanes
    (bar,) = lane.bars
    assert (lane.label, bar.x, bar.width, bar.sort, bar.title) == (
        "Computer",
        0,
        100,
        "seen",
        "Seen, 0:00:00 – 1:00:00",
    )


def test_what_is_seen_stands_higher_than_what_is_not() -> None:
    rows = [stretch("zoe", Attendance.SEEN, 0, 30), stretch("zoe", Attendance.NO_CAMERA, 30, HOUR)]
    seen, dark = drawn(attendance=[records().attendance[0], *rows]).lanes[0].bars
    assert seen.height > dark.height and seen.y < dark.y
    assert seen.y + seen.height == dark.y + dark.height


def test_what_is_before_and_after_the_exam_is_left_out() -> None:
    rows = [stretch("zoe", Attendance.PRESENT, -10, 0), stretch("zoe", Attendance.SEEN, 0, 80)]
    assert [bar.width for bar in drawn(attendance=[records().attendance[0], *rows]).lanes[0].bars] == [100]


def test_an_outage_a_pause_and_a_gap_in_the_record_are_shown() -> None:
    held = [stretch(None, "running", 0, 20), stretch(None, "paused", 20, 30), stretch(None, "running", 40, HOUR)]
    chart = drawn(attendance=[*held, stretch("zoe", Attendance.SEEN, 0, 50)])
    assert [(bar.sort, bar.width) for bar in chart.bands] == [("pause", 16.667)]
    assert [bar.sort for bar in chart.lanes[0].bars] == ["seen", "away", "not_recorded"]


def test_alerts_at_the_same_time_have_rows_of_their_own() -> None:
    chart = drawn(alerts=[alert("a", begin=1, end=9), alert("b", begin=5, end=12), alert("c", begin=10, end=11)])
    first, second, third = chart.lanes[-1].bars
    assert first.y == third.y and second.y >= first.y + BAR
    assert chart.height > second.y + BAR


@given(TIMES)
def test_alerts_in_one_row_never_overlap_and_all_stand_inside(times: list[tuple[float, float]]) -> None:
    alerts = [alert(f"a{n}", begin=begin, end=begin + lasts) for n, (begin, lasts) in enumerate(times)]
    report = room_report(records(alerts=alerts), at(90))
    placed = rows_of(report.students[0].alerts)
    assert len(placed) == len(alerts)
    for row in {row for _one, row in placed} - {MOST_ROWS - 1}:
        spans = sorted(one.span for one, at_row in placed if at_row == row)
        assert all(before.end <= after.begin for before, after in pairwise(spans))
    chart = timeline(report, report.students[0], words())
    assert chart is not None
    for bar in (bar for lane in chart.lanes for bar in lane.bars):
        assert bar.x >= 0 and bar.width >= LEAST and bar.x + bar.width <= 100.001
        assert bar.y + bar.height <= chart.height


@given(st.integers(1, 100_000))
def test_the_axis_has_few_marks_in_order(seconds: int) -> None:
    ticks = Scale(span(0, seconds / 60)).ticks()
    assert 1 <= len(ticks) <= 9
    assert [tick.x for tick in ticks] == sorted({tick.x for tick in ticks})
    assert ticks[0].x == 0 and ticks[-1].x <= 100


def test_the_marks_of_an_hour() -> None:
    assert [tick.text for tick in Scale(span(0, 60)).ticks()] == [
        "0:00",
        "0:10",
        "0:20",
        "0:30",
        "0:40",
        "0:50",
        "1:00",
    ]


def test_a_strip_is_one_line_of_states_and_alerts() -> None:
    report = room_report(records(alerts=[alert()], participants=[student()]), at(90))
    chart = strip(report, report.students[0], words())
    assert chart is not None
    assert [bar.sort for bar in chart.lanes[0].bars] == ["seen", "alert warning new"]


def test_an_exam_that_never_began_has_no_picture() -> None:
    kept = records(attendance=[])
    kept.room.started_at = None
    report = room_report(kept, at(90))
    assert timeline(report, report.students[0], words()) is None
    assert strip(report, report.students[0], words()) is None
