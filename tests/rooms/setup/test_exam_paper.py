"""What may be an exam paper, and what students' browsers never get from it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from core.errors import UserError
from rooms.setup.exam_paper import MAX_PDF_BYTES, MAX_TEXT, Exam, frame_origin, pages_in, render_markdown
from serving.headers import ORIGIN


def make_pdf(pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_pdf_with_pages_is_taken_as_it_is() -> None:
    content = make_pdf()
    assert Exam.of_pdf(content, " exam 10b.pdf ") == Exam("pdf", "exam 10b.pdf", content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-",
        b"%PDF-1.7\nrubbish",
        b"PK\x03\x04",
        b"<html>",
        make_pdf()[:150],
        make_pdf(0),
        make_pdf(1, "secret"),
    ],
)
def test_what_cannot_be_shown_is_no_pdf(content: bytes) -> None:
    with pytest.raises(UserError, match="bad_pdf"):
        Exam.of_pdf(content, "exam.pdf")


def test_a_pdf_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(UserError, match="pdf_too_large"):
        Exam.of_pdf(b"x" * (MAX_PDF_BYTES + 1), "exam.pdf")


@given(st.binary(max_size=400))
def test_no_file_breaks_the_check(rubbish: bytes) -> None:
    assert not pages_in(b"%PDF-1.4\n" + rubbish)


@pytest.mark.parametrize("address", ["https://a.example", "http://192.0.2.1:8000/x?y#z", " https://a.example/ü "])
def test_web_addresses_are_taken(address: str) -> None:
    assert Exam.of_link(address) == Exam("link", address.strip())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.example",
        "ftp://a.example",
        "javascript:alert(1)",
        "https://",
        "https://user:word@a.example",
        "https://a.example;script-src *",
        "https://a.example'/",
        "https://a b.example",
        "https://a.example/\nx: y",
        "https://[broken",
        "https://a.example:99999",
        "https://a.example/" + "x" * 2000,
    ],
)
def test_other_addresses_are_not(address: str) -> None:
    with pytest.raises(UserError, match="bad_link"):
        Exam.of_link(address)


def test_a_text_needs_words_and_an_end() -> None:
    with pytest.raises(UserError, match="exam_empty"):
        Exam.of_text(" \n ")
    with pytest.raises(UserError, match="exam_too_long"):
        Exam.of_text("x" * (MAX_TEXT + 1))
    assert Exam.of_text("a\r\nb\0") == Exam("text", "a\nb", html="<p>a\nb</p>\n")


def test_markdown_becomes_headings_lists_and_tables() -> None:
    html = render_markdown("# One\n\n- a\n- b\n\n| x | y |\n|---|:-:|\n| 1 | 2 |\n")
    assert "<h1>One</h1>" in html and "<li>a</li>" in html and "<td>2</td>" in html
    assert "style" not in html


def test_links_open_beside_the_exam() -> None:
    html = render_markdown("[law](https://law.example)")
    assert 'target="_blank"' in html and 'rel="noopener noreferrer"' in html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://spy.example/pixel.png)",
        '<img src=x onerror="alert(1)">',
        "<iframe src='https://evil.example'></iframe>",
        "<style>body{display:none}</style>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_runs_loads_or_styles(markdown: str) -> None:
    html = render_markdown(markdown)
    for tag in ("<script", "<img", "<iframe", "<style", 'href="javascript', 'href="data'):
        assert tag not in html


def test_the_origin_of_a_link_is_what_a_policy_may_name() -> None:
    assert frame_origin("https://quiz.example:8443/a?b") == "https://quiz.example:8443"


def test_the_origin_of_a_foreign_name_fits_into_a_header() -> None:
    assert frame_origin(Exam.of_link("https://例え.jp:8443/a").text) == "https://xn--r8jz45g.jp:8443"


def test_the_usual_port_is_left_out_as_browsers_do() -> None:
    assert frame_origin("https://Quiz.example:443/a") == "https://quiz.example"
    assert frame_origin("http://[2001:DB8::1]:80/") == "http://[2001:db8::1]"
    assert frame_origin("http://quiz.example:443") == "http://quiz.example:443"


@pytest.mark.parametrize(
    "address",
    [
        "https://" + "é" * 80 + ".org",
        "https://*.org",
        "https://a.example\uff1bscript-src.example",
        "https://a.example\uff0cb.example",
        "https://\uff0a.example",
        "https://a.example\uff07",
        "https://[fe80::1%eth0]/",
        "https://[v1.a;b]/",
        "https://a\\b.example",
        "https://-a.example-/",
    ],
)
def test_a_host_that_no_header_can_name_is_refused(address: str) -> None:
    with pytest.raises(UserError, match="bad_link"):
        Exam.of_link(address)
    assert frame_origin(address) == "", "nor does one that was kept by an older version reach a header"


@given(
    st.text(max_size=30),
    st.sampled_from(
        ["\uff1b", "\uff0c", "\uff0a", "\uff07", "\uff02", "\uff3c", "\u3000", "\uff05", ";", " ", "\n", "'"]
    ),
)
def test_no_host_ever_brings_more_than_one_plain_origin_into_a_policy(text: str, odd: str) -> None:
    origin = frame_origin(f"https://a{text}{odd}b.example")
    assert origin == "" or ORIGIN.fullmatch(origin)
