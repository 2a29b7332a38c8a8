"""How much of an exam could be seen of a student, and why not the rest: only what the record tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.attendance import Attendance
from reports.model import AWAY, NOT_RECORDED, Coverage, Stay
from reports.spans import Span, common, length, union, without
from store.attendance import AttendanceSpan

SLACK_S = 5.0
"""The record is made every two seconds: what is shorter is no gap in it, and no outage."""


@dataclass(frozen=True)
class Course:
    """How an exam went, as far as it was recorded."""

    exam: Span | None
    running: Sequence[Span] = ()
    pauses: Sequence[Span] = ()
    not_recorded: Sequence[Span] = ()
    is_recorded: bool = False
    """Whether any of it was."""

    def until(self, left: datetime | None) -> "Course":
        """Return the course for somebody who left before its end."""
        if self.exam is None or left is None:
            return self
        stayed = [Span(self.exam.begin, max(left, self.exam.begin))]
        running, pauses, lost = (common(spans, stayed) for spans in (self.running, self.pauses, self.not_recorded))
        return Course(self.exam, running, pauses, lost, self.is_recorded)


def course_of(began: datetime | None, end: datetime, rows: Sequence[AttendanceSpan]) -> Course:
    """Return the course of an exam from the stretches of its room; `end` is now while it goes on."""
    if began is None:
        return Course(None)
    exam = Span(began, max(began, end))
    stays = [stay_of(row) for row in rows if row.participant_id is None]
    running = common([exam], (stay.span for stay in stays if stay.state == Attendance.RUNNING))
    pauses = common([exam], (stay.span for stay in stays if stay.state == Attendance.PAUSED))
    gaps = [span for span in without([exam], [*running, *pauses]) if span.seconds > SLACK_S]
    return Course(exam, running, pauses, gaps, bool(running))


def stay_of(row: AttendanceSpan) -> Stay:
    """Return a row as a stay."""
    return Stay(row.state, Span(row.began_at, row.until))


def outages_of(course: Course, stays: Sequence[Stay]) -> list[Span]:
    """Return when somebody was not connected while the exam went on."""
    gaps = without(course.running, (stay.span for stay in stays))
    return [span for span in gaps if span.seconds > SLACK_S]


def coverage_of(course: Course, stays: Sequence[Stay]) -> Coverage:
    """Count the seconds of the exam by what was seen; a time without a record counts as that, never as seen."""
    if not course.is_recorded:
        return Coverage()
    seconds, taken = {}, list[Span]()
    for state in sorted({stay.state for stay in stays}, key=_worst_first):
        spans = common(course.running, (stay.span for stay in stays if stay.state == state))
        seconds[state] = length(without(spans, taken))
        taken = union([*taken, *spans])
    seconds[AWAY] = length(without(course.running, taken))
    seconds[NOT_RECORDED] = length(course.not_recorded)
    return Coverage({state: value for state, value in seconds.items() if value > 0.0}, True)


def _worst_first(state: str) -> tuple[bool, str]:
    # should two stretches overlap, as on two servers, then who was not seen on one is not called seen
    return state == Attendance.SEEN, state
