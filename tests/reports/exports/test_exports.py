"""Reports as files: what a spreadsheet must not run, and what a program must find."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from core.attendance import Attendance
from reports.exports import EXPORTS
from reports.exports.csv_files import FORMULA, csv_of, defused
from reports.exports.json_file import facts_of
from reports.exports.tables import (
    Table,
    absent_table,
    alerts_table,
    kinds_table,
    students_table,
    timeline_table,
)
from reports.making import room_report
from reports.model import RoomReport
from reports.words import Words
from tests.reports.rows import HOUR, alert, at, records, stretch, student, words

ROOT = Path(__file__).resolve().parents[3]
REPORT = room_report(
    records(
        participants=[student(), student("ben", name="=1+1"), student("gil", arrived_at=None, state="checking")],
        attendance=[*records().attendance, stretch("ben", Attendance.UNCLEAR, 0, HOUR / 2)],
        alerts=[alert(verdict="acknowledged", handled_by=7, handled_at=at(20)), alert("a2", "ben", end=None)],
        users={7: "Ana"},
        messages={"zoe": (3, 1)},
    ),
    at(90),
)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_taken_for_a_formula(begin: str) -> None:
    cell = f'{begin}HYPERLINK("https://evil.example")'
    assert read(csv_of(Table("x", [cell], [[cell]]))) == [[f"'{cell}"], [f"'{cell}"]]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_every_text_comes_back_and_none_begins_a_formula(text: str) -> None:
    ((_head,), (cell,)) = read(csv_of(Table("x", ["x"], [[f"{text}."]])))
    assert cell.removeprefix("'") == f"{text}.".removeprefix("'")
    assert not cell.startswith(FORMULA)


def test_numbers_stay_numbers() -> None:
    assert [defused(cell) for cell in (-1, -0.5, None, "-1")] == [-1, -0.5, None, "'-1"]


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert csv_of(Table("x", ["é"], [])).startswith(b"\xef\xbb\xbf")


def test_students_have_their_minutes_by_reason() -> None:
    table = students_table(REPORT, words())
    ben, zoe = (dict(zip(table.heads, row, strict=True)) for row in table.rows)
    assert (zoe["Student"], zoe["Seen, minutes"], zoe["Not seen, minutes"], zoe["Right"]) == ("Zoe", 60, 0, 1)
    assert (zoe["Messages written"], zoe["Messages received"]) == (3, 1)
    assert (ben["Picture unclear"], ben["Not connected"], ben["Not seen, minutes"]) == (30, 30, 60)


def test_what_was_not_recorded_is_an_empty_cell() -> None:
    table = students_table(room_report(records(attendance=[]), at(90)), words())
    (zoe,) = (dict(zip(table.heads, row, strict=True)) for row in table.rows)
    assert (zoe["Seen, minutes"], zoe["Not seen, minutes"], zoe["Alerts"]) == (None, None, 0)


def test_alerts_have_times_words_verdict_and_what_was_not_seen() -> None:
    table = alerts_table(REPORT, words())
    ben, zoe = (dict(zip(table.heads, row, strict=True)) for row in table.rows)
    assert (zoe["Kind"], zoe["Began (UTC)"], zoe["After the start"], zoe["Seconds"]) == (
        *("No face", "2026-03-02 09:10:00", "0:10:00", 60),
    )
    assert (zoe["What was seen"], zoe["Verdict"], zoe["By"]) == ("No face for 5.25 s.", "Right", "Ana")
    assert (ben["Ended (UTC)"], ben["Not seen, minutes"]) == (None, 60)


def test_kinds_the_absent_and_the_timeline_are_tables_too() -> None:
    assert kinds_table(REPORT, words()).rows == [["No face", 2, 2, 2, 1, 0, 1, 100]]
    assert [row[0] for row in absent_table(REPORT, words()).rows] == ["Gil"]
    told = [row[-1] for row in timeline_table(REPORT, words()).rows if row[0] == "Zoe"]
    assert told == ["Joined", "Seen", "Alert: No face", "Verdict on No face: Right (Ana)"]


@pytest.mark.parametrize("make", [students_table, alerts_table, kinds_table, absent_table, timeline_table])
def test_every_row_has_a_cell_for_every_head(make: Callable[[RoomReport, Words], Table]) -> None:
    table = make(REPORT, words())
    assert table.rows and {len(row) for row in table.rows} == {len(table.heads)}


def test_json_has_moments_with_their_zone_and_keys_of_the_database() -> None:
    told = json.loads(json.dumps(facts_of(REPORT, words())))
    ben, zoe = told["students"]
    assert (told["version"], told["room"]["title"], told["absent"]) == (
        *(1, "Algebra", [{"name": "Gil", "why": "never_came"}]),
    )
    assert datetime.fromisoformat(zoe["alerts"][0]["begin"]) == at(10)
    assert (zoe["coverage"], ben["alerts"][0]["end"]) == ({"seen": 3600.0}, None)
    assert facts_of(room_report(records(attendance=[]), at(90)), words())["students"][0]["coverage"] is None


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_makes_its_file_of_any_report(name: str) -> None:
    export = EXPORTS[name]
    empty = records(participants=[], attendance=[], teachers=[])
    empty.room.started_at = None
    for report in (REPORT, room_report(empty, at(90))):
        assert len(export.make(report, words())) > 20
    assert export.suffix in ("csv", "json", "xlsx", "pdf") and export.mimetype and export.sign


def sheets_of(content: bytes) -> tuple[dict[str, str], str]:
    """The sheets of a workbook as XML, and the texts they share."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name}
        return sheets, book.read("xl/sharedStrings.xml").decode()


def test_a_workbook_has_every_table_and_no_formula_or_link() -> None:
    evil = '=HYPERLINK("https://evil.example")'
    report = room_report(
        records(participants=[student(name=evil)], alerts=[alert(note="https://evil.example")]), at(90)
    )
    sheets, texts = sheets_of(EXPORTS["report.xlsx"].make(report, words()))
    assert len(sheets) == 6
    assert "=HYPERLINK(" in texts and "https://evil.example<" in texts
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets.values())


def test_two_sheets_never_have_the_same_name_in_any_language() -> None:
    with ROOT.joinpath("translations/fr/LC_MESSAGES/messages.po").open("rb") as stream:
        french = {str(one.id): str(one.string) for one in read_po(stream) if one.id}
    assert len(sheets_of(EXPORTS["report.xlsx"].make(REPORT, words(french, "fr")))[0]) == 6
