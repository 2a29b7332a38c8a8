"""The teacher's live page in a real browser against a real server."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, ViewportSize, expect

from rooms.setup.room_settings import RoomSettings
from tests.browser.live_class import THREE, WAIT_MS, Begin, LiveClass
from tests.flows.live_server import LiveServer, wait_until

LAPTOP = ViewportSize(width=1366, height=768)
PHONE = ViewportSize(width=390, height=844)
MANY = """for (const one of document.querySelectorAll(".live-tabs .count")) {
  one.hidden = false;
  one.textContent = "12";
}"""
ODD = "<b>Zoë</b> مريم"

# ------------------------------------------------------------------------------------ grid


def test_students_appear_as_they_come_and_stay_where_they_are(begin: Begin) -> None:
    live = begin([*THREE, ODD])
    live.page.select_option("#grid-order", "joined")
    expect(live.page.locator("#grid-empty")).to_be_hidden()
    live.participant("Léa Dubois", "Anna Kowalska")
    live.expect_tile("Anna Kowalska", "live")
    live.expect_tile("Léa Dubois", "live")
    live.expect_tile("Bilal Haddad", "offline")
    black = "rgb(11, 15, 16)"
    expect(live.tile("Léa Dubois").locator(".tile-picture")).to_have_css("background-color", black)
    nothing_yet = live.tile("Bilal Haddad").locator(".tile-picture")
    expect(nothing_yet, "no picture is not a black one").not_to_have_css("background-color", black)
    expect(nothing_yet.locator("canvas")).to_be_hidden()
    names = live.page.locator(".tile-name").all_inner_texts()
    assert names == [*THREE, ODD], "in the order of joining, and a name is only ever text"
    expect(live.page.locator("#count-students")).to_have_text("2/4")


def test_a_picture_that_stays_away_greys_out_and_says_how_old_it_is(begin: Begin) -> None:
    live = begin().participant("Anna Kowalska")
    live.expect_tile("Anna Kowalska", "live")
    live.hold("Anna Kowalska")
    live.expect_tile("Anna Kowalska", "stale")
    expect(live.tile("Anna Kowalska").locator(".tile-age")).to_contain_text("s ago")
    live.students["Anna Kowalska"].close()
    live.expect_tile("Anna Kowalska", "offline")


def test_the_camera_and_the_page_are_named_for_what_they_are(begin: Begin) -> None:
    live = begin().participant("Anna Kowalska", "Bilal Haddad")
    live.students["Anna Kowalska"].ask("camera", {"state": "unplugged"})
    live.expect_tile("Anna Kowalska", "camera")
    expect(live.tile("Anna Kowalska")).to_contain_text("Camera unplugged")
    live.hide_page("Bilal Haddad")
    live.expect_tile("Bilal Haddad", "hidden")
    expect(live.tile("Bilal Haddad")).to_have_accessible_name("Bilal Haddad, Page hidden")


def test_only_what_can_be_seen_is_asked_for(begin: Begin) -> None:
    live = begin().participant("Anna Kowalska", "Bilal Haddad")
    bilal = live.students["Bilal Haddad"]
    live.expect_tile("Bilal Haddad", "live")
    bilal.forget()
    live.page.fill("#grid-search", "lea")
    bilal.wait_for("capture", lambda told: told["fps"] == 0)
    bilal.forget()
    live.page.fill("#grid-search", "HADDAD")
    bilal.wait_for("capture", lambda told: told["width"] == 320 and told["fps"] == 5)
    live.tile("Bilal Haddad").click()
    bilal.wait_for("capture", lambda told: told["width"] == 640 and told["fps"] == 10)


def test_students_are_seated_by_key_or_by_dragging_and_the_seats_are_kept(begin: Begin) -> None:
    live = begin(["Zoé Martin", "Anna Kowalska", "Léa Dubois"])
    page, names = live.page, live.page.locator("#grid .tile-name")
    expect(names).to_have_text(["Anna Kowalska", "Léa Dubois", "Zoé Martin"])
    live.tile("Anna Kowalska").focus()
    page.keyboard.press("Shift+ArrowRight")
    seats = ["Léa Dubois", "Anna Kowalska", "Zoé Martin"]
    expect(names).to_have_text(seats)
    expect(live.tile("Anna Kowalska")).to_be_focused()
    expect(page.locator("#grid-order")).to_have_value("seats")
    live.tile("Zoé Martin").drag_to(live.tile("Léa Dubois"))
    seats = ["Zoé Martin", "Anna Kowalska", "Léa Dubois"]
    expect(names).to_have_text(seats)
    page.reload()
    expect(names, "the seats of this room").to_have_text(seats)
    page.select_option("#grid-order", "name")
    expect(names).to_have_text(sorted(seats))
    page.keyboard.press("ArrowRight")
    live.tile("Anna Kowalska").focus()
    page.keyboard.press("ArrowRight")
    expect(live.tile("Léa Dubois")).to_be_focused()


def test_escape_leaves_the_search_box_and_shows_everybody_again(begin: Begin) -> None:
    live = begin()
    body, search = live.page.locator("body"), live.page.locator("#grid-search")
    body.press("/")
    expect(search).to_be_focused()
    live.page.keyboard.press("Escape")
    expect(search).not_to_be_focused()
    live.page.keyboard.press("/")
    live.page.keyboard.type("lea")
    expect(live.page.locator(".tile-name")).to_have_text(["Léa Dubois"])
    live.page.keyboard.press("Escape")
    expect(live.page.locator(".tile-name")).to_have_text(list(THREE))
    live.page.keyboard.press("3")
    expect(live.page.locator("#tab-chat")).to_have_attribute("aria-selected", "true")
    live.page.keyboard.press("1")


def test_the_large_view_by_keyboard_alone(begin: Begin) -> None:
    live = begin().participant("Bilal Haddad")
    live.expect_tile("Bilal Haddad", "live")
    live.tile("Anna Kowalska").focus()
    live.page.keyboard.press("ArrowRight")
    live.page.keyboard.press("Enter")
    expect(live.page.locator("#large-name")).to_have_text("Bilal Haddad")
    expect(live.page.locator("#large-state")).to_have_text("Live", timeout=WAIT_MS)
    expect(live.page.locator("#grid")).to_be_hidden()
    live.page.keyboard.press("]")
    expect(live.page.locator("#large-name")).to_have_text("Léa Dubois")
    live.page.keyboard.press("[")
    live.page.keyboard.press("Escape")
    expect(live.tile("Bilal Haddad")).to_be_focused()


def test_the_tabs_and_their_counts_fit_beside_the_grid_in_french(
    blind_server: LiveServer, browser: Callable[[str], Browser]
) -> None:
    page = browser("one_face").new_page(viewport=LAPTOP, locale="fr-FR")
    live = LiveClass(blind_server, page, THREE, RoomSettings()).open()
    page.evaluate(MANY)
    panel = page.locator(".live-panel").evaluate("(one) => [one.scrollWidth, one.clientWidth]")
    live.close()
    page.close()
    assert panel[0] <= panel[1]


# ------------------------------------------------------------------------------------ room and people


def test_students_are_let_in_refused_and_let_in_after_all(begin: Begin) -> None:
    live = begin(admit_by_hand=True).participant()
    expect(live.page.locator("#waiting-words")).to_have_text("3 students are waiting to come in.", timeout=WAIT_MS)
    live.page.click("#waiting-show")
    live.page.get_by_role("button", name="Refuse Anna Kowalska").click()
    live.students["Anna Kowalska"].wait_for("admission", lambda told: told["state"] == "refused")
    live.page.get_by_role("button", name="Let in: Anna Kowalska").click()
    live.students["Anna Kowalska"].wait_for("admission", lambda told: told["state"] == "admitted")
    live.page.click("#admit-all")
    for name in ("Bilal Haddad", "Léa Dubois"):
        live.students[name].wait_for("admission", lambda told: told["state"] == "admitted")
    expect(live.page.locator("#waiting-bar")).to_be_hidden()


def test_the_exam_is_started_paused_and_ended_after_a_question(begin: Begin) -> None:
    live = begin().participant("Anna Kowalska")
    state = live.page.locator("#room-state")
    for button, word in (("#room-start", "Running"), ("#room-pause", "Paused"), ("#room-start", "Running")):
        live.page.click(button)
        expect(state).to_have_text(word)
    live.page.click("#room-end")
    live.page.click("#ask-no")
    expect(state).to_have_text("Running")
    live.page.click("#room-end")
    live.page.click("#ask-yes")
    expect(state).to_have_text("Ended")
    expect(live.page.locator("#room-end")).to_be_hidden()


def test_who_waits_is_shown_with_picture_and_result_and_the_others_are_let_in_at_once(
    begin: Begin, watching: LiveServer
) -> None:
    live = (
        begin(admit_by_hand=True, at=watching).participant("Anna Kowalska", "Léa Dubois").fail_the_check("Bilal Haddad")
    )
    page = live.page
    page.click("#tab-waiting")
    rows = {name: page.locator("#waiting .waiting-line", has_text=name) for name in THREE}
    for name in THREE:
        expect(rows[name].locator(".waiting-picture")).to_have_attribute("data-painted", "yes", timeout=WAIT_MS)
    expect(rows["Bilal Haddad"].locator(".waiting-troubles")).to_have_text("Too dark")
    expect(rows["Anna Kowalska"].locator(".waiting-troubles")).to_have_count(0)
    live.students["Léa Dubois"].ask("camera", {"state": "denied"})
    expect(rows["Léa Dubois"].locator(".waiting-troubles")).to_have_text("Camera not allowed")
    expect(page.locator("#waiting-admit-all")).to_have_text("Let all in without problems (1)")
    page.click("#admit-good")
    live.students["Anna Kowalska"].wait_for("admission", lambda told: told["state"] == "admitted")
    expect(rows["Anna Kowalska"]).to_have_count(0)
    expect(page.locator("#admit-good")).to_be_hidden()
    expect(page.locator("#waiting-admit-all")).to_be_hidden()
    rows["Bilal Haddad"].get_by_role("button", name="See Bilal Haddad live").click()
    expect(page.locator("#large-name")).to_have_text("Bilal Haddad")
    page.click("#admit-all")
    for name in ("Bilal Haddad", "Léa Dubois"):
        live.students[name].wait_for("admission", lambda told: told["state"] == "admitted")


def test_starting_while_everybody_waits_asks_first(begin: Begin) -> None:
    live = begin(admit_by_hand=True).participant("Anna Kowalska", "Bilal Haddad")
    state = live.page.locator("#room-state")
    expect(live.page.locator("#waiting-words")).to_have_text("2 students are waiting to come in.", timeout=WAIT_MS)
    live.page.click("#room-start")
    expect(live.page.locator("#ask-title")).to_have_text("Start while everybody is still waiting?")
    live.page.click("#ask-no")
    expect(state).to_have_text("Not started")
    live.page.click("#tab-waiting")
    live.page.get_by_role("button", name="Let in: Anna Kowalska").click()
    live.students["Anna Kowalska"].wait_for("admission", lambda told: told["state"] == "admitted")
    expect(live.page.locator("#waiting-words")).to_contain_text("1 student")
    live.page.click("#room-start")
    expect(live.page.locator("#ask-title")).to_have_text("Start while students are still waiting?")
    live.page.click("#ask-yes")
    expect(state).to_have_text("Running")
    live.page.click("#room-pause")
    live.page.click("#room-start")
    expect(state).to_have_text("Running")


def test_a_student_is_removed_after_a_question(begin: Begin) -> None:
    live = begin().participant("Anna Kowalska")
    live.expect_tile("Anna Kowalska", "live")
    live.tile("Anna Kowalska").click()
    live.page.click("#large-remove")
    expect(live.page.locator("#ask-title")).to_have_text("Remove Anna Kowalska?")
    live.page.click("#ask-yes")
    live.students["Anna Kowalska"].wait_for("disconnect")
    live.page.keyboard.press("Escape")
    expect(live.tile("Anna Kowalska")).to_have_count(0)
    live.page.select_option("#grid-filter", "gone")
    live.expect_tile("Anna Kowalska", "gone")


# ------------------------------------------------------------------------------------ alerts and words


def test_an_alert_is_opened_judged_and_taken_back_by_keyboard(begin: Begin, watching: LiveServer) -> None:
    live = begin(at=watching).participant("Anna Kowalska")
    live.page.click("#room-start")
    live.hide_page("Anna Kowalska")
    row = live.alerts("Anna Kowalska")
    expect(row).to_have_count(1, timeout=WAIT_MS)
    expect(row).to_contain_text("Left the page")
    expect(live.tile("Anna Kowalska").locator(".tile-mark")).to_contain_text("Left the page")
    expect(live.page.locator("#tab-alerts .count")).to_have_text("1")
    expect(live.page).to_have_title("(1) Mathematics, final exam · Examonitor")
    body = live.page.locator("body")
    body.press("o")
    expect(live.page.locator("#alert-text")).not_to_contain_text("%(")
    live.page.keyboard.press("n")
    live.page.keyboard.type("Asked: a pop-up.")
    live.page.click("#alert-dismiss")
    expect(row).to_have_count(0)
    expect(live.page.locator("#toast")).to_contain_text("Dismissed as wrong")
    expect(live.tile("Anna Kowalska").locator(".tile-mark")).to_be_hidden()
    body.press("u")
    expect(row).to_have_count(1)
    expect(live.page.locator("#toast")).not_to_contain_text("Dismissed")
    expect(live.page.locator("#toast")).to_contain_text("Taken back")
    body.press("a")
    expect(row).to_have_count(0)
    live.page.click("#alerts-noted")
    expect(row).to_contain_text("Teacher 1")
    expect(row.get_by_title("Asked: a pop-up.")).to_be_visible()


def test_counts_show_whom_they_count_and_nobody_moves(begin: Begin, watching: LiveServer) -> None:
    live = begin(at=watching).participant("Anna Kowalska", "Léa Dubois")
    live.page.click("#room-start")
    live.hide_page("Léa Dubois")
    expect(live.alerts("Léa Dubois")).to_have_count(1, timeout=WAIT_MS)
    names = live.page.locator("#grid .tile-name")
    expect(names).to_have_text(list(THREE))
    count = live.page.get_by_role("button", name="1 to look at")
    count.click()
    expect(names).to_have_text(["Léa Dubois"])
    expect(count).to_have_attribute("aria-pressed", "true")
    expect(live.page.locator("#grid-place")).to_have_text("1 of 3")
    live.page.locator("body").press("a")
    expect(live.page.locator("#grid-empty")).to_contain_text("No student fits")
    live.page.get_by_role("button", name="0 to look at").click()
    expect(names).to_have_text(list(THREE))
    expect(live.page.locator("#count-filters button:visible")).to_have_count(0)


def test_words_reach_each_other_and_nobody_misses_one(begin: Begin) -> None:
    live = begin().participant("Bilal Haddad")
    live.expect_tile("Bilal Haddad", "live")
    bilal = live.students["Bilal Haddad"]
    bilal.ask("chat", {"client_id": "c1", "text": "Is <i>7b</i> right? 🙂"})
    expect(live.page.locator("#tab-chat .count")).to_have_text("1")
    expect(live.tile("Bilal Haddad").locator(".tile-chat")).to_have_text("1")
    live.tile("Bilal Haddad").click()
    live.page.click("#large-chat")
    expect(live.page.locator("#chat")).to_contain_text("Is <i>7b</i> right? 🙂")
    expect(live.page.locator("#tab-chat .count")).to_be_hidden()
    live.page.keyboard.type("Yes, it is.")
    live.page.keyboard.press("Enter")
    bilal.wait_for("chat", lambda told: told["text"] == "Yes, it is.")


def test_keys_can_be_listed_and_switched_off(begin: Begin) -> None:
    live = begin()
    live.page.locator("body").press("?")
    expect(live.page.locator("#keys")).to_contain_text("Acknowledge the incident")
    expect(live.page.locator("#key-hints")).to_be_visible()
    live.page.uncheck("#keys-on")
    live.page.keyboard.press("Escape")
    expect(live.page.locator("#key-hints")).to_be_hidden()
    live.page.locator("body").press("3")
    expect(live.page.locator("#tab-chat")).to_have_attribute("aria-selected", "false")


# ------------------------------------------------------------------------------------ faults, other screens


def test_a_server_that_was_killed_is_found_again(begin: Begin, own_server: LiveServer) -> None:
    live = begin(at=own_server).participant("Anna Kowalska")
    live.expect_tile("Anna Kowalska", "live")
    own_server.kill()
    expect(live.page.locator("#notices")).to_contain_text("The connection to the server is lost", timeout=WAIT_MS)
    expect(live.page.locator("#room-start")).to_be_disabled()
    own_server.start()
    live.expect_connected()
    live.expect_tile("Anna Kowalska", "offline")
    live.students["Anna Kowalska"].try_again()
    live.students["Anna Kowalska"].ask("camera", {"state": "on"})
    live.send("Anna Kowalska")
    live.expect_tile("Anna Kowalska", "live")


def test_a_phone_shows_students_and_panel_in_turn(begin: Begin) -> None:
    live = begin()
    live.page.set_viewport_size(PHONE)
    expect(live.tile("Anna Kowalska")).to_be_visible()
    live.page.click("#tab-alerts")
    expect(live.page.locator("#pane-alerts")).to_be_visible()
    expect(live.tile("Anna Kowalska")).to_be_hidden()
    live.page.click("#show-students")
    expect(live.tile("Anna Kowalska")).to_be_visible()
    wait_until(lambda: live.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out")
