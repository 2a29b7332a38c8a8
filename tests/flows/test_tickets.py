"""Who may connect: nobody without a ticket that is signed, fresh, and for this door."""

from __future__ import annotations

import time
from http.cookiejar import CookieJar
from typing import Any

import pytest
from itsdangerous import TimestampSigner
from socketio.exceptions import ConnectionError as NotConnected

from bench.seed_room import PASSWORD
from rooms.tickets import LIFETIME_S, Tickets
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import ExamRoom, Person, PhoneBrowser, _token_of, open_room

ODD: list[Any] = [
    None,
    [],
    7,
    "ticket",
    {},
    {"ticket": None},
    {"ticket": 5},
    {"ticket": ["a"]},
    {"ticket": {"a": 1}},
    {"x": "y"},
]


@pytest.fixture(scope="module")
def room(server: LiveServer) -> ExamRoom:
    """A room whose people stay outside."""
    return open_room(server)


def refusal(server: LiveServer, namespace: str, auth: Any) -> str:
    """Try to connect and return the error's code; one line in the log must tell of it."""
    before = len(server.lines("refused", f"channel={namespace}", "address=127.0.0.1"))
    person = Person(server.url, namespace, auth)
    with pytest.raises(NotConnected):
        person.connect()
    told = person.wait_for("connect_error")
    person.close()
    wait_until(lambda: len(server.lines("refused", f"channel={namespace}")) > before, "a line in the log")
    assert person.heard("welcome") == []
    assert set(told["data"]) >= {"code", "text", "params"}
    return str(told["data"]["code"])


@pytest.mark.parametrize("namespace", ["/student", "/teacher", "/phone"])
@pytest.mark.parametrize("auth", ODD, ids=str)
def test_odd_credentials_are_refused(server: LiveServer, namespace: str, auth: Any) -> None:
    assert refusal(server, namespace, auth) == "ticket_invalid"


def test_a_forged_ticket_is_refused(server: LiveServer, room: ExamRoom) -> None:
    seat = room.seeded.students[0]
    forged = Tickets("another secret").issue_student(room.seeded.id, seat.id)
    changed = seat.ticket[:-2] + ("aa" if seat.ticket[-2:] != "aa" else "bb")
    for ticket in (forged, changed):
        assert refusal(server, "/student", {"ticket": ticket}) == "ticket_invalid"


def test_an_expired_ticket_is_refused(server: LiveServer, room: ExamRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = int(time.time()) - LIFETIME_S - 60
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: long_ago)
    ticket = Tickets(server.settings.secret()).issue_student(room.seeded.id, room.seeded.students[0].id)
    monkeypatch.undo()
    assert refusal(server, "/student", {"ticket": ticket}) == "ticket_expired"


def test_a_ticket_opens_its_own_door_alone(server: LiveServer, room: ExamRoom) -> None:
    student, teacher = room.seeded.students[0].ticket, room.seeded.teachers[0].ticket
    assert refusal(server, "/teacher", {"ticket": student}) == "ticket_invalid"
    assert refusal(server, "/student", {"ticket": teacher}) == "ticket_invalid"


def test_a_teacher_of_another_room_is_refused(server: LiveServer, room: ExamRoom) -> None:
    stranger = open_room(server, students=()).seeded.teachers[0]
    ticket = Tickets(server.settings.secret()).issue_teacher(room.seeded.id, stranger.id, 1)
    assert refusal(server, "/teacher", {"ticket": ticket}) == "not_allowed"


def test_a_ticket_ends_with_the_password_it_was_made_under(server: LiveServer, room: ExamRoom) -> None:
    older = Tickets(server.settings.secret()).issue_teacher(room.seeded.id, room.seeded.teachers[0].id, 0)
    assert refusal(server, "/teacher", {"ticket": older}) == "not_allowed"


def test_a_log_out_ends_the_cookie_the_ticket_and_the_live_page(server: LiveServer, begin: Begin) -> None:
    running = begin(server, teachers=2)
    mine, colleagues = running.teachers
    browser = PhoneBrowser(server.url)
    fields = {"email": running.seeded.teachers[0].email, "password": PASSWORD}
    browser.post("/login", **fields, csrf_token=_token_of(browser.get("/login")))
    page = browser.get("/rooms")
    copied = CookieJar()
    for cookie in browser.cookies:
        copied.set_cookie(cookie)
    browser.post("/logout", csrf_token=_token_of(page))
    mine.wait_for("disconnect")
    assert refusal(server, "/teacher", mine.auth) == "not_allowed"
    browser.cookies.clear()
    for cookie in copied:
        browser.cookies.set_cookie(cookie)
    assert 'name="password"' in browser.get("/rooms"), "a copied cookie is asked to log in"
    assert colleagues.ask("room", {"state": "paused"})["ok"], "a colleague's page goes on"


def test_an_unknown_namespace_is_refused(server: LiveServer, room: ExamRoom) -> None:
    person = Person(server.url, "/admin", {"ticket": room.seeded.teachers[0].ticket})
    with pytest.raises(NotConnected):
        person.connect()
    person.close()


def test_refused_clients_leave_everybody_else_alone(server: LiveServer, begin: Begin) -> None:
    running = begin(server)
    for _ in range(2):
        refusal(server, "/student", {"ticket": "x"})
    assert running.students[0].ask("history", {"after": 0}) == {"ok": True, "messages": [], "more": False}
    assert running.teacher.heard("disconnect") == []
