"""An exam with phones and sound from end to end: who may begin, what the teacher sees, and every new kind of alert."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, expect

from core.types import Role
from tests import media
from tests.browser.conftest import all_detectors
from tests.browser.incidents import open_alert
from tests.browser.people import Student
from tests.browser.phone_exam import CALM, LONG_MS, PhoneExam
from tests.flows.live_server import LiveServer

pytestmark = pytest.mark.timeout(400)
ALL_FRESH = """() => {
  const views = [...document.querySelectorAll("#large-phones figure")];
  return views.length === 2 && views.every((view) => view.dataset.stale === "false");
}"""
BYTES_OF_SOUND = """async () => {
  const answer = await fetch(document.querySelector("#alert-picture audio").src);
  return (await answer.arrayBuffer()).byteLength;
}"""
SECOND_OF_SOUND = 32_000  # bytes


class Expected(NamedTuple):
    """An alert as a teacher reads it: whose, its name and severity, its words, with which device, with what evidence.

    Severity "": who understands words decides it, and machines differ in who does.
    """

    who: str
    kind: str
    severity: str
    words: str
    device: str = ""
    picture: bool = True
    sound: bool = False
    understood: str = ""


ALERTS = [
    Expected("bo", "Speech", "warning", "Speech was heard for", picture=False, sound=True),
    Expected("bo", "Phrase heard", "", "“danger trail”", picture=False, sound=True, understood="danger trail"),
    Expected("bo", "Elsewhere", "warning", "outside the allowed area", picture=False),
    Expected("zoe", "Arm movement", "warning", "Neither keys nor mouse were used", "Phone on the arm"),
    Expected("zoe", "Camera moved", "warning", "The phone in the room was tilted by", "Phone in the room"),
    Expected("bo", "Arm movement", "notice", "Keys or mouse were used", "Phone on the arm"),
    Expected("zoe", "Phone", "notice", "It may be the phone that the student wears", "Phone on the head"),
    Expected("zoe", "Second person", "warning", "people were seen by the phone in the room", "Phone in the room"),
    Expected("zoe", "Screen not in view", "notice", "Neither a screen nor the exam page's code", "Phone on the head"),
    Expected("zoe", "Phone lost", "notice", "The phone on the arm has been out of", "Phone on the arm", picture=False),
]


@pytest.fixture(scope="module")
def exam(server: LiveServer, browser: Callable[..., Browser], media_dir: Path, models_dir: Path) -> Iterator[PhoneExam]:
    """The exam under way, with all phones connected and nothing wrong yet but what Bo says and where he is."""
    if shutil.which("ffmpeg") is None:
        media.absent("no ffmpeg to make cameras of clips", {})
    assert models_dir.is_dir()
    running = PhoneExam(all_detectors(server), browser, media_dir)
    yield running.begin()
    running.close()


@pytest.fixture(scope="module")
def troubled(exam: PhoneExam) -> PhoneExam:
    """The same exam when everything has gone wrong at once."""
    exam.phones[Role.ARM].move(exam.at_the_ear())
    exam.bos_arm.move(exam.at_the_ear())
    exam.let_bo_type()
    exam.look_at_the_screen(False)
    exam.move_room_phone_until(lambda: exam.sees(exam.zoe, "Camera moved"))
    exam.wait(lambda: exam.sees(exam.zoe, "Arm movement"), "the arm of Zoé")
    exam.phones[Role.ARM].context.set_offline(True)
    return exam


def test_nobody_begins_without_the_phone_that_is_needed(exam: PhoneExam) -> None:
    assert exam.blocked.startswith("Still missing: Phone on the arm")
    assert exam.missing == "Phone on the arm: Missing, and required"


def test_the_large_view_shows_every_device(exam: PhoneExam) -> None:
    exam.tile(exam.zoe).click()
    try:
        look_closely(exam)
    finally:
        exam.page.keyboard.press("Escape")


def look_closely(exam: PhoneExam) -> None:
    """Read the large view of Zoé, and listen to her."""
    page = exam.page
    exam.wait(lambda: page.evaluate(ALL_FRESH), "pictures of both phones beside the webcam")
    page.click("#large-tab-details")
    exam.wait(page.locator("#large-phone-list").get_by_text("films this exam page,").is_visible, "the latency")
    expect(page.locator("#large-arm")).to_contain_text("Calm")
    expect(page.locator("#large-arm-past path")).to_have_attribute("d", re.compile(r"^M.+L"))
    expect(page.locator("#large-conditions")).to_contain_text("inside the area (within 20 m)")
    page.click("#large-tab-scores")
    microphone = page.locator('#large-sounds [data-channel="webcam"]')
    microphone.get_by_role("button", name="Listen", exact=True).click()
    expect(exam.zoe.page.locator("#listened")).to_contain_text("Your teacher is listening now.")
    microphone.get_by_role("button", name="Stop listening").click()
    expect(exam.zoe.page.locator("#listened")).to_be_hidden()


@pytest.mark.parametrize("expected", ALERTS, ids=lambda one: f"{one.who}: {one.kind}")
def test_an_alert_is_seen_live_and_explained(troubled: PhoneExam, expected: Expected) -> None:
    wanted = student_of(troubled, expected), expected.kind, expected.words
    troubled.wait(lambda: troubled.sees(*wanted), expected.kind)
    alert = troubled.alert(*wanted)
    if expected.severity:
        expect(alert.first).to_have_attribute("data-severity", expected.severity)
    open_alert(alert)
    try:
        read_in_full(troubled, expected)
    finally:
        troubled.page.keyboard.press("Escape")


def read_in_full(exam: PhoneExam, expected: Expected) -> None:
    """Read the dialog of an alert that is open."""
    page = exam.page
    expect(page.locator("#alert-text")).to_contain_text(expected.words)
    expect(page.locator("#alert-facts")).to_contain_text(expected.device)
    if expected.picture:
        exam.wait(lambda: is_loaded(page.locator("#alert-picture img")), "the picture")
    if expected.sound:
        expect(page.locator("#alert-picture audio")).to_be_visible(timeout=LONG_MS)
        assert page.evaluate(BYTES_OF_SOUND) > SECOND_OF_SOUND
    if expected.understood:
        page.get_by_role("button", name="Read what was understood").click()
        expect(page.locator(".alert-understood")).to_contain_text(expected.understood)


def test_what_is_mended_is_over_and_a_covered_phone_asks_for_help(troubled: PhoneExam) -> None:
    zoe = troubled.zoe
    for kind in ("Second person", "Screen not in view", "Phone lost"):
        troubled.wait(partial(troubled.sees, zoe, kind), kind)
    troubled.phones[Role.ARM].context.set_offline(False)
    troubled.phones[Role.ARM].move(CALM)
    troubled.look_at_the_screen()
    troubled.phones[Role.ROOM].see(troubled.dark())
    # first, for a hint is gone after twenty seconds
    expect(zoe.page.locator("#hints")).to_contain_text("The phone in the room cannot see well.", timeout=LONG_MS)
    troubled.wait(lambda: troubled.sees(zoe, "Cannot see", "A phone's picture has been too dark"), "the dark")
    for kind in ("Arm movement", "Screen not in view", "Phone lost"):
        troubled.wait(partial(is_over, troubled, kind), f"{kind} is over")
    troubled.phones[Role.ARM].expect_verdict("good")
    assert not troubled.sees(zoe, "Speech")


def is_over(exam: PhoneExam, kind: str) -> bool:
    """Say whether an alert of Zoé of this kind is over."""
    found = exam.alert(exam.zoe, kind)
    if not exam.sees(exam.zoe, kind):
        return False
    each = found.and_(exam.page.locator(".incident-repeat"))
    return (each if each.count() else found).first.locator(".alert-now").count() == 0


def student_of(exam: PhoneExam, expected: Expected) -> Student:
    return exam.zoe if expected.who == "zoe" else exam.bo


def is_loaded(image: Locator) -> bool:
    return bool(image.evaluate("(image) => image.naturalWidth > 0"))
