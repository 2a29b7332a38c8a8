"""The pages around a room as browsers meet them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rooms.live.directory import LiveRoom
from rooms.setup.participant_records import create_participant
from rooms.setup.room_settings import RoomSettings
from store.rooms import Room
from tests.rooms.setup.test_exam_paper import make_pdf
from tests.site import Browser, Site, room_fields, text_of
from tests.store.makers import MOMENT


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet."""
    made = Site(tmp_path)
    yield made
    made.close()


def row(site: Site, room_id: str) -> Room:
    with site.services.database.read() as db:
        room = db.get(Room, room_id)
    assert room is not None
    return room


def pdf() -> tuple[io.BytesIO, str]:
    return io.BytesIO(make_pdf()), "exam 10b.pdf"


def invitation(browser: Browser, room_id: str) -> str:
    found = re.search(r"http://localhost(/co/[\w-]+)", text_of(browser.post(f"/rooms/{room_id}/invite")))
    assert found
    return found[1]


def test_an_empty_list_helps_to_begin(site: Site) -> None:
    page = text_of(site.teacher().get("/rooms"))
    assert "Create your first room" in page


def test_nobody_sees_rooms_without_logging_in(site: Site) -> None:
    room_id = site.teacher().new_room()
    stranger = site.browser()
    for path in ("/rooms", "/rooms/new", f"/rooms/{room_id}/settings", "/co/x"):
        assert stranger.get(path).location.startswith("/login")
    for path in ("state", "invite", "delete", "duplicate"):
        assert stranger.post(f"/rooms/{room_id}/{path}").location.startswith("/login")


def test_a_new_room_has_a_code_and_is_live(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room("Algebra <b>")
    page = text_of(browser.get("/rooms"))
    code = row(site, room_id).code
    assert f"{code[:3]} {code[3:]}" in page
    assert "Algebra &lt;b&gt;" in page and "Algebra <b>" not in page
    assert site.services.directory.room(room_id).code == code


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(site: Site) -> None:
    browser = site.teacher()
    typed = room_fields(
        "", forbidden_more="my ruler", exam_kind="link", exam_link="nowhere", **{"PAGE_HIDDEN.hold": "x"}
    )
    answer = browser.post("/rooms/new", **typed)
    page = text_of(answer)
    assert answer.status_code == 422
    for kept in ("my ruler", 'value="nowhere"'):
        assert kept in page
    assert re.search(r'name="PAGE_HIDDEN\.hold"[^>]* value="x"', page)
    for field in ("title", "exam_link", "PAGE_HIDDEN.hold"):
        assert f'id="{field}-error"' in page


def test_settings_are_kept_and_reach_the_live_room(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    fields = room_fields("Geometry", admit_by_hand="1", allowed=["Mobile phone"], forbidden_more="a ruler")
    assert browser.post(f"/rooms/{room_id}/settings", **fields).status_code == 302
    page = text_of(browser.get(f"/rooms/{room_id}/settings"))
    assert re.search(r'value="Mobile phone" id="[\w-]+" checked', page) and "a ruler</textarea>" in page
    live = site.services.directory.room(room_id)
    assert (live.title, live.settings.admit_by_hand) == ("Geometry", True)
    assert "Mobile phone" not in live.settings.forbidden and "Calculator" in live.settings.forbidden


def test_an_exam_is_started_paused_and_ended(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    for state in ("running", "paused", "running", "ended"):
        assert browser.post(f"/rooms/{room_id}/state", state=state).status_code == 302
        assert row(site, room_id).state == state
    assert site.services.directory.room(room_id) is None
    refused = browser.post(f"/rooms/{room_id}/state", state="running")
    assert (refused.status_code, "has ended" in text_of(refused)) == (409, True)


def test_a_move_that_does_not_exist_is_refused_in_words(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    assert browser.post(f"/rooms/{room_id}/state", state="<b>").status_code == 409


def test_an_ended_room_is_deleted_with_its_pictures(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    site.services.evidence.keep(room_id, "a1", b"jpeg")
    assert browser.post(f"/rooms/{room_id}/delete").status_code == 409
    browser.post(f"/rooms/{room_id}/state", state="ended")
    directory = site.services.directory
    directory.add_room(LiveRoom(room_id, "000000", "still open somewhere", "ended", RoomSettings()))
    assert browser.post(f"/rooms/{room_id}/delete").status_code == 302
    assert directory.room(room_id) is None
    assert not site.services.evidence.path(room_id, "a1.jpg").exists()
    assert room_id not in text_of(browser.get("/rooms"))


def test_a_room_that_goes_on_is_ended_and_deleted_at_one_stroke(site: Site) -> None:
    owner, colleague, room_id = with_colleague(site)
    owner.post(f"/rooms/{room_id}/state", state="running")
    assert colleague.post(f"/rooms/{room_id}/delete", end="1").status_code == 404
    assert row(site, room_id).state == "running", "nobody but its maker ends it by deleting"
    assert owner.post(f"/rooms/{room_id}/delete", end="1").status_code == 302
    assert site.services.directory.room(room_id) is None
    assert room_id not in text_of(owner.get("/rooms"))


def test_a_room_is_duplicated_without_its_people(site: Site) -> None:
    owner, colleague, room_id = with_colleague(site)
    fields = room_fields("Algebra", exam_kind="text", exam_text="# Question", allowed=["Calculator"], sound="1")
    owner.post(f"/rooms/{room_id}/settings", **fields)
    with site.services.database.session() as db:
        create_participant(db, db.get(Room, room_id), "Sam", MOMENT)
    answer = colleague.post(f"/rooms/{room_id}/duplicate")
    copy_id = answer.location.split("/")[2]
    like, copy = row(site, room_id), row(site, copy_id)
    assert (copy.title, copy.exam_text, copy.settings) == ("Algebra (copy)", like.exam_text, like.settings)
    assert copy.code != like.code and copy.state == "open"
    live = site.services.directory.room(copy_id)
    assert (live.code, live.students) == (copy.code, {})
    assert owner.get(f"/rooms/{copy_id}/settings").status_code == 404, "it belongs to whoever made it"
    assert "Calculator" not in live.settings.forbidden


def test_an_ended_room_is_duplicated_from_the_list(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    browser.post(f"/rooms/{room_id}/state", state="ended")
    assert f"/rooms/{room_id}/duplicate" in text_of(browser.get("/rooms"))
    copy = browser.post(f"/rooms/{room_id}/duplicate").location
    assert "This is the copy" in text_of(browser.get(copy))


def test_a_foreign_room_looks_like_no_room(site: Site) -> None:
    room_id = site.teacher().new_room()
    stranger = site.teacher("Ben")
    assert stranger.get(f"/rooms/{room_id}/settings").status_code == 404
    for path in ("state", "invite", "delete", "duplicate"):
        answer = stranger.post(f"/rooms/{room_id}/{path}", state="running")
        nothing = stranger.post(f"/rooms/nothing/{path}", state="running")
        assert (answer.status_code, nothing.status_code) == (404, 404)
    assert row(site, room_id).state == "open"


def test_a_co_teacher_joins_by_link_and_may_do_the_same_but_delete(site: Site) -> None:
    owner, colleague = site.teacher(), site.teacher("Ben")
    room_id = owner.new_room("Algebra")
    link = invitation(owner, room_id)
    assert "Algebra" in text_of(colleague.get(link))
    assert colleague.post(link).status_code == 302
    assert "as co-teacher" in text_of(colleague.get("/rooms"))
    assert colleague.post(f"/rooms/{room_id}/state", state="running").status_code == 302
    colleague.post(f"/rooms/{room_id}/state", state="ended")
    assert colleague.post(f"/rooms/{room_id}/delete").status_code == 404
    assert site.teacher("Eve").get(link).status_code == 409


def test_the_owner_who_opens_the_link_leaves_it_for_the_colleague(site: Site) -> None:
    owner, colleague = site.teacher(), site.teacher("Ben")
    link = invitation(owner, owner.new_room())
    assert "already" in text_of(owner.get(link))
    assert owner.post(link).status_code == 409
    assert colleague.post(link).status_code == 302


def with_colleague(site: Site) -> tuple[Browser, Browser, str]:
    owner, colleague = site.teacher(), site.teacher("Ben")
    room_id = owner.new_room("Algebra")
    colleague.post(invitation(owner, room_id))
    return owner, colleague, room_id


def test_a_co_teacher_is_removed_with_the_live_page_and_every_unused_link(site: Site) -> None:
    owner, colleague, room_id = with_colleague(site)
    links = invitation(owner, room_id), invitation(colleague, room_id)
    gone: list[tuple[str, int]] = []
    site.services.teacher_sessions.teacher_removed = lambda *what: gone.append(what)
    assert f"/rooms/{room_id}/teachers/2/remove" in text_of(owner.get(f"/rooms/{room_id}/settings"))
    assert owner.post(f"/rooms/{room_id}/teachers/2/remove").location == f"/rooms/{room_id}/settings"
    assert gone == [(room_id, 2)]
    assert colleague.get(f"/rooms/{room_id}").status_code == 404
    assert colleague.post(f"/rooms/{room_id}/state", state="running").status_code == 404
    for link in links:
        assert colleague.post(link).status_code == 409
    assert "Algebra" not in text_of(colleague.get("/rooms"))


def test_a_co_teacher_may_go_and_removes_nobody_else(site: Site) -> None:
    owner, colleague, room_id = with_colleague(site)
    third = site.teacher("Eve")
    third.post(invitation(owner, room_id))
    page = text_of(colleague.get(f"/rooms/{room_id}/settings"))
    assert f"/rooms/{room_id}/teachers/2/remove" in page and f"/rooms/{room_id}/teachers/3/remove" not in page
    for whom in (1, 3):
        assert colleague.post(f"/rooms/{room_id}/teachers/{whom}/remove").status_code == 404
    assert owner.post(f"/rooms/{room_id}/teachers/1/remove").status_code == 409, "a room keeps its owner"
    assert owner.post(f"/rooms/{room_id}/teachers/9/remove").status_code == 409
    assert site.teacher("Zoe").post(f"/rooms/{room_id}/teachers/2/remove").status_code == 404
    assert colleague.post(f"/rooms/{room_id}/teachers/2/remove").location == "/rooms"
    assert third.get(f"/rooms/{room_id}/settings").status_code == 200


def test_the_paper_is_for_teachers_any_time_and_for_students_while_it_runs(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room(exam_kind="pdf", exam_file=pdf())
    address = f"/rooms/{room_id}/exam.pdf"
    with site.services.database.session() as db:
        participant = create_participant(db, db.get(Room, room_id), "Sam", MOMENT)
        participant.state = "admitted"
    student = site.app.test_client()
    with student.session_transaction() as session:
        session["participant"] = participant.id
    answer = browser.get(address)
    assert (answer.data, answer.mimetype) == (make_pdf(), "application/pdf")
    assert student.get(address).status_code == 404
    browser.post(f"/rooms/{room_id}/state", state="running")
    assert student.get(address).status_code == 200
    browser.post(f"/rooms/{room_id}/state", state="ended")
    assert student.get(address).status_code == 404
    assert site.browser().get(address).status_code == 404
    assert site.teacher("Ben").get(address).status_code == 404


def test_saving_without_a_new_file_keeps_the_pdf(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room(exam_kind="pdf", exam_file=pdf())
    browser.post(f"/rooms/{room_id}/settings", **room_fields("New title", exam_kind="pdf"))
    assert browser.get(f"/rooms/{room_id}/exam.pdf").status_code == 200
    assert "exam 10b.pdf" in text_of(browser.get(f"/rooms/{room_id}/settings"))


def test_a_file_that_is_no_pdf_is_refused(site: Site) -> None:
    answer = site.teacher().post("/rooms/new", **room_fields(exam_kind="pdf", exam_file=(io.BytesIO(b"MZ"), "e.pdf")))
    assert (answer.status_code, 'id="exam_file-error"' in text_of(answer)) == (422, True)


def test_the_language_of_the_page_names_the_forbidden_items(site: Site) -> None:
    browser = site.teacher()
    browser.post("/language", locale="fr")
    assert '<html lang="fr"' in text_of(browser.get("/rooms/new"))
