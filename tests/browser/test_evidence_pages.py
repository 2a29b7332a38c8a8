"""Evidence after the exam: kept for longer, taken away, read by the student, and erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, Page, expect

from evidence.verify import verify
from rooms.setup.room_settings import RoomSettings
from tests.browser.axe import findings
from tests.browser.live_class import WAIT_MS, LiveClass
from tests.browser.test_player import SIZES
from tests.flows.live_server import LiveServer

ANNA = "Anna Kowalska"
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def live(server: LiveServer, browser: Callable[[str], Browser]) -> Iterator[LiveClass]:
    """An exam that has ended, with the capsule of one alert."""
    page = browser("one_face").new_page(viewport=SIZES["laptop"], locale="en-GB", reduced_motion="reduce")
    begun = LiveClass(server, page, [ANNA], RoomSettings()).open().participant()
    page.click("#room-start")
    begun.hide_page(ANNA)
    expect(page.locator(".incident-play")).to_have_count(1, timeout=WAIT_MS)
    page.locator(".incident-play").click()
    expect(page.locator("#player-parts")).to_be_visible()
    page.keyboard.press("Escape")
    assert begun.room.teacher.connect().ask("room", {"state": "ended"})["ok"]
    yield begun
    begun.close()
    page.close()


def test_evidence_is_kept_taken_away_read_and_erased(live: LiveClass, browser: Callable[[str], Browser]) -> None:
    page = live.page
    page.goto(f"{live.server.url}/rooms/{live.room.seeded.id}/report")
    found = hold_and_release(page)
    page.get_by_role("link", name=ANNA).click()
    found += in_both_sizes(page, "report of a student with evidence")
    shown = taken(page, "Evidence of this student, to be verified (ZIP)")
    closed = page_of_student(live, browser)
    expect(closed.locator(".own-evidence")).to_contain_text("The pictures around")
    expect(closed.locator(".own-evidence li").last).to_contain_text("Teacher 1: the pictures around an alert")
    expect(closed.locator("#witness")).to_contain_text(re.compile("You hold 1 checkpoint"))
    found += in_both_sizes(closed, "page after the exam")
    assert taken(closed, "Download the evidence about you (ZIP)") == shown
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Erase this student's evidence").click()
    expect(page.locator("main")).to_contain_text("The evidence about this student was erased.")
    closed.reload()
    expect(closed.locator("main")).to_contain_text("The evidence about you was erased.")
    closed.close()
    assert not found, "\n".join(found)


def hold_and_release(page: Page) -> list[str]:
    """Hold the evidence, so that nothing can be erased, and release it again."""
    page.get_by_text("Keep for longer, as for an appeal").click()
    found = in_both_sizes(page, "report of a room with evidence")
    page.fill("#hold-reason", "Anna appeals.")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".report-hold")).to_contain_text("Teacher 1 holds the evidence of this exam: Anna appeals.")
    found += in_both_sizes(page, "report of a room that is held")
    page.get_by_role("link", name=ANNA).click()
    expect(page.get_by_role("button", name="Erase this student's evidence")).to_have_count(0)
    page.go_back()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Keep for longer, as for an appeal")).to_be_visible()
    return found


def taken(page: Page, link: str) -> tuple[int, ...]:
    """Download an export, verify it, and return the entries that it shows."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return verify(Path(download.value.path()).read_bytes()).shown


def page_of_student(live: LiveClass, browser: Callable[[str], Browser]) -> Page:
    """The page after the exam, in the browser that held the student's place."""
    app = Flask(__name__)
    app.secret_key = live.server.settings.secret()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    held = signer.dumps({"participant": live.students[ANNA].id})
    context = browser("one_face").new_context(viewport=SIZES["laptop"], locale="en-GB")
    context.add_cookies([{"name": "session", "value": str(held), "url": live.server.url}])
    page = context.new_page()
    page.goto(f"{live.server.url}/closed")
    return page


def in_both_sizes(page: Page, place: str) -> list[str]:
    found: list[str] = []
    for name, size in SIZES.items():
        page.set_viewport_size(size)
        found += findings(page, f"{place}, {name}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.set_viewport_size(SIZES["laptop"])
    return found
