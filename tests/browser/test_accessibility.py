"""No page keeps anybody out: axe-core finds nothing on any of them, in light and dark colours, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from rooms.setup.room_settings import RoomSettings
from tests.browser.axe import findings
from tests.browser.live_class import WAIT_MS, LiveClass
from tests.browser.people import Room, Student, Teacher
from tests.browser.phones import Phone, come_to_phones, go_on, scan
from tests.flows.live_server import LiveServer

LAPTOP = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
pytestmark = pytest.mark.timeout(400)

PAPER = "# Photosynthesis\n\nName **two** products.\n\n" + "\n\n".join(f"Line {n}" for n in range(60))
NAMES = ("Anna Kowalska", "Bilal Haddad", "Léa Dubois")
SAY = """async () => {
  const { Hints } = await import("/static/js/student/exam/hints.js");
  new Hints(document.querySelector("#hints")).take({ kind: "dark", text: "It is too dark." });
}"""


def wide_and_narrow(page: Page, place: str) -> list[str]:
    """What axe finds on a screen of each kind."""
    found = findings(page, place)
    page.set_viewport_size(PHONE)
    found += findings(page, f"{place}, narrow")
    page.set_viewport_size(LAPTOP)
    return found


@pytest.fixture
def page(browser: Callable[[str], Browser]) -> Iterator[Page]:
    """Somebody whom the server does not know."""
    made = browser("one_face").new_page(viewport=LAPTOP, locale="en-GB")
    yield made
    made.close()


def test_pages_for_everybody(page: Page, server: LiveServer) -> None:
    found = []
    for path in ("/", "/login", "/register", "/phone", "/phone/join?t=x", "/phone/closed", "/nowhere", "/co/x"):
        page.goto(server.url + path)
        found += wide_and_narrow(page, path)
    page.goto(server.url)
    page.fill("#code", "000000")
    page.fill("#name", "Ana")
    page.click("#join-form button[type=submit]")
    found += wide_and_narrow(page, "/join refused")
    assert not found, "\n".join(found)


def test_pages_of_a_teacher(new_teacher: Callable[..., Teacher]) -> None:
    teacher = new_teacher()
    page, found = teacher.page, wide_and_narrow(teacher.page, "/rooms, none")
    room = teacher.open_room("Physics", exam="# Light", sensors=("phone.arm=required", "sound"))
    found += wide_and_narrow(page, "/rooms")
    edges = (
        f"/rooms/{room.id}/settings",
        f"/rooms/{room.id}/photos",
        f"/rooms/{room.id}/report",
        "/rooms/past",
        "/rooms/x",
        "/record/x",
    )
    for path in ("/account", "/people", "/health", "/rooms/new", *edges):
        page.goto(teacher.address + path)
        found += wide_and_narrow(page, path.replace(room.id, "…"))
    page.goto(f"{teacher.address}/rooms/{room.id}")
    expect(page.locator("body")).to_have_attribute("data-connection", "connected", timeout=WAIT_MS)
    found += wide_and_narrow(page, "an empty live room")
    assert not found, "\n".join(found)


def test_the_live_page(server: LiveServer, page: Page) -> None:
    live = LiveClass(server, page, NAMES, RoomSettings(admit_by_hand=True))
    try:
        live.open().participant("Anna Kowalska", "Léa Dubois").fail_the_check("Bilal Haddad")
        page.click("#tab-waiting")
        expect(page.locator(".waiting-picture[data-painted]")).to_have_count(3, timeout=WAIT_MS)
        found = wide_and_narrow(page, "waiting room")
        page.click("#room-start")
        expect(page.locator("#ask")).to_be_visible()
        found += findings(page, "question before the start")
        page.click("#ask-yes")
        page.click("#admit-all")
        live.hide_page("Léa Dubois")
        live.students["Bilal Haddad"].ask("chat", {"client_id": "c1", "text": "Is 7b right?"})
        page.click("#tab-alerts")
        expect(live.alerts("Léa Dubois")).to_have_count(1, timeout=WAIT_MS)
        live.expect_tile("Anna Kowalska", "live")
        found += wide_and_narrow(page, "grid and alerts")
        page.locator("body").press("o")
        expect(page.locator("#alert")).to_be_visible()
        found += wide_and_narrow(page, "an alert")
        page.keyboard.press("Escape")
        page.click("#tab-chat")
        found += wide_and_narrow(page, "conversations")
        live.tile("Bilal Haddad").click()
        found += wide_and_narrow(page, "large view")
        page.click("#large-adjust")
        found += findings(page, "accommodations")
        page.keyboard.press("Escape")
        page.click("#large-chat")
        found += wide_and_narrow(page, "one conversation")
        for key in ("keys", "code"):
            page.evaluate("(id) => document.getElementById(id).showModal()", key)
            found += findings(page, f"window: {key}")
            page.keyboard.press("Escape")
        assert not found, "\n".join(found)
    finally:
        live.close()


def test_pages_of_a_student(new_teacher: Callable[..., Teacher], new_student: Callable[..., Student]) -> None:
    room = new_teacher().open_room("Biology", exam=PAPER, admit_by_hand=True)
    line, ana = room.line(), new_student().join(room.code)
    page, found = ana.page, wide_and_narrow(ana.page, "notice")
    ana.agree()
    expect(page.locator("#go")).to_be_enabled(timeout=WAIT_MS)
    found += wide_and_narrow(page, "system check")
    page.click("#go")
    for step in ana.extra_steps():
        found += wide_and_narrow(page, f"step: {step}")
        page.click(f"div[data-part={step}] [data-skip]")
    ana.expect_step("wait")
    found += wide_and_narrow(page, "waiting room")
    line.ask("admit", participant=line.wait_for_student(ana.name, state="waiting")["id"], admit=True)
    line.ask("room", state="running")
    ana.expect_step("exam")
    found += take_the_exam(ana, room)
    line.ask("room", state="paused")
    ana.expect_step("paused")
    found += wide_and_narrow(page, "paused")
    page.click("#leave")
    found += findings(page, "leaving")
    page.click("#leave-dialog [data-leave]")
    ana.expect_step("left")
    found += wide_and_narrow(page, "left")
    page.goto(f"{ana.address}/closed")
    found += wide_and_narrow(page, "/closed")
    assert not found, "\n".join(found)


def take_the_exam(ana: Student, room: Room) -> list[str]:
    page, line = ana.page, room.line()
    line.ask("chat", client_id="a1", to={"kind": "all"}, text="Question 7 has a mistake.")
    expect(page.locator("#announcement")).to_be_visible()
    ana.say("Thank you")
    page.evaluate(SAY)
    page.locator("summary", has_text="Rules of this exam").click()
    found = wide_and_narrow(page, "exam")
    page.set_viewport_size(PHONE)
    page.click("#chat-toggle")
    found += findings(page, "exam with messages, narrow")
    page.click(".chat-panel [data-close]")
    page.set_viewport_size(LAPTOP)
    return found


def test_pages_of_a_phone(
    new_teacher: Callable[..., Teacher], new_student: Callable[..., Student], new_phone: Callable[..., Phone]
) -> None:
    room = new_teacher().open_room("Chemistry", exam=PAPER, sensors=("phone.room=required",))
    ana = come_to_phones(new_student(), room)
    found = wide_and_narrow(ana.page, "step: phones")
    phone = new_phone()
    phone.page.goto(f"{phone.address}/phone")
    phone.open(scan(ana.page.locator(".phone-lines .qr")))
    expect(phone.page.locator("#start")).to_be_visible()
    found += findings(phone.page, "a phone's start")
    phone.start()
    phone.expect_verdict("good")
    found += findings(phone.page, "a phone at work")
    go_on(ana)
    expect(ana.page.locator("#marker svg")).to_be_visible(timeout=WAIT_MS)
    found += wide_and_narrow(ana.page, "with a phone beside the participant")
    phone.page.tap("#unpair")
    found += findings(phone.page, "disconnecting a phone")
    phone.page.tap("[data-leave]")
    expect(phone.page.locator("#phone-end h1")).to_be_visible()
    found += findings(phone.page, "a phone that was disconnected")
    assert not found, "\n".join(found)
