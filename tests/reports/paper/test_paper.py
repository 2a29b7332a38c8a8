"""A report on paper: what is typed is shown and never run, and nothing a student sends keeps it from being made."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from core.errors import UserError
from reports.making import room_report
from reports.model import RoomReport
from reports.paper.facts import paper_facts
from reports.paper.process import pdf_of
from simulation.pictures import Camera, Scene
from tests.reports.rows import alert, at, records, student, words

EVIL = '#panic("run") *bold* $x$ [y] \\ <z>'


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, Path]:
    """One picture as a camera sends it, and one that only begins like a picture."""
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    good.write_bytes(Camera(0, "Zoé").jpeg(Scene.PRESENT, 1.0))
    bad.write_bytes(good.read_bytes()[:200])
    return {"a1": good, "a2": bad}


def report(**changed: object) -> RoomReport:
    alerts = [alert("a1", note=EVIL, verdict="acknowledged"), alert("a2", begin=20, end=21)]
    return room_report(records(participants=[student(name=f"Zoé {EVIL}")], alerts=alerts, **changed), at(90))


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(content).pages).split())


def test_names_and_notes_are_shown_as_they_were_typed() -> None:
    shown = text_of(pdf_of(paper_facts(report(), words()), {}))
    assert shown.count(EVIL) >= 3  # in the table of students, as the heading, as the note
    assert "No face for 5.25 s." in shown and "Not seen in this exam: 0 s of 60 min" in shown


def test_it_is_tagged_for_screen_readers_and_has_a_title_and_a_language() -> None:
    made = read(pdf_of(paper_facts(report(), words(locale="fr")), {}))
    root: Any = made.trailer["/Root"]
    assert "/StructTreeRoot" in root and root["/Lang"] == "fr"
    assert made.metadata is not None and made.metadata.title == "Algebra"


def test_a_picture_that_cannot_be_read_costs_nothing_but_itself(pictures: dict[str, Path]) -> None:
    made = read(pdf_of(paper_facts(report(), words(), pictures), pictures))
    assert sum(len(page.images) for page in made.pages) == 1


def test_a_room_without_anybody_has_a_page() -> None:
    empty = records(participants=[], attendance=[], teachers=[])
    empty.room.started_at = None
    made = pdf_of(paper_facts(room_report(empty, at(90)), words()), {})
    assert len(read(made).pages) == 1 and "Algebra" in text_of(made)


def test_what_takes_too_long_is_ended_and_told() -> None:
    with pytest.raises(UserError) as told:
        pdf_of(paper_facts(report(), words()), {}, seconds=0.01)
    assert told.value.code == "report_too_heavy"


def test_what_cannot_be_set_is_told() -> None:
    with pytest.raises(UserError):
        pdf_of({}, {})
