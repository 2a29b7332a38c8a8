"""In the large view: which rules apply to a student, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, ViewportSize, expect

from rooms.setup.room_settings import RoomSettings
from tests.browser.live_class import WAIT_MS, LiveClass
from tests.flows.live_server import LiveServer

NAME = "Anna Kowalska"
STRICT = RoomSettings(preset="strict", rules={"LOOKING_AWAY": {"hold": 9.0}, "TALKING": {"enabled": False}})


@pytest.fixture
def live(server: LiveServer, browser: Callable[[str], Browser]) -> Iterator[LiveClass]:
    """A teacher's page on a strict room with one student."""
    page = browser("one_face").new_page(viewport=ViewportSize(width=1366, height=768), locale="en-GB")
    begun = LiveClass(server, page, [NAME], STRICT)
    yield begun.open()
    begun.close()
    page.close()


def row(live: LiveClass, name: str) -> Locator:
    """The line of a rule, by its name."""
    # the header holds the name and, in a span behind it, where the settings come from
    return live.page.locator("#large-rules tr", has=live.page.locator("th", has_text=re.compile(f"^{name}")))


def test_what_applies_to_a_student_is_shown_with_where_it_comes_from(live: LiveClass) -> None:
    live.participant()
    live.tile(NAME).click()
    page = live.page
    expect(page.locator("#large-rules tr")).to_have_count(0)
    page.click("#large-tab-details")
    page.click("#large-rules-part summary")
    expect(row(live, "Looking away")).to_contain_text("Yes9 sWarning", timeout=WAIT_MS)
    expect(row(live, "Looking away").locator(".rule-from")).to_contain_text("This room: duration")
    expect(row(live, "Looking away").locator(".rule-from")).to_contain_text("Preset strict: ")
    expect(row(live, "Talking")).to_contain_text("No4.8 sWarning")
    expect(row(live, "Connection lost").locator(".rule-from")).to_have_text("Usual settings")
    page.click("#large-adjust")
    page.check("#adjust-no_gaze")
    page.click("#adjust-keep")
    expect(row(live, "Looking away")).to_contain_text("No9 sWarning")
    expect(row(live, "Looking away").locator(".rule-from")).to_contain_text("Adjusted for this student: on or off")
    expect(page.locator("#large-rules-hidden")).to_be_hidden()
