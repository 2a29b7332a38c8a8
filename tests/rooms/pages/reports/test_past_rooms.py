"""The list of past rooms, as a teacher searches it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Browser, Site, text_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet."""
    made = Site(tmp_path)
    yield made
    made.close()


def ended(browser: Browser, title: str) -> str:
    room_id = browser.new_room(title)
    browser.post(f"/rooms/{room_id}/state", state="ended")
    return room_id


def found(browser: Browser, query: str = "") -> list[str]:
    page = text_of(browser.get(f"/rooms/past{query}"))
    return re.findall(r'class="cut" dir="auto">(.*?)</a>', page)


def test_a_teacher_finds_own_ended_rooms_and_comes_to_their_reports(site: Site) -> None:
    ana = site.teacher("Ana")
    physics = ended(ana, "Physics <b>")
    site.clock.advance(86400)
    ended(ana, "Algebra")
    ana.new_room("Still open")
    ended(site.teacher("Paul"), "Of somebody else")
    assert found(ana) == ["Algebra", "Physics &lt;b&gt;"]
    assert found(ana, "?title=phys") == ["Physics &lt;b&gt;"]
    assert f'href="/rooms/{physics}/report"' in text_of(ana.get("/rooms/past?title=phys"))


def test_what_was_looked_for_stays_in_the_form(site: Site) -> None:
    ana = site.teacher("Ana")
    ended(ana, "Algebra")
    page = text_of(ana.get('/rooms/past?title="><script>&first=2026-01-02&last=x'))
    assert 'value="&#34;&gt;&lt;script&gt;"' in page and 'value="2026-01-02"' in page
    assert "Show all" in page


def test_a_list_of_nothing_says_why(site: Site) -> None:
    ana = site.teacher("Ana")
    assert "No room of yours has ended yet." in text_of(ana.get("/rooms/past"))
    assert "No past room fits." in text_of(ana.get("/rooms/past?title=x"))


def test_it_is_for_teachers(site: Site) -> None:
    assert site.browser().get("/rooms/past").location.startswith("/login")


def test_the_list_of_rooms_leads_there(site: Site) -> None:
    ana = site.teacher("Ana")
    assert "/rooms/past" not in text_of(ana.get("/rooms"))
    ended(ana, "Algebra")
    assert 'href="/rooms/past"' in text_of(ana.get("/rooms"))
