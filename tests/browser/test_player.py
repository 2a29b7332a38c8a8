"""The seconds around an alert, played on the teacher's page: by key and pointer, beside a phone, with its gaps told."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from rooms.setup.room_settings import RoomSettings
from simulation.pictures import Camera, Scene
from tests.browser.axe import findings
from tests.browser.incidents import card
from tests.browser.live_class import PICTURE_S, WAIT_MS, LiveClass
from tests.flows.live_server import LiveServer

ANNA = "Anna Kowalska"
SIZES = {"laptop": ViewportSize(width=1366, height=768), "phone": ViewportSize(width=390, height=844)}
PAINTED = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, at) => at % 4 < 3 && value > 20);
}"""
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def live(server: LiveServer, browser: Callable[[str], Browser]) -> Iterator[LiveClass]:
    """A room in which one student has a phone."""
    page = browser("one_face").new_page(viewport=SIZES["laptop"], locale="en-GB", reduced_motion="reduce")
    begun = LiveClass(server, page, [ANNA], RoomSettings(phones=("head",))).open()
    begun.students[ANNA].connect().wait_for("welcome")
    stop = film(begun)
    begun.students[ANNA].enter()
    begun.send(ANNA)
    yield begun
    stop.set()
    begun.close()
    page.close()


def test_an_alert_is_played_by_keyboard(live: LiveClass) -> None:
    page = live.page
    page.click("#room-start")
    live.hide_page(ANNA)
    expect(page.locator(".incident-play")).to_have_count(1, timeout=WAIT_MS)
    page.locator("body").press("j")
    page.keyboard.press(" ")
    player = page.locator("#player")
    expect(page.locator("#player-title")).to_contain_text(f"Left the page · {ANNA}")
    expect(player.locator("figure")).to_have_count(2)
    expect(player.locator("figcaption")).to_have_text(["Computer", "Phone on the head"])
    expect(page.locator("#player-play")).to_be_focused()
    expect(page.locator("#player-play")).to_have_text("Play")
    wind(page)
    assert findings_in_both_sizes(page) == []
    page.keyboard.press("Escape")
    expect(player).to_be_hidden()
    expect(page.locator(".incident-open")).to_be_focused()
    told(live)


def film(live: LiveClass) -> threading.Event:
    """Pair a phone with Anna and send pictures of its camera until told to stop."""
    phone, stop = live.students[ANNA].connect_phone("head"), threading.Event()
    jpeg = Camera(5, ANNA).jpeg(Scene.PRESENT, 1.0)

    def pump() -> None:
        for sequence in itertools.count(1):
            if stop.wait(PICTURE_S) or not phone.client.connected:
                return
            phone.tell("frame", sequence, time.time() * 1000, jpeg)

    threading.Thread(target=pump, daemon=True).start()
    return stop


def wind(page: Page) -> None:
    """Go through the pictures by the slider, by the keys, and by playing them at four times the speed."""
    slider, moment = page.locator("#player-at"), page.locator("#player-time")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^20 s before the alert, "))
    slider.fill("0")
    expect(moment).to_contain_text("at the alert ·")
    for canvas in page.locator("#player canvas").all():
        expect(canvas).to_have_attribute("role", "img")
        page.wait_for_function(f"(canvas) => ({PAINTED})(canvas)", arg=canvas.element_handle())
    page.locator("#player-time").click()
    for _ in range(3):  # one picture of each camera may lie so close after the alert that it is told as "at the alert"
        page.keyboard.press("ArrowRight")
    expect(moment).to_contain_text("s after the alert")
    slider.fill("8000")
    page.select_option("#player-speed", "4")
    page.focus("#player-play")
    page.keyboard.press(" ")
    expect(moment).to_contain_text("10 s after the alert", timeout=WAIT_MS)
    expect(page.locator("#player-play")).to_have_text("Play")
    expect(page.locator("#player-holes li").first).to_contain_text("no picture came, from 20 s before the alert to")


def findings_in_both_sizes(page: Page) -> list[str]:
    found: list[str] = []
    for name, size in SIZES.items():
        page.set_viewport_size(size)
        found += findings(page, f"player, {name}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.set_viewport_size(SIZES["laptop"])
    return found


def told(live: LiveClass) -> None:
    """The same from the alert in full; and who looked is kept."""
    page = live.page
    card(page, ANNA).locator(".incident-open").press("Enter")
    page.locator("#alert").get_by_role("button", name="Play the seconds around it").click()
    expect(page.locator("#player figure")).to_have_count(2)
    with page.expect_download(timeout=60_000) as taken:
        page.locator("#player-video").click()
    path = taken.value.path()
    assert taken.value.suggested_filename.endswith(".webm") and path.read_bytes().startswith(b"\x1a\x45\xdf\xa3")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert len(live.server.lines("evidence-viewed", "what=capsule", f"room={live.room.seeded.code}")) == 2
