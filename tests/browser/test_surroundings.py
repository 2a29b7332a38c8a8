"""What the student's page tells beside the camera: that somebody types, and the place, where the exam asks for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Geolocation, expect

from tests.browser.people import Room, Student, Teacher
from tests.browser.wire import Wire, wait_for

NewStudent = Callable[..., Student]
HERE: Geolocation = {"latitude": 48.8566, "longitude": 2.3522, "accuracy": 15}
AWAY: Geolocation = {"latitude": 48.9, "longitude": 2.3522, "accuracy": 15}


def open_room_at(teacher: Teacher) -> Room:
    """A room that asks where its students are."""
    page = teacher.page
    circle = {"place_latitude": HERE["latitude"], "place_longitude": HERE["longitude"], "place_radius": 200}
    page.goto(f"{teacher.address}/rooms/new")
    page.fill("#title", "Here")
    teacher.open_advanced()
    page.check("#place-circle")
    for name, value in circle.items():
        page.fill(f"[name={name}]", str(value))
    return teacher.finish_room("Here")


def test_typing_is_counted_and_never_read(new_teacher: Callable[..., Teacher], new_student: NewStudent) -> None:
    room = new_teacher().open_room("Typing", exam="# Algebra")
    room.become("running")
    ana = new_student()
    wire = Wire(ana.page)
    ana.create_participant(room.code).expect_step("exam")
    ana.page.fill(".chat-root textarea", "")
    ana.page.locator(".chat-root textarea").press_sequentially("secret", delay=20)
    wait_for(ana.page, lambda: sum(told["keys"] for told in wire.of("input")) >= len("secret"), "keys are counted")
    ana.page.mouse.move(200, 200)
    ana.page.mouse.click(300, 300)
    wait_for(ana.page, lambda: sum(told["pointer"] for told in wire.of("input")) > 0, "the mouse is counted")
    assert all(set(told) == {"keys", "pointer"} for told in wire.of("input"))


def test_a_place_is_told_at_the_start_and_when_it_changes(
    new_teacher: Callable[..., Teacher], new_student: NewStudent
) -> None:
    room = open_room_at(new_teacher())
    line = room.line()
    ana = new_student()
    ana.context.grant_permissions(["camera", "geolocation"], origin=ana.address)
    ana.context.set_geolocation(HERE)
    ana.join(room.code).agree()
    check = ana.page.locator('[data-check="place"]')
    expect(check).to_have_attribute("data-mark", "good", timeout=20_000)

    def is_at(state: str) -> Callable[[dict[str, Any]], bool]:
        return lambda one: one["name"] == ana.name and (one["conditions"]["place"] or {}).get("state") == state

    line.wait_for("participant", is_at("inside"))
    ana.context.set_geolocation(AWAY)
    line.wait_for("participant", is_at("outside"))


def test_a_denied_place_is_unknown_and_locks_nobody_out(
    new_teacher: Callable[..., Teacher], new_student: NewStudent
) -> None:
    room = open_room_at(new_teacher())
    ana = new_student()
    ana.join(room.code).agree()
    expect(ana.page.locator('[data-check="place"]')).to_contain_text("it counts as unknown", timeout=20_000)
    expect(ana.page.locator("#go")).to_have_text("Go on", timeout=30_000)
    expect(ana.page.locator("#go")).to_be_enabled(timeout=30_000)
