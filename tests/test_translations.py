"""Every text a person may read has its translation, with the same places to fill in."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
PLACE = re.compile(r"%\((\w+)\)")
LOOSE = re.compile(r"\s(?<![\u00a0\u202f])[;:!?»]|«\s(?<![\u00a0\u202f])")
"""A French mark that may begin a line, or a quotation mark that may end one: the space is not a no-break space."""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make translations` would find now."""
    target = tmp_path_factory.mktemp("texts") / "messages.pot"
    found = re.search(r"^KEYWORDS = (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert found
    keywords = [word for keyword in found[1].split() for word in ("-k", keyword)]
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", *keywords]
    subprocess.run([*command, "-o", str(target), "."], cwd=ROOT, check=True)
    with target.open("rb") as stream:
        return read_po(stream)


@pytest.fixture(scope="module", params=CATALOGUES, ids=lambda path: path.parent.parent.name)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path: Path = request.param
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name)


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """Singular and plural of a text that has both, else the one."""
    return [text or ""] if isinstance(text, str | None) else list(text)


def places(text: str | list[str] | tuple[str, ...] | None) -> set[str]:
    return {place for form in forms(text) for place in PLACE.findall(form)}


def has_same_places(message: Message) -> bool:
    return places(message.id) == places(message.string)


def is_loose(message: Message) -> bool:
    return any(LOOSE.search(form) for form in forms(message.string))


def test_every_text_is_translated(texts: Catalog, catalogue: Catalog) -> None:
    wanted = [message.id for message in texts if message.id]
    translated = [catalogue.get(identity) for identity in wanted]
    missing = [  # `make translations` adds them to the catalogue, to be filled in
        identity
        for identity, message in zip(wanted, translated, strict=True)
        if message is None or message.fuzzy or not all(forms(message.string))
    ]
    assert missing == []


def test_texts_inside_template_strings_are_found(texts: Catalog) -> None:
    assert texts.get("Not sent:") is not None, "see parse_template_string in babel.cfg"


def test_translations_fill_in_the_same_places(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and not has_same_places(message)] == []


@pytest.mark.parametrize(
    ("english", "other", "same"),
    [
        ("%(seconds)d seconds", "%(seconds)d secondes", True),
        ("%(seconds)d seconds", "%(secondes)d secondes", False),
        ("%(seconds)d seconds", "des secondes", False),
        (("%(n)d face", "%(n)d faces"), ("%(n)d visage", "%(n)d visages"), True),
        (("one face", "%(n)d faces"), ("un visage", "%(n)d visages"), True),
    ],
)
def test_a_lost_place_would_be_noticed(
    english: str | tuple[str, str], other: str | tuple[str, str], same: bool
) -> None:
    assert has_same_places(Message(english, other)) is same


def test_no_french_mark_begins_a_line() -> None:
    with (ROOT / "translations/fr/LC_MESSAGES/messages.po").open("rb") as stream:
        french = read_po(stream, locale="fr")
    assert [message.string for message in french if message.id and is_loose(message)] == []


@pytest.mark.parametrize(
    ("french", "loose"),
    [
        ("Le bureau ; la chaise", True),
        ("Le bureau\u00a0; la chaise", False),
        ("Prêt\u202f?", False),
        ("« Souple »", True),
        ("«\u00a0Souple\u00a0»", False),
        ("https://", False),
    ],
)
def test_a_loose_mark_would_be_noticed(french: str, loose: bool) -> None:
    assert is_loose(Message("text", french)) is loose


def test_every_text_stands_once_in_a_catalogue() -> None:
    # the reader keeps the last of two silently, the compiler the first
    for path in CATALOGUES:
        entries = re.findall(r"^(?:msgctxt .*\n)?msgid .*(?:\n\".*)*", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert sorted(entry for entry, count in Counter(entries).items() if count > 1) == []
