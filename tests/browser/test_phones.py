"""Phones beside the webcam, in a real browser against a real server: paired by the real code, heard, lost and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.people import Line, Room, Student, Teacher
from tests.browser.phones import EYES, MOVE, SLOW_MS, Phone, come_to_phones, go_on, line_of, scan
from tests.flows.live_server import wait_until

NewPhone = Callable[..., Phone]
NewStudent = Callable[..., Student]


def open_room(teacher: Teacher, *sensors: str) -> Room:
    return teacher.open_room("Phones", exam="# Algebra", sensors=sensors)


def state_of(line: Line, name: str, role: str, **wanted: Any) -> dict[str, Any]:
    """Wait until the teacher's page was told this of one phone."""

    def fits(one: dict[str, Any]) -> bool:
        phones = {phone["role"]: phone for phone in one["phones"]}
        return one["name"] == name and all(phones[role][field] == value for field, value in wanted.items())

    return dict(line.wait_for("participant", fits))


def test_a_phone_is_paired_by_its_picture_code_and_comes_back_by_itself(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.arm=required")
    line = room.line()
    line.ask("room", state="running")
    ana = come_to_phones(new_student(), room)
    picture = ana.page.locator(".phone-lines .qr")
    expect(picture).to_be_visible()
    link = scan(picture)
    assert link == picture.get_attribute("data-link")

    arm = new_phone().open(link).start()
    arm.expect_verdict("good")
    expect(line_of(ana, "arm")).to_have_attribute("data-mark", "good", timeout=SLOW_MS)
    state_of(line, ana.name, "arm", state="connected", healthy=True)
    go_on(ana)
    ana.expect_step("exam")

    arm.context.set_offline(True)
    arm.expect_verdict("bad")
    expect(ana.page.locator("#hints")).to_contain_text("Phone on the arm: Lost")
    state_of(line, ana.name, "arm", state="lost")
    arm.context.set_offline(False)
    arm.expect_verdict("good")
    expect(ana.page.locator("#hints")).to_be_empty()
    expect(ana.page.locator('#phones [data-role="arm"]')).to_have_attribute("data-mark", "good")


def test_a_page_that_was_closed_goes_on_when_it_is_opened_again(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.room=required")
    ana = come_to_phones(new_student(), room)
    phone = new_phone().open(scan(ana.page.locator(".phone-lines .qr"))).start()
    phone.expect_verdict("good")
    phone.page.goto("about:blank")
    expect(line_of(ana, "room")).to_have_attribute("data-mark", "bad", timeout=SLOW_MS)
    phone.page.add_init_script(f"({MOVE})()")
    phone.page.goto(f"{phone.address}/phone")
    phone.expect_verdict("good")
    expect(line_of(ana, "room")).to_have_attribute("data-mark", "good", timeout=SLOW_MS)


def test_a_needed_phone_without_its_sensor_blocks_the_start(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.arm=required", "phone.head=allowed")
    ana = come_to_phones(new_student(), room)
    next_button = ana.page.locator("div[data-part=phones] [data-next]")
    expect(next_button).to_be_disabled()
    expect(ana.page.locator(".phones-note")).to_contain_text("Still missing: Phone on the arm")
    still = new_phone().type_code(ana.page.locator(".pair-code").inner_text()).start(moves=False)
    still.expect_verdict("bad")
    expect(still.page.locator("#missing")).to_contain_text("This phone reports no movement.")
    expect(line_of(ana, "arm")).to_contain_text("Its motion sensor sends nothing", timeout=SLOW_MS)
    expect(next_button).to_be_disabled()

    line_of(ana, "arm").get_by_role("button").click()
    expect(ana.page.locator(".phone-lines .qr")).to_be_visible()
    good = new_phone().open(scan(ana.page.locator(".phone-lines .qr"))).start()
    good.expect_verdict("good")
    expect(still.page.locator("#phone-end h1")).to_have_text("This page is no longer used")
    expect(next_button).to_be_enabled(timeout=SLOW_MS)


def test_a_code_is_good_once(new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone) -> None:
    room = open_room(new_teacher(), "phone.room=required")
    ana = come_to_phones(new_student(), room)
    link = scan(ana.page.locator(".phone-lines .qr"))
    new_phone().open(link).start()
    neighbour = new_phone().open(link)
    expect(neighbour.page.locator("#join-error")).to_contain_text("has already been used")
    wrong = new_phone().type_code("ABCD EFGH")
    expect(wrong.page.locator("#join-error")).to_be_visible()


def test_a_head_phone_shows_its_rear_camera_and_can_be_given_up(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.head=allowed")
    line = room.line()
    ana = come_to_phones(new_student(), room)
    line_of(ana, "head").get_by_role("button").click()
    head = new_phone().open(scan(ana.page.locator(".phone-lines .qr"))).start(moves=False)
    head.expect_verdict("good")
    participant = state_of(line, ana.name, "head", state="connected", camera="on")
    line.ask("watch", participants=[], focus=participant["id"])
    line.wait_for("tiles", lambda index: any(tile[4:] == ["head"] for tile in index["tiles"]))

    head.page.tap("#unpair")
    head.page.tap("[data-leave]")
    expect(head.page.locator("#phone-end h1")).to_have_text("This phone is disconnected")
    assert head.page.evaluate("document.querySelector('video').srcObject") is None
    state_of(line, ana.name, "head", state="missing")

    line_of(ana, "head").get_by_role("button").click()
    new_phone().open(scan(ana.page.locator(".phone-lines .qr")))
    state_of(line, ana.name, "head", state="paired")
    head.page.goto(f"{head.address}/phone")
    expect(head.page.locator("#phone-code")).to_be_visible()
    expect(head.page.locator("body")).not_to_contain_text("Another phone took this place")


def test_a_dark_screen_comes_back_at_a_touch(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.room=required")
    ana = come_to_phones(new_student(), room)
    phone = new_phone().open(scan(ana.page.locator(".phone-lines .qr"))).start()
    phone.expect_verdict("good")
    phone.page.tap("#darken")
    expect(phone.page.locator("#dark")).to_be_visible()
    phone.page.tap("#dark")
    expect(phone.page.locator("#dark")).to_be_hidden()
    phone.page.tap("#darken")
    phone.context.set_offline(True)
    expect(phone.page.locator("#dark")).to_be_hidden(timeout=SLOW_MS)


def test_a_phone_that_films_the_screen_proves_it_by_the_code(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.head=required")
    ana = come_to_phones(new_student(), room)
    head = new_phone()
    head.page.add_init_script(EYES)
    head.open(scan(ana.page.locator(".phone-lines .qr"))).start(moves=False)
    expect(ana.page.locator("#marker svg")).to_be_visible(timeout=SLOW_MS)
    sees = line_of(ana, "head").get_by_text("It sees your screen.")

    def looked() -> bool:
        head.look_at(ana.page)
        return bool(sees.is_visible())

    wait_until(looked, "two codes were seen on the screen")
    head.expect_verdict("good")


def test_a_phone_that_is_lost_before_the_start_brings_the_student_back_to_it(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.room=required")
    ana = come_to_phones(new_student(), room)
    phone = new_phone().open(scan(ana.page.locator(".phone-lines .qr"))).start()
    phone.expect_verdict("good")
    ana.page.click("div[data-part=phones] [data-next]", timeout=SLOW_MS)
    expect(ana.page.locator("div[data-part=phones]")).to_be_hidden()
    phone.page.goto("about:blank")
    expect(line_of(ana, "room")).to_have_attribute("data-mark", "bad", timeout=SLOW_MS)
    for step in ana.extra_steps():
        ana.page.click(f"div[data-part={step}] [data-skip]")
    expect(ana.page.locator("div[data-part=phones]")).to_be_visible()
    expect(ana.page.locator(".phones-note")).to_contain_text("Still missing: Phone in the room")


def test_another_phone_takes_the_place_of_a_lost_one_during_the_exam(
    new_teacher: Callable[..., Teacher], new_student: NewStudent, new_phone: NewPhone
) -> None:
    room = open_room(new_teacher(), "phone.room=required")
    room.become("running")
    ana = come_to_phones(new_student(), room)
    first = new_phone().open(scan(ana.page.locator(".phone-lines .qr"))).start()
    first.expect_verdict("good")
    go_on(ana)
    ana.expect_step("exam")
    first.page.goto("about:blank")
    expect(ana.page.locator("#hints")).to_contain_text("Phone in the room: Lost", timeout=SLOW_MS)
    ana.page.click("#phones .btn")
    picture = ana.page.locator("#phone-dialog .qr")
    expect(picture).to_be_visible()
    new_phone().open(scan(picture)).start().expect_verdict("good")
    expect(ana.page.locator("#phone-dialog")).to_be_hidden()
    expect(ana.page.locator('#phones [data-role="room"]')).to_have_attribute("data-mark", "good", timeout=SLOW_MS)
    expect(ana.page.locator("#hints")).to_be_empty()
