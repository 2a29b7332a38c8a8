"""The tables of a report, as rows for spreadsheets: names and words as people read them, moments in UTC."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.text_keys import N_
from reports.desk_words import decision_words, kappa_words
from reports.model import NOT_SEEN, Coverage, KindCount, RoomReport, StudentReport
from reports.timeline import event_words, events_of, offset
from reports.words import Words

Cell = str | int | float | None
MOMENT = "%Y-%m-%d %H:%M:%S"


class Table(NamedTuple):
    """A heading for each column, and rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def students_table(report: RoomReport, words: Words) -> Table:
    """Return one row a student, by name."""
    heads = [
        *(N_("Student"), N_("State"), N_("Joined (UTC)"), N_("Left (UTC)")),
        *(N_("Exam, minutes"), N_("Seen, minutes"), N_("Not seen, minutes")),
    ]
    counts = [N_("Alerts"), N_("Right"), N_("Wrong"), N_("Not judged"), N_("Messages written"), N_("Messages received")]
    reasons = [words.state(state) for state in NOT_SEEN]
    said = [*map(words.translate, heads), *reasons, *map(words.translate, counts)]
    return Table(words.translate(N_("Students")), said, [_student(one, words) for one in report.students])


def alerts_table(report: RoomReport, words: Words) -> Table:
    """Return one row an alert, students by name."""
    heads = [
        *(N_("Student"), N_("Kind"), N_("Severity"), N_("Device")),
        *(N_("Began (UTC)"), N_("Ended (UTC)"), N_("After the start"), N_("Seconds"), N_("What was seen")),
        *(N_("Verdict"), N_("By"), N_("Verdict given (UTC)"), N_("Note"), N_("Not seen, minutes"), N_("Id")),
        *(N_("Decisions"), N_("Answer of the student")),
    ]
    rows = [row for student in report.students for row in _alerts(report, student, words)]
    return Table(words.translate(N_("Alerts")), [words.translate(head) for head in heads], rows)


def kinds_table(report: RoomReport, words: Words) -> Table:
    """Return one row a kind of alert."""
    heads = [
        *(N_("Kind"), N_("Alerts"), N_("Incidents"), N_("Students"), N_("Right"), N_("Wrong"), N_("Not judged")),
        N_("Right among judged, percent"),
    ]
    rows = [
        [words.kind(one.kind), one.alerts, one.incidents, one.students, one.right, one.wrong, one.open, _percent(one)]
        for one in report.kinds
    ]
    return Table(words.translate(N_("Kinds of alert")), [words.translate(head) for head in heads], rows)


def agreement_table(report: RoomReport, words: Words) -> Table:
    """Return one row a kind of alert on which two people decided; no rows where nobody did."""
    heads = (N_("Kind"), N_("Decided by two"), N_("Of these the same"), N_("Cohen's kappa"))
    rows: list[list[Cell]] = [
        [words.kind(kind), one.pairs, one.agreed, kappa_words(one, words)] for kind, one in report.agreements.items()
    ]
    title = words.translate(N_("How often two people agreed"))
    return Table(title, [words.translate(head) for head in heads], rows)


def absent_table(report: RoomReport, words: Words) -> Table:
    """Return one row for each who was absent."""
    heads = [words.translate(head) for head in (N_("Name"), N_("How that is known"))]
    return Table(words.translate(N_("Absent")), heads, [[one.name, words.absent(one.why)] for one in report.absent])


def timeline_table(report: RoomReport, words: Words) -> Table:
    """Return one row for everything that happened, students by name."""
    heads = [
        N_("Student"),
        N_("Began (UTC)"),
        N_("Ended (UTC)"),
        N_("After the start"),
        N_("Seconds"),
        N_("What happened"),
    ]
    rows = [
        [
            student.name,
            moment(event.begin),
            moment(event.end),
            offset(event.begin, report.began),
            round((event.end - event.begin).total_seconds()) if event.end else None,
            event_words(event, student, words),
        ]
        for student in report.students
        for event in events_of(report, student)
    ]
    return Table(words.translate(N_("Timeline")), [words.translate(head) for head in heads], rows)


def moment(at: datetime | None) -> str | None:
    """Return a moment as spreadsheets understand it."""
    return None if at is None else at.strftime(MOMENT)


def _student(one: StudentReport, words: Words) -> list[Cell]:
    judged = [one.judged(verdict) for verdict in ("acknowledged", "dismissed", "new")]
    who = [one.name, words.participant(one.state), moment(one.joined), moment(one.left)]
    return [*who, *_covered(one.coverage), len(one.alerts), *judged, one.written, one.received]


def _covered(coverage: Coverage) -> list[Cell]:
    if not coverage.is_recorded:
        return [None] * (3 + len(NOT_SEEN))  # an empty cell says "not known", a zero would be a claim
    parts = [coverage.exam, coverage.seen, coverage.not_seen, *(coverage.seconds.get(state, 0.0) for state in NOT_SEEN)]
    return [round(seconds / 60, 1) for seconds in parts]


def _alerts(report: RoomReport, student: StudentReport, words: Words) -> list[list[Cell]]:
    coverage = student.coverage
    not_seen = round(coverage.not_seen / 60, 1) if coverage.is_recorded else None
    return [
        [
            *(student.name, words.kind(one.kind), words.severity(one.severity), words.channel(one.channel)),
            *(moment(one.span.begin), moment(one.span.end) if one.is_over else None),
            *(offset(one.span.begin, report.began), round(one.span.seconds), words.explained(one)),
            *(words.verdict(one.verdict), one.handled_by, moment(one.handled_at), one.note, not_seen, one.id),
            "; ".join(decision_words(said, words) for said in student.decisions_on(one.incident)),
            "\n".join(said.text for said in student.answers_to(one.incident)),
        ]
        for one in student.alerts
    ]


def _percent(kind: KindCount) -> int | None:
    return None if kind.precision is None else round(100 * kind.precision)
