"""How much could be seen of a student: what is not recorded is never guessed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from core.attendance import Attendance
from reports.coverage import Course, course_of, coverage_of, outages_of
from reports.model import AWAY, NOT_RECORDED, Coverage, Stay
from store.attendance import AttendanceSpan
from tests.reports.rows import HOUR, at, span, stretch

RUNNING = stretch(None, Attendance.RUNNING, 0, HOUR)
STATES = st.sampled_from([Attendance.SEEN, Attendance.UNCLEAR, Attendance.NO_CAMERA, Attendance.PRESENT])
STAYS = st.lists(
    st.tuples(STATES, st.integers(-10, 70), st.integers(0, 80)).map(
        lambda one: Stay(one[0], span(one[1], one[1] + one[2]))
    ),
    max_size=6,
)


def course(*rows: AttendanceSpan, began: float | None = 0.0, end: float = HOUR) -> Course:
    return course_of(None if began is None else at(began), at(end), rows)


def seconds(covered: Coverage) -> dict[str, float]:
    return dict(covered.seconds)


def test_a_student_who_is_always_seen() -> None:
    covered = coverage_of(course(RUNNING), [Stay(Attendance.SEEN, span(-5, 65))])
    assert (covered.exam, covered.seen, covered.not_seen, covered.reasons) == (3600, 3600, 0, [])


def test_each_reason_has_its_own_time() -> None:
    stays = [
        Stay(Attendance.SEEN, span(0, 20)),
        Stay(Attendance.UNCLEAR, span(20, 30)),
        Stay(Attendance.NO_CAMERA, span(30, 35)),
        Stay(Attendance.SEEN, span(40, HOUR)),
    ]
    covered = coverage_of(course(RUNNING), stays)
    assert covered.reasons == [("unclear", 600), ("no_camera", 300), (AWAY, 300)]
    assert (covered.seen, covered.not_seen) == (2400, 1200)


def test_a_pause_is_no_part_of_the_exam() -> None:
    held = course(
        stretch(None, Attendance.RUNNING, 0, 20),
        stretch(None, Attendance.PAUSED, 20, 50),
        stretch(None, Attendance.RUNNING, 50, HOUR),
    )
    assert [(one.begin, one.end) for one in held.pauses] == [(at(20), at(50))]
    assert seconds(coverage_of(held, [Stay(Attendance.SEEN, span(0, 20))])) == {"seen": 1200, AWAY: 600}


def test_a_time_in_which_the_server_was_down_is_not_recorded_and_blames_nobody() -> None:
    held = course(stretch(None, Attendance.RUNNING, 0, 20), stretch(None, Attendance.RUNNING, 30, HOUR))
    stays = [Stay(Attendance.SEEN, span(0, 20)), Stay(Attendance.SEEN, span(30, HOUR))]
    assert seconds(coverage_of(held, stays)) == {"seen": 3000, NOT_RECORDED: 600}
    assert outages_of(held, stays) == []


def test_without_any_record_nothing_is_said() -> None:
    covered = coverage_of(course(), [])
    assert (covered.is_recorded, covered.exam, covered.reasons) == (False, 0, [])
    assert not coverage_of(course(RUNNING, began=None), [Stay(Attendance.SEEN, span(0, 9))]).is_recorded


def test_an_exam_is_over_for_who_left() -> None:
    mine = course(RUNNING).until(at(15))
    assert seconds(coverage_of(mine, [Stay(Attendance.SEEN, span(0, 15))])) == {"seen": 900}
    before = coverage_of(course(RUNNING).until(at(-5)), [])
    assert (before.is_recorded, before.exam) == (True, 0)


def test_an_outage_is_longer_than_the_pace_of_the_record() -> None:
    stays = [Stay(Attendance.SEEN, span(0, 10)), Stay(Attendance.SEEN, span(10.05, 30))]
    assert outages_of(course(RUNNING), stays) == [span(30, HOUR)]


@given(STAYS)
def test_the_parts_are_the_exam_whatever_overlaps(stays: list[Stay]) -> None:
    covered = coverage_of(course(RUNNING), stays)
    assert covered.exam == approx(3600)
    assert covered.seen + sum(part for _reason, part in covered.reasons) == approx(3600)


@given(STAYS)
def test_who_was_not_seen_somewhere_is_not_called_seen(stays: list[Stay]) -> None:
    covered = coverage_of(course(RUNNING), [*stays, Stay(Attendance.NO_PICTURE, span(0, 30))])
    assert covered.seen <= 1800
