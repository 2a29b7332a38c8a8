"""The student's pages: joining, the notice, the participant, the way out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rooms.pages.student import _extra_steps
from rooms.protocol.limits import Limits
from rooms.protocol.tickets import STUDENT
from store.rooms import ParticipantRow, Room
from tests.site import Browser, Site, room_fields, text_of

WRONG = "There is no open room with this code. Please check the six digits."


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server whose answers to codes are not held back: how long they take is tested with the policy."""
    monkeypatch.setattr("rooms.pages.student.time.sleep", lambda _seconds: None)
    made = Site(tmp_path)
    yield made
    made.close()


def room_of(site: Site, **changed: Any) -> Room:
    teacher = site.teacher("Okafor")
    room_id = teacher.new_room("Biology 3B", **changed)
    with site.services.database.read() as db:
        room = db.get(Room, room_id)
    assert room is not None
    return room


def seated(site: Site, room: Room, name: str = "Ana Ruiz") -> Browser:
    browser = site.browser()
    browser.post("/join", code=room.code, name=name)
    assert browser.post("/notice", agree="yes").headers["Location"] == "/participant"
    return browser


def page_data(browser: Browser) -> dict[str, Any]:
    found = re.search(r'id="page-data">(.*?)</script>', text_of(browser.get("/participant")), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def participants(site: Site) -> list[ParticipantRow]:
    with site.services.database.read() as db:
        return list(db.query(ParticipantRow).order_by(ParticipantRow.joined_at))


def test_the_first_page_has_the_form_and_the_way_for_teachers(site: Site) -> None:
    page = text_of(site.browser().get("/"))
    assert 'inputmode="numeric"' in page
    assert 'href="/login"' in page


def test_a_link_with_the_code_fills_it_in(site: Site) -> None:
    assert 'value="123456"' in text_of(site.browser().get("/?code=123456"))


@pytest.mark.parametrize("typed", ["{}", "{0:.3} {1}", " {0:.3}-{1} "])
def test_a_code_may_be_pasted_with_spaces_and_dashes(site: Site, typed: str) -> None:
    room = room_of(site)
    code = typed.format(room.code, room.code[3:])
    answer = site.browser().post("/join", code=code, name="Ana")
    assert answer.headers["Location"] == "/notice"


def test_wrong_and_closed_codes_are_answered_alike(site: Site) -> None:
    room = room_of(site)
    wrong = f"{(int(room.code) + 1) % 1_000_000:06d}"
    closed_room = room.code
    site.services.lifecycle.set_state(room.id, "ended", "Okafor")
    pages = {}
    for code in (wrong, closed_room):
        answer = site.browser().post("/join", code=code, name="Ana")
        assert answer.status_code == 422
        pages[code] = text_of(answer).replace(code, "CODE")
    assert WRONG in pages[wrong]
    assert strip_tokens(pages[wrong]) == strip_tokens(pages[closed_room])


def strip_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "12345\u516d"])
def test_what_is_no_code_is_said_to_be_none(site: Site, code: str) -> None:
    answer = site.browser().post("/join", code=code, name="Ana")
    assert answer.status_code == 422
    assert "six digits" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "said"), [("", "give your name"), ("x" * 61, "at most 60"), ("\u202e", "give your name")]
)
def test_a_name_that_cannot_be_shown_is_refused(site: Site, name: str, said: str) -> None:
    answer = site.browser().post("/join", code=room_of(site).code, name=name)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_markup_in_a_name_stays_text(site: Site) -> None:
    room = room_of(site)
    browser = site.browser()
    browser.post("/join", code=room.code, name="<b>Ana</b> 😀")
    page = text_of(browser.get("/notice"))
    assert "&lt;b&gt;Ana&lt;/b&gt; 😀" in page
    assert "<b>Ana" not in page


def test_guessing_is_stopped_and_says_when_to_come_back(site: Site) -> None:
    browser = site.browser()
    most = site.services.limits.failures_per_browser
    answers = [browser.post("/join", code=f"{n:06d}", name="Eve").status_code for n in range(most + 1)]
    assert answers == [422] * most + [429]
    last = browser.post("/join", code="000031", name="Eve")
    assert int(last.headers["Retry-After"]) > 0
    elsewhere = site.browser().post("/join", code=room_of(site).code, name="Ana", address="10.0.0.9")
    assert elsewhere.status_code == 302


def test_thirty_wrong_codes_of_one_address_keep_nobody_out_who_has_the_right_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[float] = []
    monkeypatch.setattr("rooms.pages.student.time.sleep", held.append)
    room = room_of(site)
    wrong = f"{(int(room.code) + 1) % 1_000_000:06d}"
    statuses = [site.browser().post("/join", code=wrong, name="Eve").status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    held.clear()
    for name in ("Ana", "Ben", "Cleo"):
        assert site.browser().post("/join", code=room.code, name=name).headers["Location"] == "/notice"
    assert [round(seconds) for seconds in held] == [2] * 3, "slowed, and let in"


@pytest.mark.slow
def test_one_client_that_takes_participant_after_participant_keeps_no_class_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_of(site, max_students="20")
    eve = site.browser()
    for n in range(site.services.limits.participants_per_browser):
        eve.post("/join", code=room.code, name=f"Eve {n}")
        assert eve.post("/notice", agree="yes").status_code == 302
    eve.post("/join", code=room.code, name="Eve again")
    assert eve.post("/notice", agree="yes").status_code == 429
    for n in range(98):
        seated(site, room, f"Without a cookie {n}")
    places = [seated(site, room, f"Student {n}") for n in range(20)]
    for number, student in enumerate(places):
        ticket = site.services.tickets.read(page_data(student)["ticket"], STUDENT)
        site.services.admission.arrive(ticket, f"s{number}")
    late = site.browser()
    late.post("/join", code=room.code, name="Late")
    answer = late.post("/notice", agree="yes")
    assert (answer.status_code, "This room is full" in text_of(answer)) == (429, True)


def test_participants_that_nobody_came_to_do_not_pile_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_of(site)
    object.__setattr__(site.services.context, "limits", Limits(unused_participants=3))
    browsers = []
    for n in range(5):
        browsers.append(seated(site, room, f"Eve {n}"))
        site.clock.advance(1)
    assert len(participants(site)) == len(site.services.directory.room(room.id).students) == 3
    assert browsers[-1].get("/participant").status_code == 200
    assert [browser.get("/participant").status_code for browser in browsers] == [302, 302, 200, 200, 200]


def test_the_notice_tells_what_who_how_long_and_the_rules(site: Site) -> None:
    room = room_of(site, forbidden_more="Mobile phones\nBooks", forbidden_moves_more="Talking")
    browser = site.browser()
    browser.post("/join", code=room.code, name="Ana")
    page = text_of(browser.get("/notice"))
    for words in ("Okafor", "30 days", "Mobile phones", "Books", "Talking", "No sound"):
        assert words in page


@pytest.mark.slow
def test_the_rules_do_not_forbid_the_phones_that_the_exam_asks_for(site: Site) -> None:
    exception = re.compile(r"phones that this exam works with are an exception[^:]*: on the arm, in the room\.")
    room = room_of(
        site, forbidden_more="Mobile phones", **{"with_phones": "1", "phone.arm": "required", "phone.room": "allowed"}
    )
    browser = site.browser()
    browser.post("/join", code=room.code, name="Ana")
    for page in ("/notice", "/participant"):
        if page == "/participant":
            browser.post("/notice", agree="yes")
        shown = text_of(browser.get(page))
        assert "Mobile phones" in shown
        assert len(exception.findall(shown)) == shown.count("Mobile phones"), "wherever the one is said, the other is"


def test_rules_without_phones_make_no_exception(site: Site) -> None:
    room = room_of(site, forbidden_more="Mobile phones")
    browser = site.browser()
    browser.post("/join", code=room.code, name="Ana")
    assert "are an exception" not in text_of(browser.get("/notice"))


@pytest.mark.parametrize(
    ("asked", "said", "unsaid"),
    [
        ({"sound": "1"}, ["whether somebody speaks", "No sound is kept."], ["deleted with its picture"]),
        ({"sound": "1", "keep_sound": "1"}, ["The sound kept with an alert is deleted with its picture."], ["as text"]),
        ({"sound": "1", "transcribe": "1", "phrases": "one\ntwo"}, ["kept as text", '<q dir="auto">two</q>'], []),
        ({"with_phones": "1", "phone.arm": "required"}, ["how the arm moves"], ["deleted with its picture"]),
        ({"learn_phones": "1"}, ["to improve detection on this server"], ["deleted with its picture"]),
        ({}, [], ["whether somebody speaks", "deleted with its picture", "improve detection"]),
    ],
)
def test_the_notice_says_what_becomes_of_sound_words_movement_and_judged_alerts(
    site: Site, asked: dict[str, str], said: list[str], unsaid: list[str]
) -> None:
    room = room_of(site, **asked)
    browser = site.browser()
    browser.post("/join", code=room.code, name="Ana")
    page = text_of(browser.get("/notice"))
    for words in said:
        assert words in page
    for words in unsaid:
        assert words not in page


def test_nothing_begins_before_the_student_agrees(site: Site) -> None:
    room = room_of(site)
    browser = site.browser()
    browser.post("/join", code=room.code, name="Ana")
    assert browser.post("/notice").status_code == 422
    assert browser.get("/participant").headers["Location"] == "/"
    assert participants(site) == []


def test_agreeing_gives_a_participant_with_its_moment_and_a_ticket(site: Site) -> None:
    room = room_of(site)
    browser = seated(site, room)
    (participant,) = participants(site)
    assert (participant.name, participant.state) == ("Ana Ruiz", "checking")
    assert participant.agreed_at is not None
    ticket = site.services.tickets.read(page_data(browser)["ticket"], STUDENT)
    assert (ticket.room, ticket.who) == (room.id, participant.id)
    assert browser.get("/participant").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("watched", "steps"),
    [
        ({"detectors": {}}, ["pictures", "dots"]),
        ({"detectors": {"identity": "package missing", "landmarks": None}}, ["dots"]),
        ({"off": "switched off"}, []),
    ],
)
def test_only_steps_that_make_sense_follow_the_check(watched: dict[str, Any], steps: list[str]) -> None:
    assert _extra_steps(watched) == steps


def test_the_page_knows_whether_pictures_are_analysed(site: Site) -> None:
    assert page_data(seated(site, room_of(site)))["analysed"] is not site.services.monitor.health().get("off", False)


def test_the_page_knows_its_steps(site: Site) -> None:
    assert set(page_data(seated(site, room_of(site)))["steps"]) <= {"pictures", "dots"}


def test_the_teachers_see_a_new_student_at_once(site: Site) -> None:
    room = room_of(site)
    seated(site, room)
    live = site.services.directory.room(room.id)
    assert [participant.name for participant in live.students.values()] == ["Ana Ruiz"]


def test_joining_again_in_the_same_browser_is_the_same_person(site: Site) -> None:
    room = room_of(site)
    browser = seated(site, room)
    assert browser.post("/join", code=room.code, name="Ana  Ruiz").headers["Location"] == "/participant"
    assert len(participants(site)) == 1


def test_another_name_at_a_shared_computer_is_another_person(site: Site) -> None:
    room = room_of(site)
    browser = seated(site, room)
    assert "Ana Ruiz" in text_of(browser.get("/"))
    browser.post("/forget")
    assert "Ana Ruiz" not in text_of(browser.get("/"))
    browser.post("/join", code=room.code, name="Ben")
    browser.post("/notice", agree="yes")
    assert [one.name for one in participants(site)] == ["Ana Ruiz", "Ben"]


def test_a_full_room_says_so(site: Site) -> None:
    room = room_of(site, max_students="1")
    ticket = site.services.tickets.read(page_data(seated(site, room))["ticket"], STUDENT)
    site.services.admission.arrive(ticket, "s1")
    late = site.browser()
    late.post("/join", code=room.code, name="Ben")
    answer = late.post("/notice", agree="yes")
    assert answer.status_code == 429
    assert "This room is full" in text_of(answer)


@pytest.mark.parametrize(
    ("state", "said"), [("left", "You have left the exam"), ("removed", "Your teacher closed your place")]
)
def test_a_participant_that_is_over_is_explained(site: Site, state: str, said: str) -> None:
    browser = seated(site, room_of(site))
    with site.services.database.session() as db:
        db.query(ParticipantRow).update({"state": state})
    assert browser.get("/participant").headers["Location"] == "/closed"
    assert said in text_of(browser.get("/closed"))


def test_a_room_that_ended_is_explained_and_gives_no_participant(site: Site) -> None:
    room = room_of(site)
    browser, late = seated(site, room), site.browser()
    late.post("/join", code=room.code, name="Ben")
    site.services.lifecycle.set_state(room.id, "ended", "Okafor")
    assert browser.get("/participant").headers["Location"] == "/closed"
    assert "This exam has ended" in text_of(browser.get("/closed"))
    answer = late.post("/notice", agree="yes")
    assert answer.headers["Location"] == "/"
    assert "This room has ended." in text_of(late.get("/"))
    assert len(participants(site)) == 1


def test_a_live_participant_is_not_closed(site: Site) -> None:
    assert seated(site, room_of(site)).get("/closed").headers["Location"] == "/participant"


def test_without_a_participant_every_page_leads_to_the_first(site: Site) -> None:
    stranger = site.browser()
    for path in ("/notice", "/participant", "/closed"):
        assert stranger.get(path).headers["Location"] == "/"
    assert stranger.post("/notice", agree="yes").headers["Location"] == "/"


def test_only_the_address_of_this_exam_may_be_framed(site: Site) -> None:
    linked = room_of(site, exam_kind="link", exam_link="https://quiz.example/form?id=1")
    answer = seated(site, linked).get("/participant")
    assert "frame-src 'self' https://quiz.example" in answer.headers["Content-Security-Policy"]
    assert "quiz.example" not in site.browser().get("/").headers["Content-Security-Policy"]


def test_what_nobody_agreed_to_is_not_switched_on_any_more(site: Site) -> None:
    room = room_of(site, sound="1")
    teacher, settings = site.browser(), f"/rooms/{room.id}/settings"
    teacher.log_in("Okafor")
    assert teacher.post(settings, **room_fields(sound="1", transcribe="1")).status_code == 302, "nobody is here"
    seated(site, room)
    circle = {"place": "circle", "place_latitude": "48.85", "place_longitude": "2.35", "place_radius": "200"}
    for more in ({"keep_sound": "1"}, {"listening": "1"}, circle):
        answer = teacher.post(settings, **room_fields(sound="1", transcribe="1", **more))
        assert (answer.status_code, "did not agree to this" in text_of(answer)) == (422, True)
    for fewer in ({"sound": "1"}, {}):
        assert teacher.post(settings, **room_fields(**fewer)).status_code == 302
    assert teacher.post(settings, **room_fields(sound="1")).status_code == 422
    live = site.services.directory.room(room.id)
    assert not (live.settings.sound or live.settings.keep_sound or live.settings.listening or live.settings.place)


def test_a_room_that_was_changed_while_the_notice_was_read_is_read_again(site: Site) -> None:
    room = room_of(site)
    student, teacher = site.browser(), site.browser()
    student.post("/join", code=room.code, name="Ana")
    assert "No sound." in text_of(student.get("/notice"))
    teacher.log_in("Okafor")
    assert teacher.post(f"/rooms/{room.id}/settings", **room_fields(sound="1", keep_sound="1")).status_code == 302
    again = student.post("/notice", agree="yes")
    assert (again.status_code, "read once more" in text_of(again)) == (422, True)
    assert participants(site) == []
    assert student.post("/notice", agree="yes").headers["Location"] == "/participant", "it was told now"
