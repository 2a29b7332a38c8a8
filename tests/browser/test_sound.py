"""The microphone of the student's page in a real browser: real sound in, and only what there is to hear goes out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import Room, Student, Teacher
from tests.browser.wire import Wire, wait_for
from tests.media import present

NewStudent = Callable[..., Student]
QUIET_LEVELS = 2
"""Levels of a silent room that are waited for: they come every ten seconds, and no sound may come between them."""


@pytest.fixture
def sounds() -> Path:
    return present("media", dict(os.environ)) / "audio"


@pytest.fixture
def room(new_teacher: Callable[..., Teacher]) -> Room:
    return new_teacher().open_room("Sound", exam="# Algebra", sensors=("sound", "listening"))


def sit_down(student: Student, room: Room) -> Wire:
    """Come to the system check with the microphone on."""
    wire = Wire(student.page)
    student.join(room.code).agree()
    microphone = student.page.locator('[data-check="microphone"]')
    expect(microphone).to_have_attribute("data-mark", "good", timeout=20_000)
    return wire


def test_speech_is_sent_and_the_page_says_so(new_student: NewStudent, room: Room, sounds: Path) -> None:
    ana = new_student(sound=sounds / "audio_p003.wav")
    wire = sit_down(ana, room)
    expect(ana.page.locator("#sound-sign")).to_have_attribute("data-sending", "yes", timeout=20_000)
    expect(ana.page.locator("#sound-sign")).to_contain_text("Sound is being sent")
    wait_for(ana.page, lambda: len(wire.of("sound")) >= 4, "pieces of sound")
    for piece in wire.of("sound"):
        assert piece["why"] == "activity"
        assert -120 <= piece["floor"] <= piece["level"] + 40 <= 40
    numbers = [piece["seq"] for piece in wire.of("sound")]
    assert numbers == sorted(set(numbers))


def test_nothing_is_said_to_be_sent_while_the_server_is_out_of_reach(
    new_student: NewStudent, room: Room, sounds: Path
) -> None:
    ana = new_student(sound=sounds / "audio_p003.wav")
    sit_down(ana, room)
    sign = ana.page.locator("#sound-sign")
    expect(sign).to_have_attribute("data-sending", "yes", timeout=20_000)
    ana.context.set_offline(True)
    expect(ana.page.locator("#trouble")).to_be_visible(timeout=20_000)
    expect(sign).to_have_attribute("data-sending", "no")
    ana.context.set_offline(False)
    expect(ana.page.locator("#trouble")).to_be_hidden(timeout=20_000)
    expect(sign).to_have_attribute("data-sending", "yes", timeout=20_000)


@pytest.mark.parametrize("file", ["audio_p020.wav", "audio_p012.wav"], ids=["quiet room", "keyboard"])
def test_a_quiet_room_and_keys_cost_levels_and_no_sound(
    new_student: NewStudent, room: Room, sounds: Path, file: str
) -> None:
    ana = new_student(sound=sounds / file)
    wire = sit_down(ana, room)
    wait_for(ana.page, lambda: len(wire.of("level")) >= QUIET_LEVELS, "levels of the room")
    assert wire.of("sound") == []
    expect(ana.page.locator("#sound-sign")).to_contain_text("nothing is sent")


def test_a_student_is_told_while_a_teacher_listens(new_student: NewStudent, room: Room, sounds: Path) -> None:
    line = room.line()
    ana = new_student(sound=sounds / "audio_p020.wav")
    wire = sit_down(ana, room)
    participant = line.wait_for_student(ana.name, microphone="on")
    line.ask("listen", participant=participant["id"], channel="webcam", on=True)
    expect(ana.page.locator("#listened")).to_be_visible()
    line.wait_for("heard", lambda heard: heard["participant"] == participant["id"] and len(heard["data"]) > 0)
    wait_for(ana.page, lambda: wire.of("sound"), "pieces of sound")
    assert {piece["why"] for piece in wire.of("sound")} == {"listening"}
    line.ask("listen", participant=participant["id"], channel="webcam", on=False)
    expect(ana.page.locator("#listened")).to_be_hidden()
    expect(ana.page.locator("#sound-sign")).to_have_attribute("data-sending", "no", timeout=10_000)


def test_a_denied_microphone_is_told_and_locks_nobody_out(new_student: NewStudent, room: Room) -> None:
    line = room.line()
    ana = new_student()
    ana.join(room.code).agree()
    microphone = ana.page.locator('[data-check="microphone"]')
    expect(microphone).to_have_attribute("data-mark", "bad")
    expect(microphone).to_contain_text("does not count against you")
    line.wait_for_student(ana.name, microphone="denied")
    expect(ana.page.locator("#go")).to_be_enabled(timeout=30_000)


def test_a_room_without_sound_never_asks(new_teacher: Callable[..., Teacher], new_student: NewStudent) -> None:
    room = new_teacher().open_room("Silent", exam="# Algebra")
    ana = new_student()
    ana.page.add_init_script(ASKED)
    ana.join(room.code).agree().pass_check()
    assert ana.page.evaluate("globalThis.asked.filter((wanted) => wanted.audio)") == []
    expect(ana.page.locator("#sound-sign")).to_be_hidden()


ASKED = """globalThis.asked = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => { globalThis.asked.push(wanted); return ask(wanted); };"""
