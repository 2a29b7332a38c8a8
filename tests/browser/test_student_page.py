"""The student's side in a real browser against a real server."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from rooms.protocol.tickets import Tickets
from tests.browser.people import Line, Room, Student, Teacher
from tests.flows.live_server import LiveServer

PAPER = "# Photosynthesis\n\nName **two** products."
HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

# Gives the page an old ticket the first time it is loaded, as a page that was left open overnight has one.
OLD_TICKET = """document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive" || sessionStorage.getItem("given")) return;
  sessionStorage.setItem("given", "yes");
  const data = document.getElementById("page-data");
  data.textContent = JSON.stringify({ ...JSON.parse(data.textContent), ticket: "TICKET" });
});"""

NewStudent = Callable[..., Student]


@pytest.fixture(scope="session")
def server(blind_server: LiveServer) -> LiveServer:
    """Nothing here depends on what is seen."""
    return blind_server


@pytest.fixture
def room(new_teacher: Callable[..., Teacher]) -> Room:
    return new_teacher().open_room("Biology 3B", exam=PAPER)


@pytest.fixture
def line(room: Room) -> Line:
    return room.line()


def test_a_student_comes_in_step_by_step(new_teacher: Callable[..., Teacher], new_student: NewStudent) -> None:
    room = new_teacher().open_room("Biology, by hand", exam=PAPER, admit_by_hand=True)
    line = room.line()
    ana = new_student()
    ana.join(f"{room.code[:3]}-{room.code[3:]}")
    expect(ana.page.locator("h1")).to_have_text("Before you start")
    expect(ana.page.locator("body")).to_contain_text("30 days after the end of the exam")
    ana.agree()
    ana.expect_step("check")
    expect(ana.page.locator('[data-check="camera"]')).to_have_attribute("data-mark", "good")
    expect(ana.page.locator('[data-check="connection"]')).to_have_attribute("data-mark", "good")
    ana.go_in()
    ana.expect_step("wait")
    waiting = line.wait_for_student(ana.name, state="waiting", camera="on")
    line.ask("admit", participant=waiting["id"], admit=True)
    expect(ana.page.locator("#waits-for-start")).to_be_visible()
    line.ask("room", state="running")
    ana.expect_step("exam")
    expect(ana.page.locator("#paper strong")).to_have_text("two")
    expect(ana.page.locator("#sending")).to_contain_text("Sends")


def test_messages_go_both_ways_and_are_shown_as_text(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student().create_participant(room.code)
    ana.expect_step("wait")
    ana.say("May I <b>ask</b>? 😀")
    assert line.wait_for("chat", lambda m: m["from"]["name"] == ana.name)["text"] == "May I <b>ask</b>? 😀"
    participant = line.wait_for_student(ana.name, state="admitted")
    ana.page.set_viewport_size({"width": 390, "height": 844})
    to = {"kind": "student", "id": participant["id"]}
    line.ask("chat", client_id="a1", to=to, text="<img src=x onerror=alert(1)>")
    expect(ana.page.locator("#chat-toggle .count")).to_have_text("1")
    assert ana.page.title().startswith("(1)")
    ana.page.click("#chat-toggle")
    expect(ana.page.locator(".chat-log")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(ana.page.locator("#chat-toggle .count")).to_be_hidden()


def test_a_denied_camera_is_explained_and_does_not_lock_out(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student(allowed=False).join(room.code).agree()
    camera = ana.page.locator('[data-check="camera"]')
    expect(camera).to_have_attribute("data-mark", "bad")
    expect(camera.locator(".mend")).to_contain_text("address bar")
    line.wait_for_student(ana.name, camera="denied")
    expect(ana.page.locator("#go")).to_have_text("Go on anyway", timeout=25_000)
    ana.go_in()
    line.wait_for_student(ana.name, state="admitted")


def test_a_camera_allowed_later_is_used_without_a_reload(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student(allowed=False).join(room.code).agree()
    line.wait_for_student(ana.name, camera="denied")
    ana.context.grant_permissions(["camera"], origin=ana.address)
    line.wait_for_student(ana.name, camera="on")


def test_a_withdrawn_permission_is_told_as_such(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student().create_participant(room.code)
    line.wait_for_student(ana.name, camera="on", state="admitted")
    ana.context.clear_permissions()
    line.wait_for_student(ana.name, camera="denied")
    expect(ana.page.locator("#preview-retry")).to_be_visible()


def test_a_hidden_page_is_told_as_such_and_goes_on_sending(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student().create_participant(room.code)
    participant = line.wait_for_student(ana.name, state="admitted", page="visible")
    ana.page.evaluate(HIDE)
    line.wait_for_student(ana.name, page="hidden")
    line.ask("watch", participants=[participant["id"]], focus=None)
    line.wait_for("tiles", lambda index: index is not None)


def test_a_second_tab_takes_over_and_the_first_says_so(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student().create_participant(room.code)
    participant = line.wait_for_student(ana.name, state="admitted")
    second = ana.context.new_page()
    second.goto(f"{ana.address}/participant")
    ana.expect_step("replaced")
    expect(second.locator("main")).to_have_attribute("data-step", "wait")
    ana.page.click("text=Go on in this tab")
    ana.expect_step("wait")
    expect(second.locator("main")).to_have_attribute("data-step", "replaced")
    assert line.student(ana.name)["id"] == participant["id"]


def test_a_reload_keeps_identity_messages_and_exam(new_student: NewStudent, room: Room, line: Line) -> None:
    room.become("running")
    ana = new_student().create_participant(room.code)
    ana.expect_step("exam")
    participant = line.wait_for_student(ana.name, state="admitted")
    ana.say("Before the reload")
    line.wait_for("chat", lambda m: m["text"] == "Before the reload")
    ana.page.reload()
    ana.expect_step("exam")
    expect(ana.page.locator(".chat-log")).to_contain_text("Before the reload")
    line.wait_for_student(ana.name, id=participant["id"], online=True, camera="on")


def test_a_message_not_sent_before_a_reload_is_sent_after_it(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student().create_participant(room.code)
    participant = line.wait_for_student(ana.name, state="admitted")
    # as the page itself leaves it when the network goes and the student loads the page again
    ana.page.evaluate(
        "([key, kept]) => sessionStorage.setItem(key, kept)",
        [f"exam-{participant['id']}-unsent", json.dumps([{"clientId": "kept-1", "text": "My network was gone"}])],
    )
    ana.page.reload()
    line.wait_for("chat", lambda m: m["client_id"] == "kept-1" and m["text"] == "My network was gone")
    expect(ana.page.locator(".message.unsent")).to_have_count(0)


def test_an_expired_ticket_loads_the_page_once_more(
    new_student: NewStudent, room: Room, line: Line, server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_student().create_participant(room.code)
    participant = line.wait_for_student(ana.name, state="admitted")
    with monkeypatch.context() as long_ago:
        long_ago.setattr("itsdangerous.timed.time.time", lambda: 1_600_000_000)
        expired = Tickets(server.settings.secret()).issue_student(room.id, participant["id"])
    ana.page.add_init_script(OLD_TICKET.replace("TICKET", expired))
    loads: list[str] = []
    ana.page.on("request", lambda request: loads.append(request.url) if request.url.endswith("/participant") else None)
    ana.page.goto(f"{ana.address}/participant")
    ana.expect_step("wait")
    assert len(loads) == 2


def test_pause_removal_and_end_are_explained(new_student: NewStudent, room: Room, line: Line) -> None:
    line.ask("room", state="running")
    ana, ben = new_student("Ana"), new_student("Ben", camera="another_face")
    for student in (ana, ben):
        student.create_participant(room.code).expect_step("exam")
    line.ask("room", state="paused")
    ana.expect_step("paused")
    expect(ana.page.locator("#paper")).to_be_hidden()
    line.ask("remove", participant=line.wait_for_student("Ben", state="admitted")["id"])
    ben.expect_step("removed")
    ben.page.goto(f"{ben.address}/participant")
    expect(ben.page.locator("h1")).to_have_text("Your teacher closed your place")
    line.ask("room", state="ended")
    ana.expect_step("ended")
    assert ana.page.evaluate("document.querySelector('video').srcObject") is None


def test_handing_in_asks_once_more_and_ends_the_participant(new_student: NewStudent, room: Room, line: Line) -> None:
    ana = new_student().create_participant(room.code)
    ana.expect_step("wait")
    ana.page.click("#leave")
    ana.page.click("[data-stay]")
    line.wait_for_student(ana.name, state="admitted")
    ana.page.click("#leave")
    ana.page.click("[data-leave]")
    ana.expect_step("left")
    expect(ana.page.locator("#leave-dialog")).to_be_hidden()
    expect(ana.page.locator("#leave-dialog .problem")).to_be_empty()
    line.wait_for_student(ana.name, state="left")
    ana.page.get_by_role("link", name="To the start page").click()
    expect(ana.page.locator("#join-form")).to_be_visible()
    expect(ana.page.locator(".held-participant")).to_have_count(0)


def test_one_can_leave_during_the_check_and_come_back_with_the_code(
    new_student: NewStudent, room: Room, line: Line
) -> None:
    ana = new_student().join(room.code).agree()
    ana.expect_step("check")
    ana.page.click("#leave")
    dialog = ana.page.locator("#leave-dialog")
    expect(dialog).to_contain_text("join again with the code")
    expect(dialog).not_to_contain_text("finished", use_inner_text=True)
    dialog.get_by_role("button", name="Leave", exact=True).click()
    ana.expect_step("left")
    line.wait_for_student(ana.name, state="left")
    ana.create_participant(room.code).expect_step("wait")


def test_a_killed_server_costs_nothing(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, own_server: LiveServer
) -> None:
    room = new_teacher(at=own_server).open_room("Survives", exam=PAPER)
    room.become("running")
    ana = new_student(at=own_server).create_participant(room.code)
    ana.expect_step("exam")
    own_server.kill()
    expect(ana.page.locator("#trouble")).to_be_visible(timeout=30_000)
    ana.say("Are you there?")
    expect(ana.page.locator(".message.unsent")).to_be_visible()
    own_server.start()
    expect(ana.page.locator("#trouble")).to_be_hidden(timeout=30_000)
    ana.expect_step("exam")
    expect(ana.page.locator(".message.unsent")).to_have_count(0)
    line = room.line()
    sent = line.wait_for("welcome", lambda welcome: welcome["messages"])["messages"]
    assert [message["text"] for message in sent] == ["Are you there?"]
    line.wait_for_student(ana.name, online=True, camera="on")


def test_the_keyboard_alone_gets_a_student_in(new_student: NewStudent, room: Room) -> None:
    ana = new_student()
    ana.page.goto(ana.address)
    ana.page.keyboard.type(room.code)
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.type(ana.name)
    ana.page.keyboard.press("Enter")
    ana.page.locator("#agree").focus()
    ana.page.keyboard.press("Space")
    ana.page.keyboard.press("Enter")
    ana.expect_step("check")
    expect(ana.page.locator("#go")).to_be_enabled(timeout=30_000)
    ana.page.locator("#go").focus()
    ana.page.keyboard.press("Enter")
    for step in ana.extra_steps():
        expect(ana.page.locator(f"div[data-part={step}] h1")).to_be_focused()
        for key in ("Tab", "Tab", "Enter"):  # past "do it" to "go on without"
            ana.page.keyboard.press(key)
    ana.expect_step("wait")
