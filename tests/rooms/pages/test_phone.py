"""A phone's pages: a link that only a button uses up, a code that cannot be guessed, and a way back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rooms.protocol.tickets import PHONE, STUDENT
from rooms.setup.room_settings import RoomSettings
from store.phones import PhoneRow
from store.rooms import Room
from tests.rooms.pages.test_student import participants, room_of, seated
from tests.site import Browser, Site, text_of

USED = "has already been used"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server whose answers to codes are not held back."""
    monkeypatch.setattr("rooms.pages.student.time.sleep", lambda _seconds: None)
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def invited(site: Site) -> dict[str, Any]:
    """An invitation for the phone on the arm of a student, and who that is."""
    room = room_of(site)
    with site.services.database.session() as db:
        row = db.get(Room, room.id)
        assert row is not None
        row.settings = RoomSettings(phones=("arm",), sound=True).to_json()
    site.services.lifecycle.room_changed(row)
    student = seated(site, room)
    (participant_id,) = participants(site)
    participant = site.services.directory.room(room.id).students[participant_id.id]
    made = site.services.pairing.invite(participant, "arm")
    return {**made, "room": room.id, "participant": participant, "student": student, "path": made["link"]}


def phones(site: Site) -> list[PhoneRow]:
    with site.services.database.read() as db:
        return list(db.query(PhoneRow))


def ticket_of(invited: dict[str, Any]) -> str:
    return str(invited["path"]).partition("?t=")[2]


def paired(site: Site, invited: dict[str, Any]) -> Browser:
    browser = site.browser()
    assert browser.post("/phone/join", ticket=ticket_of(invited)).headers["Location"] == "/phone"
    return browser


def page_data(browser: Browser) -> dict[str, Any]:
    found = re.search(r'id="page-data">(.*?)</script>', text_of(browser.get("/phone")), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_opening_a_link_changes_nothing_and_names_nobody(site: Site, invited: dict[str, Any]) -> None:
    for _ in range(3):
        answer = site.browser().get(invited["path"])
        assert answer.status_code == 200
        assert ticket_of(invited) in text_of(answer)
        assert "Ana Ruiz" not in text_of(answer) and "Biology" not in text_of(answer)
    live = site.services.directory.room(invited["room"])
    assert (phones(site), live.phones_of(invited["participant"])) == ([], {})


def test_the_button_pairs_and_the_page_stays(site: Site, invited: dict[str, Any]) -> None:
    browser = paired(site, invited)
    answer = browser.get("/phone")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Ana Ruiz" in text_of(answer)
    told = page_data(browser)
    (row,) = phones(site)
    assert (told["role"], told["student"], told["phone"]["id"]) == ("arm", "Ana Ruiz", row.id)
    ticket = site.services.tickets.read(told["ticket"], PHONE)
    assert (ticket.room, ticket.who) == (invited["room"], row.id)
    assert page_data(browser)["phone"] == told["phone"], "opened again it is the same phone"
    assert set(told["room"]) == {"id", "title"}


def test_a_link_is_good_once(site: Site, invited: dict[str, Any]) -> None:
    paired(site, invited)
    second = site.browser()
    for answer in (second.get(invited["path"]), second.post("/phone/join", ticket=ticket_of(invited))):
        assert (answer.status_code, USED in text_of(answer)) == (422, True)
    assert len(phones(site)) == 1


@pytest.mark.parametrize("typed", ["{}", "{0:.4} {1}", "{0:.4}-{1}"])
def test_a_code_may_be_typed_as_people_do(site: Site, invited: dict[str, Any], typed: str) -> None:
    browser, code = site.browser(), invited["code"].lower()
    assert 'name="code"' in text_of(browser.get("/phone"))
    assert browser.post("/phone/join", code=typed.format(code, code[4:])).headers["Location"] == "/phone"
    assert page_data(browser)["role"] == "arm"


@pytest.mark.slow
def test_whoever_guesses_codes_is_slowed_down_and_locks_out_nobody_who_scans(
    site: Site, invited: dict[str, Any]
) -> None:
    browser = site.browser()
    most = site.services.limits.phone_failures_per_address
    statuses = [browser.post("/phone/join", code="WRNGCDE2").status_code for _ in range(most + 2)]
    assert statuses == [422] * most + [429] * 2
    assert browser.post("/phone/join", code="WRNGCDE2", address="192.0.2.7").status_code == 422
    assert site.services.join_guard.check("127.0.0.1") == 0.0
    paired(site, invited)


@pytest.mark.slow
def test_a_right_code_pairs_a_phone_also_after_many_wrong_ones(site: Site, invited: dict[str, Any]) -> None:
    for _ in range(site.services.limits.phone_failures_per_address + 1):
        site.browser().post("/phone/join", code="WRNGCDE2")
    assert site.browser().post("/phone/join", code=invited["code"]).headers["Location"] == "/phone"


def test_a_class_that_mistypes_at_one_address_still_gets_in(site: Site, invited: dict[str, Any]) -> None:
    for _ in range(30 * 3):
        assert site.browser().post("/phone/join", code="WRNGCDE2").status_code == 422
    assert site.browser().post("/phone/join", code=invited["code"]).headers["Location"] == "/phone"


@pytest.mark.parametrize("ticket", ["x", "é", "a" * 5000, "%00"])
def test_odd_links_are_answered(site: Site, invited: dict[str, Any], ticket: str) -> None:
    browser = site.browser()
    assert browser.get("/phone/join", query_string={"t": ticket}).status_code == 422
    assert browser.post("/phone/join", ticket=ticket).status_code == 422
    assert browser.get("/phone/join").status_code == browser.get("/phone").status_code == 200


def test_cookies_of_phones_and_students_open_their_own_doors(site: Site, invited: dict[str, Any]) -> None:
    browser, student = paired(site, invited), invited["student"]
    assert browser.get("/participant").headers["Location"] == "/"
    assert browser.get("/closed").headers["Location"] == "/"
    assert "page-data" not in text_of(student.get("/phone"))
    with pytest.raises(Exception, match="ticket_invalid"):
        site.services.tickets.read(page_data(browser)["ticket"], STUDENT)


@pytest.mark.parametrize("end", ["left", "removed", "ended"])
def test_a_phone_that_is_not_needed_any_more_is_told_why(site: Site, invited: dict[str, Any], end: str) -> None:
    browser = paired(site, invited)
    assert browser.get("/phone/closed").headers["Location"] == "/phone"
    services, room = site.services, site.services.directory.room(invited["room"])
    if end == "left":
        services.admission.leave(invited["participant"])
    elif end == "removed":
        services.admission.remove(room, invited["participant"].id, "Ana")
    else:
        services.lifecycle.set_state(room.id, "ended", "Ana")
    assert browser.get("/phone").headers["Location"] == "/phone/closed"
    assert "This phone is free again" in text_of(browser.get("/phone/closed"))
    assert 'name="code"' in text_of(browser.get("/phone")), "and may be paired afresh"


@pytest.mark.slow
def test_a_phone_that_was_replaced_is_told_so(site: Site, invited: dict[str, Any]) -> None:
    browser = paired(site, invited)
    site.services.pairing.join_by_code(site.services.pairing.invite(invited["participant"], "arm")["code"])
    assert browser.get("/phone").headers["Location"] == "/phone/closed"
    assert "Another phone took this place" in text_of(browser.get("/phone/closed"))


def test_a_phone_that_was_disconnected_is_not_told_of_another_one(site: Site, invited: dict[str, Any]) -> None:
    browser = paired(site, invited)
    site.services.pairing.unpair(invited["participant"], "arm")
    assert browser.get("/phone").headers["Location"] == "/phone/closed"
    said = text_of(browser.get("/phone/closed"))
    assert "This phone is disconnected" in said
    assert "Another phone" not in said
    assert 'name="code"' in text_of(browser.get("/phone")), "and may be paired afresh"


def test_a_stranger_is_shown_the_way_in(site: Site) -> None:
    assert site.browser().get("/phone/closed").status_code == 200
