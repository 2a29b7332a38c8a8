"""What the watching eye sees, as a teacher reads it: a phone, a look away, another person at the same place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import media
from tests.browser.incidents import alerts, is_listed, open_alert
from tests.browser.people import Room, Student, Teacher
from tests.flows.live_server import LiveServer, wait_until

LONG_MS = 90_000
NewStudent = Callable[..., Student]


@pytest.fixture(scope="module", autouse=True)
def needed(media_dir: Path, models_dir: Path) -> None:
    """Skip all of this where clips, models or the program that reads clips are missing."""
    if shutil.which("ffmpeg") is None:
        media.absent("no ffmpeg to make cameras of clips", {})
    assert media_dir.is_dir()
    assert models_dir.is_dir()


@pytest.fixture
def room(watching: LiveServer, new_teacher: Callable[..., Teacher]) -> Room:
    """A room in which alerts come early."""
    room = new_teacher(at=watching).open_room("Watched", exam="# Question 1")
    page = room.teacher.page
    page.goto(f"{watching.url}/rooms/{room.id}/settings")
    page.check("#preset-strict")
    page.click("form.room-form button:not([type])")
    expect(page.locator(".note-good")).to_be_visible()
    return room


def start(room: Room) -> Page:
    """Open the teacher's live page and start the exam."""
    page = room.teacher.page
    page.goto(f"{room.teacher.address}/rooms/{room.id}")
    page.click("#room-start")
    expect(page.locator("#room-pause")).to_be_visible()
    return page


def expect_alert(page: Page, name: str, kind: str, words: str) -> None:
    """Wait for an alert and read it in full: the picture, and what was seen in words with numbers."""
    found = alerts(page, name, kind)
    wait_until(lambda: is_listed(page, found), f"{kind} of {name}", LONG_MS / 1000)
    open_alert(found)
    expect(page.locator("#alert-text")).to_contain_text(words)
    picture = page.locator("#alert-picture img")
    wait_until(lambda: picture.evaluate("(image) => image.naturalWidth") > 0, "the picture is loaded")


@pytest.mark.timeout(400)
def test_a_phone_and_a_look_away_are_shown_and_explained(room: Room, new_student: NewStudent) -> None:
    phone = new_student("Bo Chen", "phone").create_participant(room.code)
    turned = new_student("Ali Hassan", "turned").create_participant(room.code)
    page = start(room)
    expect_alert(page, phone.name, "Phone", "A phone was seen in")
    expect(page.locator("#alert-picture canvas.alert-marks")).to_have_count(1)
    expect(page.locator("#alert-record")).to_have_text("Nobody has judged an alert of this kind here yet.")
    page.keyboard.press("Escape")
    expect_alert(page, turned.name, "Looking away", "Looked to the")
    page.keyboard.press("Escape")
    tile = page.locator("#grid button.tile", has_text=phone.name)
    expect(tile.locator(".tile-attention")).to_contain_text("Away", timeout=LONG_MS)
    expect(page.locator("#needs button.tile"), "the phone is critical").to_contain_text(phone.name)
    expect(page.locator("#needs .tile-mark")).to_contain_text("Phone")
    assert_explained(page, phone.name)


def assert_explained(page: Page, name: str) -> None:
    """In the large view the review priority is told with its parts, and an accommodation shows as "adjusted" alone."""
    page.locator("#grid button.tile", has_text=name).click()
    expect(page.locator("#large-parts")).to_contain_text("from Phone")
    page.click("#large-adjust")
    page.check("#adjust-reads_aloud")
    page.click("#adjust-keep")
    expect(page.locator("#large-details")).to_contain_text("AdjustedYes")
    page.keyboard.press("Escape")


@pytest.mark.timeout(200)
def test_the_usual_position_is_taken_by_looking_at_dots(room: Room, new_student: NewStudent) -> None:
    student = new_student("Ana Ruiz", "one_face").join(room.code).agree()
    student.pass_check()
    page = student.page
    page.click("div[data-part=pictures] [data-skip]")
    words, dots = page.locator("div[data-part=dots] .try-text"), page.locator("#dots")
    page.click("div[data-part=dots] [data-begin]")
    expect(dots.locator(".dot")).to_have_attribute("data-target", "top_left", timeout=LONG_MS)
    page.keyboard.press("Escape")
    expect(dots).to_be_hidden()
    expect(words).to_contain_text("Stopped.")
    page.click("div[data-part=dots] [data-begin]")
    expect(words).to_have_text("Your usual position is known.", timeout=LONG_MS)
    page.click("div[data-part=dots] [data-next]")
    student.expect_step("wait")


@pytest.mark.timeout(400)
def test_another_person_at_the_same_participant(
    room: Room, new_student: NewStudent, browser: Callable[[str], Browser], watching: LiveServer
) -> None:
    student = new_student("Zoé Martin", "one_face").join(room.code).agree()
    student.pass_check()
    student.page.click("div[data-part=pictures] [data-begin]")
    student.page.click("div[data-part=pictures] [data-next]", timeout=LONG_MS)
    student.page.click("div[data-part=dots] [data-skip]")
    student.expect_step("wait")
    page = start(room)
    expect(page.locator("#grid .tile-sign[data-identity]")).not_to_have_attribute("data-identity", "unknown")
    change_user(student, browser("comes_and_goes"), watching)
    student.expect_step("exam")
    expect_alert(page, student.name, "Another person", "The face did not match")
    expect(page.locator('#grid .tile-sign[data-identity="mismatch"]')).to_have_count(1)


def change_user(student: Student, browser: Browser, server: LiveServer) -> None:
    """Let somebody else go on in the student's place, at a camera of their own."""
    participant = student.context.storage_state()
    student.context.close()
    student.context = browser.new_context(storage_state=participant, locale="en-GB")
    student.context.grant_permissions(["camera"], origin=server.url)
    student.page = student.context.new_page()
    student.page.goto(f"{server.url}/participant")


def test_several_faces_are_seen_in_the_check(new_student: NewStudent, room: Room) -> None:
    group = new_student("Group", camera="several").join(room.code).agree()
    expect(group.page.locator('[data-check="face"]')).to_have_attribute("data-mark", "bad", timeout=30_000)
    expect(group.page.locator('[data-check="face"]')).to_contain_text("More than one face")
