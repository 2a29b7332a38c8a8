"""Two teachers and a student in real browsers: a flag, two decisions, a pause, an end by two persons, an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from rooms.setup.room_settings import RoomSettings
from tests.browser.axe import findings
from tests.browser.conftest import WIDE
from tests.browser.incidents import card
from tests.browser.live_class import Begin, LiveClass
from tests.browser.people import Student
from tests.flows.live_server import LiveServer

TWO = RoomSettings(second_decision=True, answers=True)


@pytest.fixture(scope="session")
def server(blind_server: LiveServer) -> LiveServer:
    """Nothing here depends on what is seen: teachers flag by hand."""
    return blind_server


@pytest.fixture
def second(browser: Callable[[str], Browser]) -> Iterator[Page]:
    """The browser of the other teacher."""
    page = browser("one_face").new_page(viewport=WIDE, locale="en-GB")
    yield page
    page.close()


def choose(page: Page, verb: str, reason: str = "", **fields: str) -> None:
    """Fill in the window in which a teacher does something about students, and send it."""
    page.click(f".act-verb:has-text('{verb}')")
    if reason:
        page.select_option("#act-reason", label=reason)
    for name, value in fields.items():
        page.fill(f"#act-{name}", value)
    page.click("#act-send")
    expect(page.locator("#act")).to_be_hidden()


def open_large(page: Page, name: str) -> None:
    page.click(f"button.tile:has-text('{name}')")
    expect(page.locator("#large-name")).to_have_text(name)


def test_two_teachers_decide_on_a_flag_and_the_second_does_not_see_the_first(
    begin: Begin, server: LiveServer, second: Page
) -> None:
    live = begin(at=server, settings=TWO).participant("Anna Kowalska")
    first = live.page
    live.enter(second, 1)
    names = [teacher.name for teacher in live.room.seeded.teachers]
    first.click("#room-start")
    open_large(first, "Anna Kowalska")
    first.locator("body").press("f")
    expect(first.locator("#toast")).to_contain_text("Flagged: Anna Kowalska")
    for page in (first, second):
        expect(card(page, "Anna Kowalska", "Flagged by a teacher")).to_have_count(1)
    first.locator("body").press("a")
    expect(first.locator("#toast")).to_contain_text("Your decision: Acknowledged.")
    expect(first.locator("#alerts .incident")).to_have_count(0)
    other = card(second, "Anna Kowalska")
    expect(other).to_contain_text(f"First decision by {names[0]}. Yours is the second; you see both afterwards.")
    expect(other).not_to_contain_text("Acknowledged")
    second.locator("body").press("j")
    second.keyboard.press("x")
    for page in (first, second):
        page.click("#alerts-now")
        expect(card(page, "The two decisions differ.")).to_contain_text(f"{names[0]}: Acknowledged")
        expect(card(page, "The two decisions differ.")).to_contain_text(f"{names[1]}: Dismissed as wrong")
    first.locator("body").press("j")
    first.keyboard.press("x")
    for page in (first, second):
        expect(page.locator("#alerts .incident")).to_have_count(0)
        page.click("#alerts-noted")
        expect(card(page, f"Decided at last by {names[0]}.")).to_have_count(1)


def test_a_flag_is_undone_and_nothing_of_it_is_left(begin: Begin, server: LiveServer) -> None:
    live = begin(at=server).participant("Anna Kowalska")
    page = live.page
    page.click("#room-start")
    open_large(page, "Anna Kowalska")
    page.locator("body").press("f")
    expect(card(page, "Anna Kowalska")).to_have_count(1)
    page.click("#toast button:has-text('Undo')")
    expect(page.locator("#alerts .incident")).to_have_count(0)
    expect(page.locator("#large-actions")).to_contain_text("undone")


def test_a_pause_extra_time_and_an_answer_as_the_student_sees_them(
    begin: Begin, server: LiveServer, new_student: Callable[..., Student]
) -> None:
    live = begin(at=server, settings=TWO)
    page, ana = live.page, new_student().create_participant(live.room.seeded.code)
    page.click("#room-start")
    ana.expect_step("exam")
    open_large(page, ana.name)
    page.locator("body").press(".")
    choose(page, "Give extra time", "As agreed before", minutes="15", note="For the fire alarm.")
    news = ana.page.locator("#news")
    expect(news).to_contain_text("gives you 15 minutes more.")
    expect(news).to_contain_text("For the fire alarm.")
    expect(page.locator("#large-actions")).to_contain_text("shown at")
    news.locator("button").click()
    expect(news).to_be_hidden()
    expect(page.locator("#large-actions")).to_contain_text("read at")
    page.locator("body").press(".")
    choose(page, "Pause this exam", "A word with the student", note="I come to you.")
    ana.expect_step("held")
    expect(ana.page.locator("#step-held h1")).to_have_text("Your teacher has paused your exam")
    expect(ana.page.locator("#held-note")).to_have_text("I come to you.")
    ana.say("Thank you, I wait.")
    expect(page.locator("#tab-chat .count")).to_have_text("1")
    ana.page.reload()
    ana.expect_step("held")
    expect(ana.page.locator("#extra-time")).to_have_text("15 minutes extra")
    page.locator("body").press(".")
    choose(page, "Let the student go on")
    ana.expect_step("exam")
    page.click("#large-flag")
    own = ana.page.locator("#own-incidents")
    own.locator("summary").click()
    expect(own).to_contain_text("Flagged by a teacher")
    own.locator("textarea").fill("I picked up my pen.")
    own.locator("button").click()
    expect(own.locator(".own-answer")).to_contain_text("I picked up my pen.")
    expect(card(page, ana.name, "The student answered")).to_have_count(1)
    card(page, ana.name).locator(".incident-head").click()
    expect(page.locator("#alert-said")).to_contain_text("I picked up my pen.")
    assert findings(ana.page, "student") == []


def test_an_end_is_confirmed_by_a_second_teacher_and_until_then_all_is_submitted(
    begin: Begin, server: LiveServer, new_student: Callable[..., Student], second: Page
) -> None:
    live = begin(at=server, settings=TWO)
    page, ana = live.page, new_student().create_participant(live.room.seeded.code)
    live.enter(second, 1)
    page.click("#room-start")
    ana.expect_step("exam")
    open_large(page, ana.name)
    page.click("#large-act")
    choose(page, "End this exam", "Against the rules", note="A second telephone.")
    ana.expect_step("held")
    expect(ana.page.locator("#step-held")).to_contain_text("Your exam is submitted")
    expect(ana.page.locator("#step-held")).not_to_contain_text("telephone")
    asked = page.locator("#terminations li")
    expect(asked).to_contain_text("You asked to end this exam.")
    expect(asked.locator("button")).to_have_text(["Withdraw it"])
    waiting = second.locator("#terminations li")
    expect(waiting).to_contain_text("A second telephone.")
    assert findings(second, "teacher") == []
    waiting.locator("button:has-text('Confirm the end')").click()
    ana.expect_step("terminated")
    expect(ana.page.locator("#step-end")).to_contain_text("Your teachers ended your exam")
    expect(ana.page.locator("#step-end")).to_contain_text("A second telephone.")
    for one in (page, second):
        expect(one.locator("#terminations li")).to_have_count(0)
    ana.page.click("#step-end a:has-text('What is kept of you')")
    expect(ana.page.locator("main")).to_contain_text("A second telephone.")


def test_several_alike_are_judged_together_once_they_were_seen(begin: Begin, server: LiveServer) -> None:
    live: LiveClass = begin(at=server).participant()
    page = live.page
    page.click("#room-start")
    page.click("#act-several")
    page.click("#act-all")
    choose(page, "Flag for a closer look", note="They look at each other.")
    expect(page.locator("#alerts .incident")).to_have_count(3)
    page.locator("body").press("j")
    page.keyboard.press("s")
    expect(page.locator("#alike")).to_contain_text("1 chosen: Flagged by a teacher")
    page.click("#alike button:has-text('Choose 2 more that you have seen')")
    page.click("#alike button:has-text('Dismiss as wrong')")
    expect(page.locator("#alerts .incident")).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text("Dismissed as wrong (3 incidents)")
    page.click("#toast button:has-text('Undo')")
    expect(page.locator("#alerts .incident")).to_have_count(3)


def test_a_reported_problem_stands_beside_the_hands_until_it_is_solved(
    begin: Begin, server: LiveServer, new_student: Callable[..., Student]
) -> None:
    live = begin(at=server)
    page, ana = live.page, new_student().create_participant(live.room.seeded.code)
    page.click("#room-start")
    ana.expect_step("exam")
    ana.page.click("#hand-toggle")
    ana.page.click("#problem-form button")
    expect(ana.page.locator("#problem-form .problem")).to_contain_text("Please say in a few words what does not work.")
    ana.page.select_option("#problem-category", "paper")
    ana.page.fill("#problem-text", "Page 2 is empty.")
    ana.page.click("#problem-form button")
    expect(ana.page.locator("#problem-list")).to_contain_text("Page 2 is empty. Your teacher is told.")
    report = page.locator("#problems li")
    expect(report).to_contain_text("Page 2 is empty.")
    expect(page.locator("#tab-alerts .count")).to_have_text("1")
    report.locator("button:has-text('Solved')").click()
    expect(report).to_have_count(0)
    expect(ana.page.locator("#problem-list")).to_contain_text("Solved")
