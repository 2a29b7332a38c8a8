"""All tables of a report as one workbook; texts are texts in it, whatever they begin with."""

import io
from collections.abc import Iterable

import xlsxwriter

from core.text_keys import N_
from reports.exports.base import Export
from reports.exports.tables import (
    Table,
    absent_table,
    agreement_table,
    alerts_table,
    kinds_table,
    students_table,
    timeline_table,
)
from reports.model import RoomReport
from reports.words import Words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LITERALLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 48  # characters
TABLES = (students_table, kinds_table, agreement_table, alerts_table, timeline_table, absent_table)


def workbook(title: str, tables: Iterable[Table]) -> bytes:
    """Return a workbook with a sheet for each table."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, LITERALLY) as book:
        book.set_properties({"title": title, "author": "Examonitor"})
        for table in tables:
            _write(book, table)
    return made.getvalue()


def _make(report: RoomReport, words: Words) -> bytes:
    return workbook(report.title, [table_of(report, words) for table_of in TABLES])


def _write(book: xlsxwriter.Workbook, table: Table) -> None:
    sheet = book.add_worksheet(table.title[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, _width(table, column))
    for at, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell)
            elif cell is not None:
                sheet.write_number(at, column, cell)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)


def _width(table: Table, column: int) -> int:
    longest = max([len(table.heads[column]), *(len(str(row[column] or "")) for row in table.rows)])
    return min(longest + 3, WIDEST)


EXPORT = Export("report.xlsx", N_("Everything (spreadsheet)"), "file-earmark-spreadsheet", XLSX, _make)
