"""What remains of an exam: two students, one alert judged right, the end, and the report that tells of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from rooms.setup.room_settings import RoomSettings
from tests.browser.axe import findings
from tests.browser.live_class import LiveClass
from tests.browser.people import Teacher
from tests.flows.live_server import LiveServer, wait_until

LONG_MS = 45_000
PHONE, LAPTOP = ViewportSize(width=390, height=844), ViewportSize(width=1366, height=768)
ALI, ZOE = "Ali Hassan", "Zoé Martin"
HIDDEN = "Left the page"
pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def live(server: LiveServer, browser: Callable[[str], Browser]) -> Iterator[LiveClass]:
    """A room with two students in it, whose pictures stand still."""
    page = browser("one_face").new_page(viewport=LAPTOP, locale="en-GB")
    begun = LiveClass(server, page, [ZOE, ALI], RoomSettings()).open().participant()
    wait_until(lambda: server.lines("analysis-1 ready"), "the analysis is ready")
    yield begun
    begun.close()
    page.close()


def test_the_report_of_an_exam(live: LiveClass, new_teacher: Callable[..., Teacher]) -> None:
    page = live.page
    hold_the_exam(live)
    page.click("#room-report")
    expect(page.locator("h1")).to_have_text("Mathematics, final exam")
    assert cells(page, ZOE)[-3:-1] == ["0", "0"]  # right, wrong
    alerts, right, wrong, _open = map(int, cells(page, ALI)[-4:])
    assert alerts >= 2 and (right, wrong) == (1, 0)
    expect(page.locator(".report-kinds tr", has_text=HIDDEN)).to_contain_text("100 %")
    found = wide_and_narrow(page, "report of a room")
    assert read_csv(page) == [(ALI, HIDDEN, "Right")]

    page.get_by_role("link", name=ALI).click()
    expect(page.locator(".report-alert", has_text=HIDDEN).locator(".report-verdict")).to_contain_text("Right")
    picture = page.locator(".report-alert", has_text="Cannot see").locator("img")
    wait_until(lambda: picture.evaluate("(image) => image.naturalWidth") > 0, "the picture of the alert is shown")
    expect(page.locator("svg.timeline .bar-alert")).to_have_count(alerts)
    expect(page.locator(".coverage tbody tr")).not_to_have_count(0)
    expect(page.locator(".events")).to_contain_text(f"Verdict on {HIDDEN}: Right")
    found += wide_and_narrow(page, "report of a student")
    assert not found, "\n".join(found)

    stranger = new_teacher().page
    stranger.goto(page.url)
    expect(stranger.locator("main")).not_to_contain_text(ALI)


def hold_the_exam(live: LiveClass) -> None:
    """Start, judge an alert about Ali right, and end."""
    page = live.page
    expect(page.locator("#room-report")).to_be_hidden()
    page.click("#room-start")
    live.hide_page(ALI)
    alert = live.alerts(ALI).filter(has_text=HIDDEN)
    expect(alert).to_be_visible(timeout=LONG_MS)
    alert.locator("[data-act=acknowledged]").click()
    expect(alert).to_have_count(0, timeout=LONG_MS)  # the list shows what is to be judged
    page.click("#alerts-noted")
    # a picture that never moves cannot be judged: a notice, with the picture
    for name in (ALI, ZOE):
        expect(live.alerts(name).filter(has_text="Cannot see")).not_to_have_count(0, timeout=LONG_MS)
    page.click("#room-end")
    page.click("#ask-yes")
    expect(page.locator("#room-report")).to_be_visible(timeout=LONG_MS)


def cells(page: Page, name: str) -> list[str]:
    """What the table of students says of one."""
    row = page.locator(".report-students tbody tr", has_text=name)
    return [text.strip() for text in row.locator("td").all_inner_texts()]


def read_csv(page: Page) -> list[tuple[str, str, str]]:
    """Download the alerts and return those that were judged."""
    page.click(".page-head summary")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Alerts (CSV)").click()
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    page.keyboard.press("Escape")
    rows = csv.DictReader(io.StringIO(text))
    return [(one["Student"], one["Kind"], one["Verdict"]) for one in rows if one["Verdict"] != "Not judged"]


def wide_and_narrow(page: Page, place: str) -> list[str]:
    """What axe finds, and whether anything is wider than the screen."""
    found = findings(page, place)
    page.set_viewport_size(PHONE)
    found += findings(page, f"{place}, narrow")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{place}: wider than a phone")
    page.set_viewport_size(LAPTOP)
    return found
