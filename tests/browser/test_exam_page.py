"""What stands around the exam: hints, words to everybody and the phones' code leave room for questions and chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from detection.detectors.markers import dictionary, parameters
from detection.measures.markers import cells
from rooms.intake.screen_proof import SIZE_MM, SIZE_MM_FAR
from tests.browser.people import Line, Room, Student, Teacher
from tests.flows.live_server import LiveServer

LAPTOP = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
PAPER = "# Question 1\n\nName **two** products.\n\n" + "\n\n".join(f"Line {n}" for n in range(60))
FAR_PIXELS = 28
"""Of the dark square in the picture of a phone that stands 1.2 m away; see rooms.intake.screen_proof."""
CODE = 5

SAY = """async (hints) => {
  const { Hints } = await import("/static/js/student/exam/hints.js");
  globalThis.said ??= new Hints(document.querySelector("#hints"), () => {});
  for (const [kind, text] of hints) globalThis.said.take({ kind, text });
}"""
UNSAY = """() => { for (const kind of ["dark", "phone-arm", "third"]) globalThis.said.take({ kind, over: true }); }"""
SHOW = """async ([rows, size]) => {
  const { Marker } = await import("/static/js/student/phones/marker.js");
  new Marker(document.querySelector("#marker")).show(rows, size);
}"""
LONG = "Your picture cannot be seen well. Please look after your camera and the light, and hold still for a moment."


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


@pytest.fixture
def ana(room: Room, line: Line, new_student: Callable[..., Student]) -> Student:
    """A student who takes the exam."""
    line.ask("room", state="running")
    student = new_student().create_participant(room.code)
    student.expect_step("exam")
    return student


def box_of(page: Page, selector: str) -> dict[str, Any]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return dict(box)


def test_hints_cover_no_question_and_move_none(ana: Student) -> None:
    for screen in (LAPTOP, PHONE):
        ana.page.set_viewport_size(screen)
        say_and_look(ana.page)


def say_and_look(page: Page) -> None:
    """Give hints, look where they are, and close them."""
    before = box_of(page, ".paper-text h1")
    page.evaluate(SAY, [["dark", LONG], ["phone-arm", LONG], ["third", LONG]])
    shown = page.locator(".hint:visible")
    expect(shown.first).to_be_visible()
    assert box_of(page, ".paper-text h1") == before, "nothing is pushed about"
    top = before["y"]
    for at in range(shown.count()):
        hint = shown.nth(at).bounding_box()
        assert hint is not None
        assert hint["y"] + hint["height"] <= top, "nothing is covered"
        assert shown.nth(at).get_attribute("title") == LONG, "where it is cut it can still be read"
    page.evaluate(UNSAY)
    expect(shown).to_have_count(0)


def test_words_to_everybody_stand_above_the_exam_until_they_are_closed(ana: Student, line: Line) -> None:
    page, banner = ana.page, ana.page.locator("#announcement")
    expect(banner).to_be_hidden()
    line.ask("chat", client_id="a1", to={"kind": "all"}, text="<b>Question 7</b> has a mistake.")
    expect(banner).to_contain_text("<b>Question 7</b> has a mistake.")
    above = box_of(page, "#announcement")
    assert above["y"] + above["height"] <= box_of(page, ".paper-text h1")["y"]
    page.reload()
    expect(banner).to_contain_text("Question 7")
    banner.get_by_role("button", name="Close").click()
    expect(banner).to_be_hidden()
    page.reload()
    ana.expect_step("exam")
    expect(page.locator(".chat-log")).to_contain_text("Question 7")
    expect(banner).to_be_hidden()
    participant = line.wait_for_student(ana.name, state="admitted")
    line.ask("chat", client_id="a2", to={"kind": "student", "id": participant["id"]}, text="For you alone.")
    expect(page.locator(".chat-log")).to_contain_text("For you alone.")
    expect(banner).to_be_hidden()
    line.ask("chat", client_id="a3", to={"kind": "all"}, text="Ten minutes left.")
    expect(banner).to_contain_text("Ten minutes left.")


def test_the_phones_code_leaves_room_for_the_chat(ana: Student) -> None:
    for size in (SIZE_MM, SIZE_MM_FAR):
        show_and_measure(ana.page, size)


def show_and_measure(page: Page, size: int) -> None:
    """Show a code of this size and see what is left beside it."""
    page.evaluate(SHOW, [cells(CODE), size])
    expect(page.locator("#marker svg")).to_be_visible()
    expect(page.locator(".marker-note")).to_be_visible()
    square = box_of(page, "#marker svg")["width"] * 7 / 9
    assert square >= size * 96 / 25.4 - 1, "as large as the phone's camera needs"
    lines = box_of(page, ".chat-log")
    assert lines["height"] >= 100, "four lines of a message"
    assert page.evaluate("(side => side.scrollHeight <= side.clientHeight)(document.querySelector('.side'))")


def test_on_a_small_screen_the_phones_code_has_a_strip_of_its_own(ana: Student) -> None:
    ana.page.set_viewport_size(PHONE)
    ana.page.evaluate(SHOW, [cells(CODE), SIZE_MM])
    code, strip = box_of(ana.page, "#marker svg"), box_of(ana.page, ".marker-note")
    assert (strip["x"], strip["width"]) == (0, PHONE["width"]), "no text of the exam stands beside it"
    assert strip["y"] <= code["y"]
    assert code["y"] + code["height"] <= strip["y"] + strip["height"] == PHONE["height"]
    ana.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last = box_of(ana.page, ".paper-text > :last-child")
    assert last["y"] + last["height"] <= strip["y"], "the end of the exam can be read"


def test_the_phones_code_is_read_from_afar_and_does_not_glare_in_the_dark(ana: Student) -> None:
    ana.page.evaluate(SHOW, [cells(CODE), SIZE_MM_FAR])
    for theme, least, most in (("light", 255, 255), ("dark", 120, 190)):
        ana.page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme)
        pixels = photographed(ana.page, "#marker")
        assert least <= pixels.max() <= most, theme
        assert seen_from_afar(pixels) == [CODE], theme


def photographed(page: Page, selector: str) -> np.ndarray[Any, Any]:
    shot = page.locator(selector).screenshot()
    pixels = cv2.imdecode(np.frombuffer(shot, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    return np.asarray(pixels)


def seen_from_afar(marker: np.ndarray[Any, Any]) -> list[int]:
    """The codes in a soft, small picture of it."""
    small = cv2.resize(
        marker,
        None,
        fx=FAR_PIXELS / (marker.shape[1] * 7 / 9),
        fy=FAR_PIXELS / (marker.shape[0] * 7 / 9),
        interpolation=cv2.INTER_AREA,
    )
    scene = np.full((480, 640), 90, dtype=np.uint8)
    scene[200 : 200 + small.shape[0], 300 : 300 + small.shape[1]] = small
    soft = cv2.GaussianBlur(scene, (0, 0), 0.8)
    detector: Any = cv2.aruco.ArucoDetector(dictionary(), parameters())
    _corners, ids, _rejected = detector.detectMarkers(soft)
    return [] if ids is None else [int(one) for one in ids.ravel()]
