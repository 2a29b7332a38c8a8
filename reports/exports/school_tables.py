"""The tables of the report over all rooms, as rows for spreadsheets."""

from collections.abc import Iterable

from core.text_keys import N_
from reports.exports.csv_files import csv_of
from reports.exports.tables import Cell, Table, moment
from reports.exports.xlsx_file import workbook
from reports.model import KindCount
from reports.school import Exam, SchoolReport, added, likely
from reports.words import Words

COUNTS = (
    N_("Incidents"),
    N_("Alerts"),
    N_("Right"),
    N_("Wrong"),
    N_("Not judged"),
    N_("Right among judged, percent"),
    N_("At least, percent"),
    N_("At most, percent"),
)


def school_workbook(report: SchoolReport, words: Words) -> bytes:
    """Return all tables as one workbook."""
    tables = (months_table(report, words), school_kinds_table(report, words), exams_table(report, words))
    return workbook(words.translate(N_("Exams of the school")), tables)


def exams_csv(report: SchoolReport, words: Words) -> bytes:
    """Return one line an exam."""
    return csv_of(exams_table(report, words))


def months_table(report: SchoolReport, words: Words) -> Table:
    """Return one row a month."""
    heads = [N_("Month"), N_("Exams"), N_("Students"), *COUNTS]
    rows = [[one.name, one.exams, one.students, *_cells(one.total)] for one in report.months]
    return Table(words.translate(N_("Months")), _said(heads, words), rows)


def school_kinds_table(report: SchoolReport, words: Words) -> Table:
    """Return one row a kind of alert."""
    rows = [[words.kind(one.kind), *_cells(one)] for one in report.kinds]
    return Table(words.translate(N_("Kinds of alert")), _said([N_("Kind"), *COUNTS], words), rows)


def exams_table(report: SchoolReport, words: Words) -> Table:
    """Return one row an exam."""
    heads = [N_("Exam"), N_("Ended (UTC)"), N_("Teachers"), N_("Students"), *COUNTS]
    rows = [
        [exam.title, moment(exam.ended), ", ".join(exam.teachers), exam.students, *_cells_of(exam)]
        for exam in report.exams
    ]
    return Table(words.translate(N_("Exams")), _said(heads, words), rows)


def _cells_of(exam: Exam) -> list[Cell]:
    return _cells(added("", exam.kinds)) if exam.kinds is not None else [None] * len(COUNTS)


def _cells(count: KindCount) -> list[Cell]:
    bounds = likely(count)
    shares = [None] * 3 if bounds is None else [count.precision, *bounds]
    percents = [None if share is None else round(100 * share) for share in shares]
    return [count.incidents, count.alerts, count.right, count.wrong, count.open, *percents]


def _said(heads: Iterable[str], words: Words) -> list[str]:
    return [words.translate(head) for head in heads]
