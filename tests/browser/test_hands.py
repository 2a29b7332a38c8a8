"""A student raises a hand, the teacher answers by keyboard, and a break is given and ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Student, Teacher
from tests.flows.live_server import LiveServer


@pytest.fixture(scope="session")
def server(blind_server: LiveServer) -> LiveServer:
    """Nothing here depends on what is seen."""
    return blind_server


def test_a_hand_is_seen_and_becomes_a_break(
    new_teacher: Callable[..., Teacher], new_student: Callable[..., Student]
) -> None:
    teacher = new_teacher()
    room = teacher.open_room("Biology 3B", exam="# Leaves")
    ana = new_student().create_participant(room.code)
    live = teacher.page
    live.goto(f"{teacher.address}/rooms/{room.id}")
    live.click("#room-start")
    ana.expect_step("exam")
    ana.page.click("#hand-toggle")
    ana.page.click("text=I need a break")
    strip = ana.page.locator("#hand-strip")
    expect(strip).to_contain_text("Your hand is up: I need a break. Your teacher is told.")
    hand = live.locator("#hands .hand")
    expect(hand).to_contain_text(f"{ana.name} asks for a break")
    expect(live.locator("#tab-alerts .count")).to_have_text("1")
    for place in ("#grid", "#needs"):
        tile = live.locator(f"{place} button.tile", has_text=ana.name)
        expect(tile).to_have_accessible_name(f"{ana.name}, Live, Hand raised")
    live.locator("body").press("h")
    live.keyboard.press("Tab")
    live.keyboard.press("Enter")
    expect(strip).to_contain_text(f"{teacher.name} has seen it.")
    expect(live.locator("#tab-alerts .count")).to_be_hidden()
    expect(live.locator("#needs"), "nobody needs to come twice").to_be_hidden()
    live.click("#hands button:has-text('Allow a break')")
    expect(strip).to_contain_text("You have been on a break since")
    expect(hand).to_contain_text("On a break for 0 min")
    ana.page.reload()
    expect(strip).to_contain_text("You have been on a break since")
    strip.locator("button").click()
    expect(strip).to_be_hidden()
    expect(hand).to_have_count(0)
    expect(ana.page.locator("#hand-toggle")).to_be_visible()
