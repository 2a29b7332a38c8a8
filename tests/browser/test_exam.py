"""One exam from end to end: a teacher, three students with fake webcams, alerts, chat, and a server that is killed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.incidents import card, unfold
from tests.browser.live_class import expect_connected
from tests.browser.people import Room, Student, Teacher
from tests.flows.live_server import LiveServer, wait_until

LONG_MS = 45_000
CAMERAS = {"Zoé Martin": "one_face", "Ali Hassan": "nobody", "Bo Chen": "several"}


def tile(page: Page, name: str) -> Locator:
    return page.locator("button.tile", has_text=name)


def alert(page: Page, name: str, kind: str) -> Locator:
    return card(page, name, kind)


def said(page: Page, text: str) -> Locator:
    return page.locator("#chat .chat-log li", has_text=text)


@pytest.fixture
def teacher(own_seeing_server: LiveServer, new_teacher: Callable[..., Teacher]) -> Teacher:
    return new_teacher("Ana Lind", at=own_seeing_server)


@pytest.fixture
def room(teacher: Teacher) -> Room:
    return teacher.open_room("Algebra", exam="# Question 1\n\nSolve *x² = 4*.")


@pytest.fixture
def students(own_seeing_server: LiveServer, room: Room, new_student: Callable[..., Student]) -> list[Student]:
    return [
        new_student(name, camera, at=own_seeing_server).create_participant(room.code)
        for name, camera in CAMERAS.items()
    ]


@pytest.mark.timeout(400)
def test_an_exam(own_seeing_server: LiveServer, teacher: Teacher, room: Room, students: list[Student]) -> None:
    page = teacher.page
    page.goto(f"{own_seeing_server.url}/rooms/{room.id}")
    expect_connected(page)
    unfold(page)
    for name in CAMERAS:
        expect(tile(page, name)).to_be_visible(timeout=LONG_MS)
    page.locator("#room-start").click()
    expect(students[0].page.get_by_text("Question 1")).to_be_visible(timeout=LONG_MS)

    # the right alerts, and only those
    expect(alert(page, "Ali Hassan", "No face")).to_be_visible(timeout=LONG_MS)
    expect(alert(page, "Bo Chen", "Several faces")).to_be_visible(timeout=LONG_MS)
    expect(alert(page, "Zoé Martin", "No face")).to_have_count(0)
    expect(students[1].page.get_by_text("Your face is not in the picture").first).to_be_visible()

    # words both ways
    students[0].say("May I use a <b>pen</b>? 🙂")
    page.get_by_role("tab", name="Messages").click()
    page.locator("#chat").get_by_text("Zoé Martin").first.click()
    expect(said(page, "May I use a <b>pen</b>? 🙂")).to_have_count(1)

    # pictures move
    wait_until(lambda: is_drawn(page, "Zoé Martin"), "a picture of Zoé is drawn")

    survive_a_kill(own_seeing_server, page, students)


def survive_a_kill(server: LiveServer, page: Page, students: list[Student]) -> None:
    """Kill the server in the middle of the exam: the same people come back to the same room by themselves."""
    before = len(server.lines("join "))
    server.kill()
    expect(students[0].page.get_by_text("The connection is lost").first).to_be_visible(timeout=LONG_MS)
    students[0].say("Sent while the server was gone")
    server.start()
    for student in students:
        student.expect_step("exam")
        expect(student.page.get_by_text("Question 1")).to_be_visible(timeout=LONG_MS)
    wait_until(lambda: len(server.lines("reconnect room=")) >= len(students), "all three came back")
    assert len(server.lines("join ")) == before, "nobody had to take a new participant"
    expect(said(page, "Sent while the server was gone")).to_have_count(1, timeout=LONG_MS)
    expect(said(page, "May I use a <b>pen</b>? 🙂")).to_have_count(1)
    page.get_by_role("tab", name="Alerts").click()
    expect(alert(page, "Ali Hassan", "No face")).to_be_visible(timeout=LONG_MS)


def is_drawn(page: Page, name: str) -> bool:
    """Say whether a tile shows more than one colour."""
    read = """(tile) => {
        const canvas = tile.querySelector("canvas");
        if (!canvas || !canvas.width) return false;
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(pixels.filter((_value, at) => at % 4 === 0)).size > 16;
    }"""
    return bool(tile(page, name).evaluate(read))
