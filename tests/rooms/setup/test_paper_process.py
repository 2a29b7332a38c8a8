"""Exam papers are read where they can do no harm: in a process that is ended when it takes too much."""

from __future__ import annotations

import subprocess
import sys
import zlib

import psutil
import pytest

from core.blocking import ROOT
from core.errors import UserError
from rooms.setup import exam_paper
from rooms.setup.exam_paper import MAX_TEXT, Exam
from rooms.setup.paper_process import has_pages, html_of
from tests.rooms.setup.test_exam_paper import make_pdf

WITHOUT_END = "![" * (MAX_TEXT // 2)
"""Takes the Markdown library seconds."""
UNDER_EVENTLET = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import time
from rooms.setup.exam_paper import Exam
from rooms.setup.room_records import exam_view
from store.rooms import Room
from serving.blocking import run_blocking_for

longest, before, reading = 0.0, time.monotonic(), True

def probe():
    global longest, before
    while reading:
        eventlet.sleep(0.005)
        longest, before = max(longest, time.monotonic() - before), time.monotonic()

eventlet.spawn(probe)
eventlet.sleep(0)
began = time.monotonic()
exam = run_blocking_for("eventlet")(Exam.of_text, "![" * 50_000)
room = Room(exam_kind=exam.kind, exam_text=exam.text)
room.exam_html = exam.html
exam_view(room)
took = time.monotonic() - began
eventlet.sleep(0.02)  # the probe wakes, and sees for how long it could not
reading = False
print("held up" if longest > took / 3 else "went on", longest, took)
"""


def bomb(entries: int = 2_000_000_000) -> bytes:
    """A PDF of 180 bytes whose table of contents is said to be endless."""
    head, packed = b"%PDF-1.5\n", zlib.compress(b"")
    told = b"/Type /XRef /Size %d /Index [0 %d] /W [0 0 0] /Root 2 0 R" % (entries, entries)
    stream = b"/Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed
    body = b"1 0 obj\n<< " + told + stream + b"\nendstream\nendobj\n"
    return head + body + b"startxref\n%d\n%%%%EOF\n" % len(head)


def readers() -> list[psutil.Process]:
    """The processes of ours that read a paper now."""
    return [child for child in psutil.Process().children() if "rooms.setup.paper_reader" in child.cmdline()]


def test_good_papers_are_read() -> None:
    assert has_pages(make_pdf())
    assert not has_pages(b"%PDF-1.7\nrubbish")
    assert html_of("# Één") == "<h1>Één</h1>\n"


def test_a_paper_that_takes_too_long_is_refused_and_its_process_is_ended() -> None:
    with pytest.raises(UserError, match="paper_too_heavy"):
        has_pages(bomb(), seconds=0.2)
    with pytest.raises(UserError, match="paper_too_heavy"):
        html_of(WITHOUT_END, seconds=0.05)
    assert readers() == []


@pytest.mark.slow
def test_a_small_file_that_asks_for_all_memory_ends_with_its_own_process() -> None:
    before = psutil.Process().memory_info().rss
    with pytest.raises(UserError, match=r"paper_too_heavy|bad_pdf"):
        Exam.of_pdf(bomb(), "exam.pdf")
    assert psutil.Process().memory_info().rss - before < 100 * 1024**2
    assert readers() == []


def test_no_text_and_no_file_is_laid_out_in_the_servers_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_content: object) -> str:
        raise AssertionError("read in the server's own process")

    for name in ("render_markdown", "pages_in"):
        monkeypatch.setattr(exam_paper, name, never)
    assert Exam.of_text("**bold**").html == "<p><strong>bold</strong></p>\n"
    assert Exam.of_pdf(make_pdf(), "exam.pdf").kind == "pdf"


@pytest.mark.slow
def test_brackets_without_end_hold_up_nobody() -> None:
    command = [sys.executable, "-c", UNDER_EVENTLET]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("went on"), done.stdout
