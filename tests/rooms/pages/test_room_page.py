"""The page of one room: sharing it, what is kept, and what opens by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from store.rooms import Room
from tests.site import Browser, Site, room_fields, text_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def settings_page(browser: Browser, room_id: str) -> str:
    return text_of(browser.get(f"/rooms/{room_id}/settings"))


def row(site: Site, room_id: str) -> Room:
    with site.services.database.read() as db:
        room = db.get(Room, room_id)
    assert room is not None
    return room


def is_open(page: str, name: str) -> bool:
    found = re.search(rf'<details[^>]*id="{name}"[^>]*>', page)
    assert found, f"the page has no {name}"
    return found[0].endswith(" open>")


def test_a_new_room_is_asked_for_little_and_shares_nothing_yet(site: Site) -> None:
    page = text_of(site.teacher().get("/rooms/new"))
    assert 'id="share"' not in page and 'id="keeping"' not in page
    assert is_open(page, "advanced") is False


def test_a_room_is_shared_at_the_top_by_code_link_and_picture(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    page, code = settings_page(browser, room_id), row(site, room_id).code
    link = f"http://localhost/?code={code}"
    assert f'value="{link}"' in page and f"{code[:3]} {code[3:]}" in page
    picture = re.search(r'src="data:image/svg\+xml,([^"]+)"', page)
    assert picture and unquote(picture[1]).startswith("<svg")
    assert page.index('id="share"') < page.index('class="room-form"')
    assert is_open(page, "share")
    browser.post(f"/rooms/{room_id}/state", state="running")
    assert is_open(settings_page(browser, room_id), "share") is False, "everybody is in already"


def test_the_link_for_a_colleague_is_shown_where_it_was_asked_for(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    browser.post(f"/rooms/{room_id}/state", state="running")
    page = text_of(browser.post(f"/rooms/{room_id}/invite"))
    assert re.search(r'id="co-link"[^>]*value="http://localhost/co/[\w-]+"', page)
    assert is_open(page, "share")


@pytest.mark.parametrize(
    ("wrong", "opens"),
    [
        ({"title": ""}, (False, False)),
        ({"max_students": "many"}, (True, False)),
        ({"TALKING.hold": "soon"}, (True, True)),
        ({"place": "circle", "place_latitude": "north"}, (True, False)),
    ],
)
def test_what_is_wrong_is_never_folded_away(site: Site, wrong: dict[str, str], opens: tuple[bool, bool]) -> None:
    page = text_of(site.teacher().post("/rooms/new", **room_fields(**wrong)))
    fold = re.search(r'<details class="fold"([^>]*)>', page)
    assert fold
    assert (is_open(page, "advanced"), fold[1] == " open") == opens
    assert 'class="field-error" role="alert"' in page
    assert all(value in page for value in wrong.values())


def test_the_page_says_until_when_what_is_kept(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    page = settings_page(browser, room_id)
    assert "deleted 30 days after the end" in page and "after 7 days in which nothing happened" in page
    assert "End and delete everything now" in page
    browser.post(f"/rooms/{room_id}/state", state="ended")
    page, ended = settings_page(browser, room_id), row(site, room_id).ended_at
    assert ended is not None
    day = (ended + timedelta(days=30)).isoformat()
    assert f'datetime="{day}"' in page and f'datetime="{day}"' in text_of(browser.get("/rooms"))
    assert "Delete everything now" in page and 'class="room-form"' not in page and 'id="share"' not in page


def test_a_co_teacher_is_told_who_can_delete(site: Site) -> None:
    owner, colleague = site.teacher("Ana"), site.teacher("Ben")
    room_id = owner.new_room()
    found = re.search(r"http://localhost(/co/[\w-]+)", text_of(owner.post(f"/rooms/{room_id}/invite")))
    assert found
    colleague.post(found[1])
    page = settings_page(colleague, room_id)
    assert "Only Ana, who made this room" in page and f"/rooms/{room_id}/delete" not in page


def test_what_is_shown_of_a_room_saves_it_as_it_is(site: Site) -> None:
    browser = site.teacher()
    wanted: dict[str, Any] = {
        **{"allowed": ["Mobile phone", "Books and notes"], "sound": "1", "transcribe": "1", "phrases": "one\ntwo"},
        **{"with_phones": "1", "phone.arm": "allowed", "preset": "strict", "TALKING.hold": "9"},
    }
    room_id = browser.new_room(**wanted)
    before = row(site, room_id).settings
    browser.post(f"/rooms/{room_id}/settings", **sent_by(settings_page(browser, room_id)))
    after = row(site, room_id).settings
    assert after["rules"]["PHONE_DETECTED"]["enabled"] is False
    for name in ("forbidden", "forbidden_moves", "phones_allowed", "sound", "phrases", "preset"):
        assert after[name] == before[name], name
    assert after["rules"]["TALKING"]["hold"] == 9.0
    assert after["rules"]["FORBIDDEN_OBJECT"]["watch"] == ["laptop", "tv"]


def sent_by(page: str) -> dict[str, Any]:
    """What a browser without scripts sends of the room's form as it stands."""
    form = page[page.index('class="room-form"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_box = found.get("type") in ("checkbox", "radio")
        if found.get("type") != "file" and (not is_box or re.search(r"\schecked\b", tag)):
            sent.setdefault(found["name"], []).append(found.get("value", ""))
    for name, options in re.findall(r'(?s)<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form):
        sent[name] = re.findall(r'<option selected[^>]*value="([^"]*)"', options)
    for name, text in re.findall(r'(?s)<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form):
        sent[name] = [text]
    return sent
