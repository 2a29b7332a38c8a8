"""A new room is one screen of few questions, the rest appears where it applies; a room is shared, copied, deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.axe import findings
from tests.browser.people import Student, Teacher
from tests.flows.live_server import LiveServer

PHONE = ViewportSize(width=390, height=844)
LAPTOP = ViewportSize(width=1366, height=768)
MOST_CONTROLS = 15
CONTROLS = """() => [...document.querySelectorAll("input, select, textarea, button")]
  .filter((one) => one.type !== "hidden" && one.checkVisibility()).map((one) => one.id || one.textContent.trim())"""
IN_ROWS = """(rows) => rows.map((row) => {
  const heights = [...row.querySelectorAll(".btn")].map((one) => one.getBoundingClientRect().top);
  return new Set(heights).size;
})"""
OUTSIDE = """() => [...document.querySelectorAll("main .btn")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth - 8).map((one) => one.textContent.trim())"""
NewTeacher = Callable[..., Teacher]


def new_room_page(teacher: Teacher) -> Page:
    teacher.page.goto(f"{teacher.address}/rooms/new")
    return teacher.page


def unfold_all(page: Page) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture(scope="session")
def server(blind_server: LiveServer) -> LiveServer:
    """Nothing here depends on what is seen."""
    return blind_server


@pytest.fixture
def without_scripts(browser: Callable[[str], Browser], new_teacher: NewTeacher) -> Iterator[Page]:
    """The pages of a teacher in a browser that runs no script."""
    teacher = new_teacher()
    context: BrowserContext = browser("one_face").new_context(
        java_script_enabled=False, storage_state=teacher.context.storage_state(), viewport=LAPTOP, locale="en-GB"
    )
    page = context.new_page()
    page.goto(f"{teacher.address}/rooms/new")
    yield page
    context.close()


def test_a_new_room_is_one_screen_with_few_questions(new_teacher: NewTeacher) -> None:
    page = new_room_page(new_teacher())
    shown = page.evaluate(CONTROLS)
    assert len(shown) <= MOST_CONTROLS, shown
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]
    assert page.evaluate("document.activeElement.id") == "title"


def test_a_room_is_made_with_the_keyboard_alone(new_teacher: NewTeacher) -> None:
    page = new_room_page(new_teacher())
    page.keyboard.type("By keyboard")
    for _step in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#advanced > summary')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#admit_by_hand")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#admit_by_hand")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("article.room-card", has_text="By keyboard")).to_be_visible()


def test_only_what_applies_is_asked(new_teacher: NewTeacher) -> None:
    page = new_room_page(new_teacher())
    unfold_all(page)
    for field, needs in (
        ("#phone-arm", "#with_phones"),
        ("#transcribe", "#sound"),
        ("#phrases", "#transcribe"),
        ('[name="SPEECH_DETECTED.enabled"]', "#sound"),
        ('[name="CAMERA_MOVED.enabled"]', "#with_phones"),
        ('[name="LOCATION_OUTSIDE.enabled"]', "#place-circle"),
    ):
        if not page.is_checked(needs):
            expect(page.locator(field)).to_be_hidden()
            page.check(needs)
        expect(page.locator(field)).to_be_visible()
    expect(page.locator('[name="ARM_MOTION.enabled"]')).to_be_hidden()
    page.select_option("#phone-arm", "allowed")
    expect(page.locator('[name="ARM_MOTION.enabled"]')).to_be_visible()
    page.get_by_label("Mobile phone").first.check()
    page.get_by_label("Books and notes").first.check()
    expect(page.locator('[name="PHONE_DETECTED.enabled"]')).to_be_hidden()
    expect(page.locator("#FORBIDDEN_OBJECT-book")).to_be_hidden()
    expect(page.locator("#FORBIDDEN_OBJECT-remote")).to_be_visible()


def test_another_preset_fills_in_its_times(new_teacher: NewTeacher) -> None:
    page = new_room_page(new_teacher())
    field = page.locator('[name="TALKING.hold"]')
    normal = float(field.input_value())
    page.check("#preset-relaxed")
    assert float(field.input_value()) > normal
    field.evaluate("(field) => field.value = '77'")
    page.check("#preset-strict")
    assert field.input_value() == "77", "a number of the teacher's own stays"


def test_a_room_is_made_without_scripts(without_scripts: Page, new_student: Callable[..., Student]) -> None:
    page = without_scripts
    page.fill("#title", "Plain")
    expect(page.locator("#exam_text")).to_be_hidden()
    page.select_option("#exam_kind", "text")
    page.fill("#exam_text", "# Question 1")
    page.check("#with_phones")
    page.click("#advanced > summary")
    expect(page.locator("#phone-room")).to_have_value("required")
    page.click("form.room-form button:not([type])")
    page.locator("article.room-card", has_text="Plain").locator('a[href$="/settings"]').click()
    expect(page.locator("#exam_text")).to_have_value("# Question 1")
    code = re.sub(r"\D", "", page.locator(".share .join-code").inner_text())
    ana = new_student().join(code)
    expect(ana.page.get_by_text("Your own phone in the room")).to_be_visible()
    expect(ana.page.get_by_text("Books and notes")).to_be_visible()


def test_a_room_is_shared_copied_and_deleted_on_its_page(new_teacher: NewTeacher) -> None:
    teacher = new_teacher()
    room = teacher.open_room("Optics", exam="# Light")
    room.become("running")
    page = teacher.page
    page.get_by_role("link", name="Share: Optics").click()
    expect(page.locator(".share-picture")).to_be_visible()
    page.click(".share-invite button")
    expect(page.locator("#co-link")).to_have_value(re.compile(r"/co/[\w-]+$"))
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_role("heading", name="Optics (copy)", level=1)).to_be_visible()
    code = re.sub(r"\D", "", page.locator(".share .join-code").inner_text())
    assert code != room.code
    expect(page.locator("#exam_text")).to_have_value("# Light")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="End and delete everything now").click()
    expect(page.locator(".note-good")).to_contain_text("Optics (copy)")
    expect(page.locator("article.room-card", has_text="Optics")).to_have_count(1)


def test_nobody_is_kept_out_and_nothing_runs_over_the_edge(new_teacher: NewTeacher) -> None:
    teacher = new_teacher()
    room = teacher.open_room("Acids", sensors=("phone.arm=required", "sound", "transcribe"))
    page, found, wide = teacher.page, [], []
    for path in ("/rooms/new", f"/rooms/{room.id}/settings"):
        page.goto(teacher.address + path)
        unfold_all(page)
        page.check("#place-circle")
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            found += findings(page, f"{path}, {size['width']}")
            wide += [f"{path}, {size['width']}"] if is_too_wide(page) else []
    page.set_viewport_size(LAPTOP)
    page.fill("#title", " ")
    page.fill('[name="TALKING.hold"]', "soon")
    page.click("form.room-form button:not([type])")
    expect(page.locator('[name="TALKING.hold"]')).to_be_visible()
    found += findings(page, "with mistakes")
    room.become("ended")
    for path in ("/rooms", f"/rooms/{room.id}/settings"):
        page.goto(teacher.address + path)
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            found += findings(page, f"{path}, ended, {size['width']}")
            wide += [f"{path}, ended, {size['width']}"] if is_too_wide(page) else []
        page.set_viewport_size(LAPTOP)
    assert not found, "\n".join(found)
    assert not wide, wide


def test_rows_of_buttons_fit_their_place_in_french_too(
    new_teacher: NewTeacher, browser: Callable[[str], Browser]
) -> None:
    teacher = new_teacher()
    title = "Introduction to the history of the European constitutional courts"
    room = teacher.open_room(title)
    for language in ("en-GB", "fr-FR"):
        context = browser("one_face").new_context(
            storage_state=teacher.context.storage_state(), viewport=LAPTOP, locale=language
        )
        page = context.new_page()
        page.goto(f"{teacher.address}/rooms")
        assert set(page.locator(".room-card > .row-actions").evaluate_all(IN_ROWS)) == {1}
        if language == "fr-FR":
            room.become("ended")
            page.reload()
            assert set(page.locator("table.list .row-actions").evaluate_all(IN_ROWS)) == {1}
            page.set_viewport_size(PHONE)
            page.goto(f"{teacher.address}/rooms/{room.id}/settings")
            assert page.evaluate(OUTSIDE) == []
        context.close()
