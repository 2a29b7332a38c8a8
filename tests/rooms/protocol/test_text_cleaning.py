"""Typed text: what a person says stays, what would control the page does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.protocol.text_cleaning import (
    BIDI_FORCES,
    ISOLATE_CLOSE,
    ISOLATE_OPEN,
    MOST_MARKS,
    clean_line,
    clean_text,
    has_word,
)

# the characters that cleaning is about, far more often than chance would draw them
CONTROLS = ["\0", "\x1b", "\r", "\n", "\t", "\u2028", "\ud800", "\ufffe"]
PARTS = ["\u0301", "\u0327", "\u200d", "\u200f", "e", " ", "\u05d0", "\U0001f469"]
ODD = st.sampled_from([*BIDI_FORCES, *ISOLATE_OPEN, ISOLATE_CLOSE, *CONTROLS, *PARTS])
TEXTS = st.text(st.one_of(ODD, st.characters()), max_size=80)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Bonjour, ça va ?", "Bonjour, ça va ?"),
        ("e\u0301te\u0301", "été"),
        ("line one\r\nline two\rthree", "line one\nline two\nthree"),
        ("a\tb", "a b"),
        ("  \n hello \n\n", "hello"),
        ("code:\n  indented", "code:\n  indented"),
        ("\x1b[31mred\x07", "[31mred"),
        ("nul\0l", "null"),
        ("half a pair \ud83d.", "half a pair ."),
        ("👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣", "👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣"),
        ("\U0001fae8 \U0001faea", "\U0001fae8 \U0001faea"),  # newer than the tables of some Pythons
        ("\ufdd0no\uffff character\U0010fffe", "no character"),
        ("שלום עולם", "שלום עולם"),
        ("می‌خواهم", "می‌خواهم"),
        ("<b>bold</b> & 'quotes'", "<b>bold</b> & 'quotes'"),  # shown as text, so nothing to escape
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2067right to left\u2069", "\u2067right to left\u2069"),
        ("\u2067left open", "\u2067left open\u2069"),
        ("never opened\u2069", "never opened"),
        ("\u2067one\ntwo\u2069", "\u2067one\u2069\ntwo"),
        ("", ""),
        ("\u202e\n\u2069", ""),
    ],
)
def test_message(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Zoë   van der\tBerg\n", "Zoë van der Berg"),
        ("A\u2067b\u2069\u200fc\u202e", "Abc"),
        ("O’Brien-Ñíguez", "O’Brien-Ñíguez"),
        ("山田 太郎", "山田 太郎"),
        ("a\u2028b\x85c", "a b c"),
        ("\u200b", "\u200b"),
    ],
)
def test_name(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


def test_piled_marks_are_cut() -> None:
    assert len(clean_text("x" + "\u0336" * 500)) == 1 + MOST_MARKS
    assert clean_text("ệ") == "ệ"


@pytest.mark.parametrize(("text", "expected"), [("a", True), ("7", True), ("山", True), ("", False), ("… 🙂", False)])
def test_has_word(text: str, expected: bool) -> None:
    assert has_word(text) is expected


@given(TEXTS)
def test_a_clean_message_is_harmless_and_stays_as_it_is(raw: str) -> None:
    clean = clean_text(raw)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in clean)
    assert not BIDI_FORCES & set(clean)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean_text(clean) == clean


@given(TEXTS)
def test_every_line_closes_what_it_opens(raw: str) -> None:
    for line in clean_text(raw).split("\n"):
        depth = 0
        for character in line:
            depth += (character in ISOLATE_OPEN) - (character == ISOLATE_CLOSE)
            assert depth >= 0
        assert depth == 0


@given(TEXTS)
def test_a_clean_name_is_one_plain_line(raw: str) -> None:
    clean = clean_line(raw)
    assert clean.isprintable() or all(
        c.isprintable() or unicodedata.category(c) in {"Cf", "Co", "Cn", "Zs"} for c in clean
    )
    assert clean == clean.strip()
    assert "  " not in clean
    assert clean_line(clean) == clean


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=50))
def test_honest_text_says_the_same(raw: str) -> None:
    assert clean_text(raw) == unicodedata.normalize("NFC", raw)
