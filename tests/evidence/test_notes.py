"""Signed notes and checkpoints, read by ourselves, by Go's rules and by openssl."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.notes import BadNote, Checkpoint, Signer, Verifier, parts

SIGNER = Signer("exam.example/evidence", bytes(range(32)))
CHECKPOINT = Checkpoint("exam.example/room/r1", 12, b"\x07" * 32)
# the example of golang.org/x/mod/sumdb/note, where the format comes from
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
QUOTE = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_NOTE = (
    f"{QUOTE}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6K"
    "E6RyyBwJnAM=\n"
)


def test_a_note_that_another_program_signed_is_read() -> None:
    assert Verifier.read(PETER).text_of(PETERS_NOTE) == QUOTE


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_signed_is_read(text: str) -> None:
    assert SIGNER.verifier.text_of(SIGNER.note(text + "\n")) == text + "\n"


def test_every_changed_bit_of_a_note_is_refused() -> None:
    note = SIGNER.note(CHECKPOINT.text).encode()
    for at in range(len(note)):
        for bit in range(8):
            changed = note[:at] + bytes([note[at] ^ 1 << bit]) + note[at + 1 :]
            with pytest.raises((BadNote, UnicodeDecodeError)):
                SIGNER.verifier.text_of(changed.decode())


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note + "\n",
        lambda note: note + note.splitlines(keepends=True)[-1],
        lambda note: note.removesuffix("\n"),
        lambda note: "\n" + note,
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace("\u2014", "-"),
        lambda note: "",
        lambda note: "no note\n",
    ],
)
def test_another_form_of_the_same_note_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(BadNote):
        SIGNER.verifier.text_of(change(SIGNER.note(CHECKPOINT.text)))


def test_a_note_of_another_key_is_refused_also_under_the_same_name() -> None:
    other = Signer(SIGNER.verifier.name, b"\1" * 32)
    with pytest.raises(BadNote, match="not signed with the key"):
        SIGNER.verifier.text_of(other.note("text\n"))


def test_a_text_ends_with_a_new_line() -> None:
    with pytest.raises(ValueError, match="new line"):
        SIGNER.note("text")


@pytest.mark.parametrize("name", ["", "two words", "a+b", "é", "a\n"])
def test_the_name_of_a_key_is_one_printable_word(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Signer(name, bytes(32))


def test_a_key_is_read_from_its_line_alone() -> None:
    line = SIGNER.verifier.line
    assert Verifier.read(line).public == SIGNER.verifier.public
    for changed in (line + "\n", line.replace("evidence", "evidense"), line[:-4], "", line.replace("+AQ", "+Ag")):
        with pytest.raises(BadNote):
            Verifier.read(changed)


def test_a_checkpoint_is_three_lines_and_reads_back() -> None:
    assert CHECKPOINT.text == "exam.example/room/r1\n12\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"
    assert Checkpoint.read(CHECKPOINT.text) == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "\n1\n" + "A" * 43 + "=\n",
        "a\n1\nAAAA\n",
        "a\n1\n" + "A" * 43 + "=\nmore\n",
        "a\n1\n" + "A" * 42 + "B=\n",
        "a\n1\n" + "A" * 43 + "=",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.read(text)


def openssl_says(folder: Path, text: str) -> str:
    """What openssl says of a text and our signature of CHECKPOINT."""
    _, signature = parts(SIGNER.note(CHECKPOINT.text), SIGNER.verifier)
    files = {"key.pem": SIGNER.verifier.pem, "text": text.encode(), "signature": signature}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    options = ["-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "text", "-sigfile", "signature"]
    return subprocess.run(["openssl", "pkeyutl", *options], cwd=folder, capture_output=True, text=True).stdout


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_verifies_a_checkpoint_and_refuses_a_changed_one(tmp_path: Path) -> None:
    assert "Verified Successfully" in openssl_says(tmp_path, CHECKPOINT.text)
    assert "Failure" in openssl_says(tmp_path, CHECKPOINT.text.replace("12", "13"))
