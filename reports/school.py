"""The report over all rooms of a server and some months, for administrators: counts, no student's name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from reports.certainty import Range, likely_range
from reports.model import KindCount

EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
"""Days beyond are taken for slips of the pen."""


@dataclass(frozen=True)
class Exam:
    """One room that has ended; `kinds` None where its people were deleted before counts were kept."""

    title: str
    ended: datetime
    teachers: Sequence[str]
    students: int | None
    kinds: Sequence[KindCount] | None


@dataclass(frozen=True)
class Month:
    """The exams that ended in one month."""

    name: str
    """As 2026-11."""
    exams: int
    unknown: int
    """Exams of which no counts were kept."""
    students: int
    kinds: Sequence[KindCount]

    @property
    def total(self) -> KindCount:
        """Return the counts of all kinds together; `students` counts one for each kind."""
        return added("", self.kinds)


@dataclass(frozen=True)
class SchoolReport:
    """All exams of some time, the last to end first."""

    first: date
    last: date
    exams: Sequence[Exam]
    months: Sequence[Month]
    kinds: Sequence[KindCount]


def school_report(exams: Sequence[Exam], first: date, last: date) -> SchoolReport:
    """Add the exams up, by month and by kind of alert."""
    names = sorted({f"{exam.ended:%Y-%m}" for exam in exams}, reverse=True)
    months = [_month(name, [exam for exam in exams if f"{exam.ended:%Y-%m}" == name]) for name in names]
    return SchoolReport(first, last, exams, months, by_kind(exams))


def by_kind(exams: Iterable[Exam]) -> list[KindCount]:
    """Add up the counts of each kind, by its name."""
    found: dict[str, list[KindCount]] = {}
    for exam in exams:
        for one in exam.kinds or ():
            found.setdefault(one.kind, []).append(one)
    return [added(kind, found[kind]) for kind in sorted(found)]


def added(kind: str, counts: Sequence[KindCount]) -> KindCount:
    """Return the sum of counts under the name of a kind."""
    return KindCount(
        kind=kind,
        alerts=sum(one.alerts for one in counts),
        incidents=sum(one.incidents for one in counts),
        students=sum(one.students for one in counts),
        right=sum(one.right for one in counts),
        wrong=sum(one.wrong for one in counts),
    )


def likely(count: KindCount) -> Range | None:
    """Return where the true share of right alerts lies with 95 %, None where too few were judged to say."""
    return likely_range(count.right, count.right + count.wrong)


def days_of(first: str, last: str, today: date) -> tuple[date, date]:
    """Return the days that a form asks for, both included; what is no day is taken for the last twelve months."""
    until = _day(last) or today
    since = _day(first) or date(until.year - 1, until.month, 1)
    return min(since, until), max(since, until)


def bounds_of(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments in UTC from which on and before which these days lie."""
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    return begin, end


def _month(name: str, exams: Sequence[Exam]) -> Month:
    known = [exam for exam in exams if exam.kinds is not None]
    return Month(name, len(exams), len(exams) - len(known), sum(exam.students or 0 for exam in known), by_kind(known))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
