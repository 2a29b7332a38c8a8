"""The teacher's page with a whole class: everybody on one screen, the strip, folding, the large view, two strokes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rooms.setup.room_settings import RoomSettings
from tests.browser.conftest import WIDE
from tests.browser.live_class import WAIT_MS, Begin, LiveClass
from tests.flows.live_server import LiveServer, wait_until

FORTY = [f"{first} {last}" for first in ("Anna", "Bilal", "Chloé", "Dario", "Emma") for last in "KLMNOPQR"]
ANNA = "Anna Kowalska"
PLACES = """() => {
  const box = document.querySelector("#grid-scroller").getBoundingClientRect();
  const inside = ({ top, bottom, left, right }) =>
    top >= box.top && bottom <= box.bottom && left >= box.left && right <= box.right;
  const places = [...document.querySelectorAll("#grid .tile")].map((tile) => tile.getBoundingClientRect());
  return {
    seen: places.filter(inside).length,
    columns: new Set(places.map(({ left }) => Math.round(left))).size,
    width: Math.min(...places.map(({ width }) => width)),
  };
}"""


@pytest.fixture(scope="session")
def server(blind_server: LiveServer) -> LiveServer:
    """Nothing here depends on what is seen."""
    return blind_server


def expect_places(page: Page, fits: Callable[[dict[str, float]], bool], what: str) -> None:
    """Wait until the tiles stand so."""
    wait_until(lambda: fits(page.evaluate(PLACES)), what)


def test_forty_students_are_on_one_screen_and_the_open_panel_moves_nobody(begin: Begin) -> None:
    live = begin(FORTY)
    page = live.page
    expect_places(page, lambda at: (at["seen"], at["columns"]) == (40, 8), "forty in eight columns beside the panel")
    page.click("#panel-fold")
    wide = "eight columns that are wider without the panel"
    expect_places(page, lambda at: (at["seen"], at["columns"]) == (40, 8) and at["width"] > 140, wide)
    page.reload()
    live.expect_connected()
    expect(page.locator("body"), "it stays folded").to_have_attribute("data-folded", "yes")


def test_two_strokes_lead_to_any_student(begin: Begin) -> None:
    live = begin(FORTY)
    page, names = live.page, sorted(FORTY)
    expect_places(page, lambda at: at["columns"] == 8, "eight columns")
    for keys, name in ((("Shift+A", "a"), names[0]), (("Shift+E", "h"), names[39]), (("Shift+C", "b"), names[17])):
        for key in keys:
            page.keyboard.press(key)
        expect(live.tile(name)).to_be_focused()
    page.keyboard.press("Shift+B")
    expect(page.locator("#grid .tile.is-named")).to_have_count(8)
    page.keyboard.press("Escape")
    expect(page.locator("#grid .tile.is-named")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+D")
    page.keyboard.press("c")
    expect(page.locator("#large-name"), "and from the large view").to_have_text(names[26])


def test_who_needs_somebody_stands_above_and_nobody_moves(begin: Begin) -> None:
    live = begin(FORTY).participant("Bilal L")
    page, bilal = live.page, live.students["Bilal L"]
    page.click("#room-start")
    live.expect_tile("Bilal L", "live")
    order = page.locator("#grid .tile-name").all_inner_texts()
    assert bilal.ask("camera", {"state": "unplugged"}) == {"ok": True}
    copy = page.locator("#needs button.tile")
    expect(copy).to_have_accessible_name("Bilal L, Camera unplugged")
    expect_places(page, lambda at: (at["seen"], at["columns"]) == (40, 8), "still forty in eight columns")
    assert page.locator("#grid .tile-name").all_inner_texts() == order
    copy.press("Enter")
    expect(page.locator("#large-name")).to_have_text("Bilal L")
    expect(page.locator("#needs"), "above the large view too").to_be_visible()
    assert bilal.ask("camera", {"state": "on"}) == {"ok": True}
    expect(page.locator("#needs")).to_be_hidden(timeout=WAIT_MS)


def test_under_the_pointer_a_picture_is_larger_and_comes_at_the_full_rate(begin: Begin) -> None:
    live = begin(FORTY).participant("Bilal L")
    page, bilal = live.page, live.students["Bilal L"]
    live.expect_tile("Bilal L", "live")
    bilal.forget()
    live.tile("Bilal L").hover()
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator(".preview-name")).to_have_text("Bilal L")
    bilal.wait_for("capture", lambda told: told["width"] == 320 and told["fps"] == 5)
    bilal.forget()
    page.mouse.move(2, 2)
    expect(page.locator("#preview")).to_be_hidden()
    bilal.wait_for("capture", lambda told: told["fps"] < 5)


def test_messages_open_over_what_was_there_and_escape_returns(begin: Begin) -> None:
    live = begin([ANNA])
    page, body = live.page, live.page.locator("body")
    page.click("#panel-fold")
    live.tile(ANNA).focus()
    page.keyboard.press("3")
    expect(page.locator("#pane-chat")).to_be_visible()
    page.locator("#pane-chat button").first.focus()
    page.keyboard.press("Escape")
    expect(body).to_have_attribute("data-folded", "yes")
    expect(live.tile(ANNA)).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("#pane-alerts")).to_be_visible()
    live.tile(ANNA).click()
    page.click("#large-chat")
    page.keyboard.press("Escape")
    expect(page.locator("#pane-alerts"), "what it was opened over").to_be_visible()
    expect(page.locator("#large"), "one step at a time").to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#large")).to_be_hidden()
    page.keyboard.press("1")
    expect(body).to_have_attribute("data-folded", "yes")


def test_the_large_view_is_one_large_picture_with_its_actions_beside(begin: Begin) -> None:
    live = begin([ANNA]).participant(ANNA)
    page = live.page
    live.expect_tile(ANNA, "live")
    page.click("#panel-fold")
    live.tile(ANNA).click()
    box = page.locator(".large-frame").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"] * 4 / 3) > 700, "the picture was 438 pixels wide"
    for button in ("#large-chat", "#large-adjust", "#large-photo", "#large-remove", "#large-close"):
        expect(page.locator(button)).to_be_in_viewport()
    expect(page.locator("#large-pane-scores")).to_be_hidden()
    page.locator("#large-tab-alerts").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#large-tab-scores")).to_be_focused()
    expect(page.locator("#large-pane-scores")).to_contain_text("Review priority")
    expect(page.locator("#large-name"), "arrows of the tabs turn no student").to_have_text(ANNA)


def test_the_picture_of_a_phone_lies_in_the_corner_and_is_swapped_by_a_click(
    server: LiveServer, browser: Callable[[str], Browser]
) -> None:
    page = browser("one_face").new_page(viewport=WIDE, locale="en-GB")
    live = LiveClass(server, page, [ANNA], RoomSettings(phones=("head",))).open()
    live.students[ANNA].connect().wait_for("welcome")
    live.students[ANNA].connect_phone("head")
    live.students[ANNA].enter()
    live.tile(ANNA).click()
    phone, webcam = page.locator(".large-phone"), page.locator(".large-frame")
    expect(phone).to_be_visible(timeout=WAIT_MS)
    assert width_of(phone) < width_of(webcam) / 3
    page.get_by_role("button", name="Show this picture large").click()
    assert width_of(webcam) < width_of(phone) / 3
    page.get_by_role("button", name="Show the webcam large").press("Enter")
    assert width_of(phone) < width_of(webcam) / 3
    live.close()
    page.close()


def width_of(view: Locator) -> float:
    """How wide an element is, in pixels."""
    return float(view.evaluate("(one) => one.getBoundingClientRect().width"))


def test_the_patrol_looks_at_whom_was_looked_at_least(begin: Begin) -> None:
    live = begin(FORTY[:4]).participant()
    page = live.page
    for name in FORTY[:4]:
        live.expect_tile(name, "live")
    page.keyboard.press("p")
    looked = page.locator("#grid .tile.is-looked-at")
    expect(looked).to_contain_text(FORTY[0])
    expect(looked, "the next one, when it is time").to_contain_text(FORTY[1], timeout=WAIT_MS)
    expect(page.locator("#patrol-words")).to_contain_text("2 not yet", timeout=WAIT_MS)
    page.keyboard.press("p")
    expect(page.locator("#patrol")).to_have_attribute("aria-pressed", "false")
    kept = f"localStorage.getItem('live.looks.{live.room.seeded.id}')"
    wait_until(lambda: page.evaluate(kept), "kept in this browser")
