"""The account pages as browsers meet them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from accounts.login_guard import PER_ACCOUNT, PER_ADDRESS, SLOW_S
from accounts.sign_up_guard import SignUpGuard
from settings import load_settings
from tests.site import PASSWORD, Browser, Site, text_of


def user_id(page: str, action: str = "close") -> str:
    found = re.search(rf"/people/(\d+)/{action}", page)
    assert found, page
    return found[1]


def without_token(page: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", page)


def test_the_first_visitor_is_led_to_register_and_becomes_administrator(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/login").location == "/register"
    assert browser.register().location == "/rooms"
    assert browser.get("/people").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(site: Site) -> None:
    site.teacher()
    wrong = site.browser().log_in("Ana", "not the password")
    unknown = site.browser().log_in("Nobody", "not the password")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert without_token(text_of(wrong)).replace("ana@", "nobody@") == without_token(text_of(unknown))


def test_logging_in_and_out(site: Site) -> None:
    site.teacher()
    browser = site.browser()
    assert not browser.is_logged_in()
    assert browser.log_in().status_code == 302
    assert browser.is_logged_in()
    browser.post("/logout")
    assert not browser.is_logged_in()


def test_a_log_out_ends_every_log_in_and_every_live_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    here, elsewhere = site.teacher(), site.browser()
    elsewhere.log_in()
    gone: list[int] = []
    monkeypatch.setattr(site.services.teacher_sessions, "send_away", gone.append)
    assert here.post("/logout").location == "/login"
    assert "on every device" in text_of(here.get("/login"))
    assert not elsewhere.is_logged_in(), "a cookie that was copied is good for nothing now"
    assert gone == [1]
    assert here.post("/logout").location == "/login"
    assert gone == [1], "a stranger ends nobody's log-in"
    assert here.log_in().status_code == 302


def test_a_log_in_leads_to_the_page_that_asked_for_it_and_nowhere_else(site: Site) -> None:
    site.teacher()
    asked = site.browser().get("/rooms/new").location
    assert asked == "/login?next=%2Frooms%2Fnew"
    fields = {"email": "ana@school.example", "password": PASSWORD}
    assert site.browser().post(asked, **fields).location == "/rooms/new"
    assert site.browser().post("/login?next=//evil.example", **fields).location == "/rooms"


def test_a_right_password_gets_in_after_anothers_guesses_at_the_same_address(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[float] = []
    monkeypatch.setattr("accounts.pages.time.sleep", held.append)
    site.teacher()
    for n in range(PER_ADDRESS):
        site.browser().log_in(f"User{n}", "wrong password", address="192.0.2.9")
    assert held == []
    assert site.browser().log_in(address="192.0.2.9").status_code == 302
    assert held == [SLOW_S]


def test_guessing_is_slowed_down_and_says_for_how_long(site: Site) -> None:
    site.teacher()
    browser = site.browser()
    for _ in range(PER_ACCOUNT):
        browser.log_in("Ana", "wrong password", address="192.0.2.9")
    refused = browser.log_in("Ana", PASSWORD, address="192.0.2.9")
    assert refused.status_code == 429
    assert "10 minutes" in text_of(refused)
    site.clock.advance(601)
    assert browser.log_in("Ana", PASSWORD, address="192.0.2.9").status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "not an address", "not a complete e-mail address"),
        ("password", "short", "at least 10 characters"),
        ("name", "  ", "fill this in"),
        ("name", "…", "give your name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(site: Site, field: str, value: str, words: str) -> None:
    site.teacher()
    answer = site.browser().register("Ben", **{field: value})
    page = text_of(answer)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error"[^>]*>[^<]*{words}', page), page


def test_registering_does_not_tell_who_has_an_account(site: Site) -> None:
    """Status, way on and words are the same, whether the address is new or known."""
    site.teacher("Ana")
    told = []
    for name in ("Ben", "Ana"):
        stranger = site.browser()
        answer = stranger.register(name, name="Mallory", password="another fine sentence")
        told.append(
            (answer.status_code, answer.location, re.sub(r'value="[^"]*"', "", text_of(stranger.get("/login"))))
        )
        assert not stranger.is_logged_in()
    assert told[0] == told[1] and "You can log in now" in told[0][2]
    assert site.browser().log_in("Ana").location == "/rooms", "the account is what it was"


def test_an_invitation_asks_for_one_address_and_no_more(tmp_path: Path) -> None:
    site = Site(tmp_path, registration="invitation")
    page = text_of(site.teacher("Ana").post("/people/invite"))
    link = re.search(r"http://localhost(/register/[\w-]+)", page)
    assert link
    assert site.browser().register("Ana", path=link[1]).location == "/login"
    assert site.browser().register("Ben", path=link[1]).status_code == 403
    site.close()


def test_a_typed_name_is_shown_as_text(site: Site) -> None:
    browser = site.browser()
    browser.register("Ana", name="<script>alert(1)</script>")
    assert "<script>alert" not in text_of(browser.get("/people"))


def test_a_closed_server_takes_nobody_and_says_so(tmp_path: Path) -> None:
    site = Site(tmp_path, registration="closed")
    site.teacher()
    assert site.browser().get("/register").status_code == 403
    assert site.browser().register("Ben").status_code == 403
    site.close()


def test_an_invitation_link_lets_one_teacher_in(tmp_path: Path) -> None:
    site = Site(tmp_path, registration="invitation")
    page = text_of(site.teacher().post("/people/invite"))
    link = re.search(r"http://localhost(/register/[\w-]+)", page)
    assert link
    assert site.browser().register("Ben").status_code == 403
    assert site.browser().register("Ben", path=link[1]).status_code == 302
    assert site.browser().get(link[1]).status_code == 403
    site.close()


def test_after_the_first_account_others_come_by_invitation_unless_somebody_says_otherwise() -> None:
    assert load_settings({}).registration == "invitation"


def test_the_log_in_tells_how_to_get_an_account(tmp_path: Path) -> None:
    for policy, told in (("open", 'href="/register"'), ("invitation", "ask your administrator")):
        site = Site(tmp_path / policy, registration=policy)
        site.teacher()
        assert told in text_of(site.browser().get("/login"))
        site.close()


def link_to_room(page: str) -> str:
    found = re.search(r"http://localhost(/co/[\w-]+)", page)
    assert found, page
    return found[1]


def follow(browser: Browser, link: str) -> str:
    """Follow a link to a room while logged out, and return the address to register at."""
    page = text_of(browser.get(browser.get(link).location))
    assert "invited to teach in a room" in page
    found = re.search(r'href="(/register/[^"]+)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize("policy", ["open", "invitation"])
def test_a_link_to_a_room_survives_registration(tmp_path: Path, policy: str) -> None:
    site = Site(tmp_path, registration=policy)
    owner, new = site.teacher(), site.browser()
    room_id = owner.new_room("Algebra")
    link = link_to_room(text_of(owner.post(f"/rooms/{room_id}/invite")))
    register = follow(new, link)
    assert "invited to teach in a room" in text_of(new.get(register))
    asked = new.register("Ben", path=register).location
    assert new.log_in("Ben", path=asked).location == link
    assert "Algebra" in text_of(new.get(link))
    assert site.browser().register("Eve", path=register).status_code == 403, "one link, one account"
    assert site.browser().log_in("Ben").status_code == 302
    assert new.post(link).status_code == 302
    assert new.get(f"/rooms/{room_id}").status_code == 200
    site.close()


def test_a_link_to_a_room_is_for_whoever_registered_by_it_alone(tmp_path: Path) -> None:
    site = Site(tmp_path, registration="invitation")
    owner, new = site.teacher(), site.browser()
    first, second = (link_to_room(text_of(owner.post(f"/rooms/{owner.new_room()}/invite"))) for _ in range(2))
    new.register("Ben", path=follow(new, first))
    new.log_in("Ben")
    other = site.browser()
    other.register("Eve", path=follow(other, second))
    other.log_in("Eve")
    assert other.post(first).status_code == 409
    assert new.post(first).status_code == 302
    assert new.post(first).status_code == 409, "it makes nobody a teacher twice"
    site.close()


def test_a_link_to_a_room_survives_a_log_in(tmp_path: Path) -> None:
    site = Site(tmp_path, registration="closed")
    owner = site.teacher()
    link = link_to_room(text_of(owner.post(f"/rooms/{owner.new_room()}/invite")))
    back = site.browser()
    asked = back.get(link).location
    assert "/register" not in text_of(back.get(asked)), "a closed server takes nobody, invited or not"
    fields = {"email": "ana@school.example", "password": PASSWORD}
    assert back.post(asked, **fields).location == link
    token = link.rpartition("/")[2]
    assert site.browser().register("Ben", path=f"/register/{token}").status_code == 403
    site.close()


def test_accounts_of_strangers_have_a_number(site: Site) -> None:
    service = site.app.extensions["accounts"]
    site.app.extensions["accounts"] = replace(service, sign_ups=SignUpGuard(per_address=3))
    admin = site.teacher("Ana")
    assert [site.browser().register(f"T{n}").status_code for n in range(3)] == [302, 302, 429]
    link = re.search(r"http://localhost(/register/[\w-]+)", text_of(admin.post("/people/invite")))
    assert link and site.browser().register("Zoe", path=link[1]).status_code == 302, "an invitation is a word for one"
    assert site.browser().register("Yan", address="192.0.2.7").status_code == 302


def test_a_new_password_logs_out_everywhere_else(site: Site) -> None:
    here, elsewhere = site.teacher(), site.browser()
    elsewhere.log_in()
    here.post("/account/password", current=PASSWORD, password="another good one")
    assert here.is_logged_in()
    assert not elsewhere.is_logged_in()
    assert site.browser().log_in("Ana", PASSWORD).status_code == 422
    assert site.browser().log_in("Ana", "another good one").status_code == 302


def test_a_new_password_needs_the_old_one(site: Site) -> None:
    browser = site.teacher()
    answer = browser.post("/account/password", current="a wrong password", password="another good one")
    assert 'id="current-error"' in text_of(answer)
    assert site.browser().log_in().status_code == 302


def test_the_name_can_be_changed(site: Site) -> None:
    browser = site.teacher()
    assert browser.post("/account/name", name="Ana María").status_code == 302
    assert "Ana María" in text_of(browser.get("/account"))
    assert browser.post("/account/name", name="…").status_code == 422


def test_only_administrators_see_the_people(site: Site) -> None:
    site.teacher()
    teacher = site.teacher("Ben")
    assert teacher.get("/people").status_code == 403
    assert teacher.post("/people/invite").status_code == 403
    assert site.browser().get("/people").status_code == 302


def test_a_closed_account_is_out_at_once_and_can_come_back(site: Site) -> None:
    admin, ben = site.teacher(), site.teacher("Ben")
    number = user_id(text_of(admin.get("/people")))
    admin.post(f"/people/{number}/close")
    assert not ben.is_logged_in()
    assert ben.log_in("Ben").status_code == 422
    admin.post(f"/people/{number}/open")
    assert ben.log_in("Ben").status_code == 302


def test_live_pages_end_with_the_account_and_with_the_password(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, ben = site.teacher(), site.teacher("Ben")
    gone: list[int] = []
    monkeypatch.setattr(site.services.teacher_sessions, "send_away", gone.append)
    number = int(user_id(text_of(admin.get("/people"))))
    ben.post("/account/password", current="not the password", password="another good one")
    assert gone == []
    ben.post("/account/password", current=PASSWORD, password="another good one")
    admin.post(f"/people/{number}/close")
    assert gone == [number, number]
    admin.post(f"/people/{number}/open")
    assert gone == [number, number]


def test_an_administrator_can_make_another_but_not_unmake_oneself(site: Site) -> None:
    admin, ben = site.teacher(), site.teacher("Ben")
    number = user_id(text_of(admin.get("/people")))
    admin.post(f"/people/{number}/role/admin")
    assert ben.get("/people").status_code == 200
    admin.post("/people/1/role/teacher")
    assert admin.get("/people").status_code == 200


@pytest.mark.parametrize("cookie", ["1", "1.", ".1", "1.2", "9.1", "x.y", "²."])
def test_a_log_in_that_is_not_of_now_is_none(site: Site, cookie: str) -> None:
    site.teacher()
    client = site.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = cookie
    assert client.get("/rooms").status_code == 302
