"""What students read before and during the exam: complete, true, and in their own language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site import Site, text_of


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server whose answers to codes are not held back."""
    monkeypatch.setattr("rooms.pages.student.time.sleep", lambda _seconds: None)
    made = Site(tmp_path)
    yield made
    made.close()


def test_each_student_reads_the_usual_rules_in_the_own_language_whatever_the_teachers_was(site: Site) -> None:
    teacher = site.teacher("Ana")
    teacher.post("/language", locale="fr")
    chosen = {"allowed": ["Calculator"], "forbidden_more": "Montre connectée\nma règle"}
    code = code_of(site, teacher.new_room("Algèbre", forbidden_moves=["Leaving the chair"], **chosen))
    for language, words in (("fr", "Téléphone portable"), ("en", "Smartwatch")):
        browser = site.browser(language)
        browser.post("/join", code=code, name="Zoé")
        page = text_of(browser.get("/notice"))
        assert words in page and "ma règle" in page
        others = {"fr": ("Mobile phone", "Leaving the chair"), "en": ("Montre connectée", "Téléphone portable")}
        assert not any(other in page for other in others[language])


EVERYTHING = {
    **{"phone.arm": "required", "phone.head": "allowed", "phone.room": "allowed", "sound": "1", "listening": "1"},
    **{
        "with_phones": "1",
        "keep_sound": "1",
        "transcribe": "1",
        "phrases": "antisèche",
        "admit_by_hand": "1",
        "allowed": ["Headphones or earbuds"],
    },
    **{"place": "circle", "place_latitude": "48.1", "place_longitude": "2.3", "place_radius": "200"},
}


@pytest.mark.parametrize("changed", [{}, EVERYTHING])
def test_nothing_that_a_student_agrees_to_is_left_in_another_language(site: Site, changed: dict[str, Any]) -> None:
    code = code_of(site, site.teacher("Okafor").new_room("Xyz", **changed))
    read: list[set[str]] = []
    for language in ("en", "fr"):
        browser = site.browser(language)
        browser.post("/join", code=code, name="Zoé")
        pages = [text_of(browser.get("/notice"))]
        browser.post("/notice", agree="yes")
        read.append(lines_of("".join((*pages, text_of(browser.get("/participant"))))))
    assert not {line for line in read[0] & read[1] if len(line.split()) > 2 and "Safari" not in line}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("this browser shows you the evidence about you", "log keeps names")),
        ("fr", ("ce navigateur vous montre les preuves", "Le journal du serveur garde")),
    ],
)
def test_the_notice_promises_nothing_that_does_not_exist(site: Site, language: str, said: tuple[str, ...]) -> None:
    code = code_of(site, site.teacher().new_room())
    browser = site.browser(language)
    browser.post("/join", code=code, name="Zoé")
    page = html.unescape(text_of(browser.get("/notice")))
    assert all(words in page for words in said)
    assert "to see or delete" not in page and "voir ou faire supprimer" not in page


@pytest.mark.parametrize(
    ("language", "said", "unsaid"),
    [
        ("en", "Leaving does not hand in your work", "Hand in and leave"),
        ("fr", "Quitter ne rend rien", "Rendre et quitter"),
    ],
)
def test_leaving_does_not_claim_to_hand_in(site: Site, language: str, said: str, unsaid: str) -> None:
    code = code_of(site, site.teacher().new_room())
    browser = site.browser(language)
    browser.post("/join", code=code, name="Zoé")
    browser.post("/notice", agree="yes")
    page = text_of(browser.get("/participant"))
    assert said in page and unsaid not in page


def lines_of(page: str) -> set[str]:
    """What is read on a page, without its scripts and its menu."""
    main = re.sub(r"(?s)<script.*?</script>", "", "".join(re.findall(r"(?s)<main.*?</main>", page)))
    return {line.strip() for line in re.sub(r"<[^>]+>", "\n", main).splitlines() if line.strip()}


def code_of(site: Site, room_id: str) -> str:
    live = site.services.directory.room(room_id)
    assert live is not None
    return str(live.code)
