"""The lists of incidents on the teacher's page: what is one card, what a verdict covers, what a reload keeps."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from store.alerts import OF_ROOM, AlertRow
from store.session import Database
from tests.browser.conftest import WIDE
from tests.browser.incidents import LISTS, card
from tests.browser.live_class import WAIT_MS, Begin, LiveClass
from tests.flows.live_server import LiveServer, wait_until

FIVE = ("Anna Kowalska", "Bilal Haddad", "Léa Dubois", "Mia Novak", "Yuki Sato")


def test_the_badge_counts_what_waits_and_notices_are_noted(begin: Begin, watching: LiveServer) -> None:
    live = begin(at=watching).participant("Anna Kowalska", "Léa Dubois")
    live.page.click("#room-start")
    live.students["Léa Dubois"].close()
    cards, badge = live.page.locator("#alerts .incident"), live.page.locator("#tab-alerts .count")
    live.page.click("#alerts-noted")
    expect(card(live.page, "Léa Dubois", "Connection lost")).to_have_count(1, timeout=WAIT_MS)
    expect(badge).to_be_hidden()
    live.page.click("#alerts-now")
    expect(cards).to_have_count(0)
    expect(live.page.locator("#alerts-empty")).to_have_text("Nothing to review now.")
    live.hide_page("Anna Kowalska")
    expect(badge).to_have_text("1", timeout=WAIT_MS)
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("Anna Kowalska")
    expect(live.page.locator("#alerts-now .count")).to_have_text("1")


def test_the_repeats_of_a_student_are_one_card_and_a_failure_of_the_network_another(
    begin: Begin, watching: LiveServer
) -> None:
    live = begin(FIVE, at=watching).participant()
    page, anna = live.page, live.students["Anna Kowalska"]
    page.click("#room-start")
    live.hide_page("Anna Kowalska")
    assert anna.ask("camera", {"state": "unplugged"}) == {"ok": True}
    cards = page.locator("#alerts .incident")
    expect(card(page, "Anna Kowalska", "2 alerts since")).to_have_count(1, timeout=WAIT_MS)
    expect(cards).to_have_count(1)
    for student in live.students.values():
        student.close()
    page.keyboard.press("l")
    room = card(page, "Connection lost", "5 students")
    expect(room).to_have_count(1, timeout=WAIT_MS)
    expect(room).to_contain_text("It counts against nobody.")
    expect(cards).to_have_count(1)
    judge_by_keyboard(live)
    before = {name: cards_in(page, name) for name in LISTS}
    page.reload()
    live.expect_connected()
    wait_until(lambda: {name: cards_in(page, name) for name in LISTS} == before, "the same incidents after a reload")
    assert [len(before[name]) for name in LISTS] == [0, 1, 1]


def test_two_teachers_do_not_answer_the_same_incident(
    begin: Begin, watching: LiveServer, browser: Callable[[str], Browser]
) -> None:
    live = begin(FIVE, at=watching).participant("Anna Kowalska", "Léa Dubois")
    first, second = live.page, browser("one_face").new_page(viewport=WIDE, locale="en-GB")
    live.enter(second, 1)
    names = [teacher.name for teacher in live.room.seeded.teachers]
    first.click("#room-start")
    live.hide_page("Anna Kowalska")
    for page in (first, second):
        expect(card(page, "Anna Kowalska").locator(".incident-whose")).to_contain_text("hare", timeout=WAIT_MS)
    first.locator("body").press("j")
    first.keyboard.press("c")
    expect(card(first, "You look after this")).to_have_count(1)
    expect(card(second, f"{names[0]} looks after this")).to_have_class(re.compile("is-of-others"))
    second.locator("body").press("j")
    second.keyboard.press("c")
    expect(second.locator("#toast")).to_contain_text(f"{names[0]} looks after this incident")
    second.keyboard.press("c")
    expect(card(first, f"{names[1]} looks after this")).to_have_count(1)
    second.keyboard.press("x")
    for page in (first, second):
        expect(page.locator("#alerts .incident")).to_have_count(0)
    second.close()


def judge_by_keyboard(live: LiveClass) -> None:
    """Judge the incident of Anna: wrong, back again, right; each time both of its alerts."""
    page = live.page
    page.click("#alerts-now")
    page.locator("body").press("j")
    page.keyboard.press("e")
    repeats = card(page, "Anna Kowalska").locator(".incident-repeat")
    expect(repeats).to_have_count(2)
    expect(repeats.first).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("#toast")).to_contain_text("Dismissed as wrong (2 alerts)")
    assert verdicts(live) == {"dismissed"}
    page.keyboard.press("u")
    expect(page.locator("#toast")).to_contain_text("Taken back: to be reviewed (2 alerts)")
    assert verdicts(live) == {"new"}
    page.keyboard.press("a")
    expect(page.locator("#toast")).to_contain_text("Acknowledged (2 alerts)")
    assert verdicts(live) == {"acknowledged"}


def verdicts(live: LiveClass) -> set[str]:
    """The verdicts on the alerts of Anna that the room did not have in common, as they are kept."""
    database = Database(live.server.settings.database())
    try:
        with database.read() as session:
            query = select(AlertRow.verdict).where(
                AlertRow.participant_id == live.students["Anna Kowalska"].id,
                ~AlertRow.incident_id.startswith(OF_ROOM),
            )
            return set(session.scalars(query))
    finally:
        database.close()


def cards_in(page: Page, name: str) -> list[str]:
    """The incidents of a list, as people read them."""
    page.click(f"#alerts-{name}")
    return page.locator("#alerts .incident-head").all_inner_texts()
