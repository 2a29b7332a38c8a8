"""verify.html finds what the verifier in Python finds, and refuses what it refuses."""

from __future__ import annotations

import base64
import re

import pytest

from evidence.verify import Refused, verify
from tests.evidence.samples.exports import SIGNER, Exam, an_exam, signed_again, small_export
from tests.evidence.samples.mutations import STRANGER, mutants
from tests.evidence.samples.verify_page import PAGE, page_says, script
from tests.evidence.test_verify import WRONG

KEY = SIGNER.verifier.line
Asked = tuple[bytes, str, list[str]]


def both_say(asked: list[Asked]) -> list[tuple[str, str]]:
    """Why the page and Python refuse exports, '' where they do not."""
    page = page_says((base64.b64encode(data).decode(), key, notes) for data, key, notes in asked)
    return [(one.get("why", ""), python_says(*other)) for one, other in zip(page, asked, strict=True)]


def python_says(data: bytes, key: str, notes: list[str]) -> str:
    try:
        verify(data, key or None, notes)
    except Refused as error:
        return str(error)
    return ""


def test_the_page_finds_in_good_exports_what_python_finds() -> None:
    exam = an_exam()
    witnessed = [exam.sign()]
    exam.erase(0)
    exports = [small_export(), exam.export(), an_exam().export(shown=[0]), Exam().export()]
    kept: list[list[str]] = [[], witnessed, [], []]
    said = page_says((base64.b64encode(data).decode(), KEY, notes) for data, notes in zip(exports, kept, strict=True))
    for one, data in zip(said, exports, strict=True):
        found = verify(data, KEY)
        assert (tuple(one["shown"]), tuple(sorted(one["erased"]))) == (found.shown, found.erased)
        assert (one["key"], one["origin"]) == (found.key, found.origin)
        assert (one["entries"], one["checkpoints"]) == (found.entries, found.checkpoints)


@pytest.mark.slow
def test_the_page_refuses_changed_exports_for_the_same_reasons() -> None:
    said = both_say([(data, "", []) for _, data in mutants(small_export(), range(2000))])
    assert [one for one in said if one[0] != one[1] or not one[0]] == []


def test_the_page_refuses_what_a_server_signed_wrongly() -> None:
    said = both_say([(signed_again(files), KEY, []) for files, _ in WRONG])
    assert [one for one in said if one[0] != one[1] or not one[0]] == []


def test_the_page_compares_the_key_and_kept_checkpoints() -> None:
    exam, other = an_exam(), an_exam()
    exam.alert("ben")
    other.alert("anna")
    kept = exam.sign()
    asked: list[Asked] = [
        (an_exam().export(signer=STRANGER), KEY, []),
        (other.export(), KEY, [kept]),
        (small_export(), KEY, [kept]),
        (small_export(), KEY, ["no note"]),
    ]
    said = both_say(asked)
    assert [page for page, _ in said] == [python for _, python in said]
    assert all(page for page, _ in said)


@pytest.mark.parametrize(
    "before",
    [
        "Object.defineProperty(globalThis, 'crypto', { value: undefined });",
        "crypto.subtle.importKey = () => Promise.reject(new Error('NotSupportedError'));",
    ],
)
def test_a_browser_that_cannot_check_says_so_and_refuses_nothing(before: str) -> None:
    (said,) = page_says([(base64.b64encode(small_export()).decode(), KEY, [])], before)
    assert said["error"] == "CannotCheck"


def test_the_page_reaches_for_nothing_outside_itself() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|\bsrc=|<link|\bfetch\b|XMLHttpRequest|WebSocket|import\(|innerHTML", page)
    assert "eval" not in script()
