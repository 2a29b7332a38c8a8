"""Tables as CSV for spreadsheets, in which no cell is taken for a formula."""

import csv
import io

from core.text_keys import N_
from reports.exports.base import Export
from reports.exports.tables import Cell, Table, alerts_table, students_table
from reports.model import RoomReport
from reports.words import Words

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is run by spreadsheets; a name is whatever a student typed."""
CSV = "text/csv; charset=utf-8"


def csv_of(table: Table) -> bytes:
    """Return a table as CSV; the mark at its beginning tells Excel that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([defused(head) for head in table.heads])
    writer.writerows([defused(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def defused(cell: Cell) -> Cell:
    """Return a cell that is shown as it is: before what looks like a formula stands an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _students(report: RoomReport, words: Words) -> bytes:
    return csv_of(students_table(report, words))


def _alerts(report: RoomReport, words: Words) -> bytes:
    return csv_of(alerts_table(report, words))


STUDENTS = Export("students.csv", N_("Students (CSV)"), "filetype-csv", CSV, _students)
ALERTS = Export("alerts.csv", N_("Alerts (CSV)"), "filetype-csv", CSV, _alerts)
