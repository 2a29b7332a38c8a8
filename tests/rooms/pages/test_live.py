"""The live page, the pictures behind alerts and the health page, as browsers meet them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from detection.rules import RULES, WEIGHTS
from detection.sensing.engine import LocalSenses
from rooms.pages.live import _faults, _problems
from rooms.protocol.tickets import TEACHER
from rooms.upkeep.storage_health import PAUSE_S
from store.alerts import AlertRow
from store.errors import FULL, StoreUnavailable
from store.rooms import ParticipantRow
from tests.site import Browser, Site, text_of
from tests.store.makers import MOMENT
from transport.connections import Connections

PLENTY = {"free": 10**12, "total": 2 * 10**12, "is_low": False}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet."""
    made = Site(tmp_path)
    yield made
    made.close()


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="page-data">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def keep_alert(site: Site, room_id: str, alert_id: str = "a1", name: str | None = None, jpeg: bytes = b"") -> None:
    if jpeg:
        name = site.services.evidence.keep(room_id, alert_id, jpeg)
    with site.services.database.session() as db:
        participant = ParticipantRow(id=f"p-{alert_id}", room_id=room_id, name="Zoé", joined_at=MOMENT)
        db.add(participant)
        db.flush()
        db.add(
            AlertRow(
                id=alert_id,
                room_id=room_id,
                participant_id=participant.id,
                kind="FACE_NOT_FOUND",
                severity="warning",
                text="x",
                started_at=MOMENT,
                raised_at=MOMENT,
                evidence=name,
            )
        )


# ------------------------------------------------------------------------------------ the page


def test_a_teacher_gets_the_page_with_a_ticket_for_this_room(site: Site) -> None:
    browser = site.teacher("Marie")
    room_id = browser.new_room("Physics <b>")
    answer = browser.get(f"/rooms/{room_id}")
    given = data_of(text_of(answer))
    ticket = site.services.tickets.read(given["ticket"], TEACHER)
    assert (ticket.room, ticket.who) == (room_id, given["me"]["id"])
    assert given["me"]["name"] == "Marie"
    assert given["room"]["title"] == "Physics <b>" and "Physics <b>" not in text_of(answer)
    assert [rule["kind"] for rule in given["rules"]] == list(RULES)
    assert given["rules"][0] == {
        "kind": "FACE_NOT_FOUND",
        "label": RULES["FACE_NOT_FOUND"].label,
        "advice": RULES["FACE_NOT_FOUND"].advice,
        "sign": "person-x",
        "common_cause": RULES["FACE_NOT_FOUND"].common_cause,
    }
    assert given["suspicion"]["weights"] == WEIGHTS
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_gets_the_page(site: Site) -> None:
    room_id = site.teacher("Marie").new_room()
    assert site.browser().get(f"/rooms/{room_id}").location.startswith("/login")
    stranger = site.teacher("Paul")
    assert stranger.get(f"/rooms/{room_id}").status_code == 404
    assert stranger.get("/rooms/none").status_code == 404


def test_a_room_that_has_ended_can_be_looked_back_at(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    browser.post(f"/rooms/{room_id}/state", state="ended")
    answer = browser.get(f"/rooms/{room_id}")
    assert (answer.status_code, data_of(text_of(answer))["room"]["state"]) == (200, "ended")


def test_the_page_has_no_inline_script_or_style(site: Site) -> None:
    browser = site.teacher()
    page = text_of(browser.get(f"/rooms/{browser.new_room()}"))
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []
    assert " style=" not in page and not re.search(r"\son\w+=", page)


def test_the_page_says_how_students_join(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    page = text_of(browser.get(f"/rooms/{room_id}"))
    code = data_of(page)["room"]["code"]
    assert f"http://localhost/?code={code}" in page
    assert "by an address that only this machine knows" in page


# ------------------------------------------------------------------------------------ evidence


def evidence(browser: Browser, room_id: str, alert_id: str = "a1") -> Any:
    return browser.get(f"/rooms/{room_id}/evidence/{alert_id}.jpg")


def test_a_teacher_sees_the_picture_and_no_browser_keeps_it(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    keep_alert(site, room_id, jpeg=b"\xff\xd8 a picture")
    with evidence(browser, room_id) as answer:
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/jpeg", b"\xff\xd8 a picture")
        assert answer.headers["Cache-Control"] == "no-store"


def views(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [one.getMessage() for one in caplog.records]
    return [line for line in lines if "evidence-viewed" in line]


def test_each_picture_that_is_opened_is_in_the_log_and_no_picture_of_a_list(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    keep_alert(site, room_id, jpeg=b"\xff\xd8 a picture")
    address = f"/rooms/{room_id}/evidence/a1.jpg"
    with browser.get(f"{address}?in=list", headers={"Sec-Fetch-Dest": "image"}) as small:
        assert small.data == b"\xff\xd8 a picture"
        assert small.headers["Cache-Control"] == "no-store"
    assert views(caplog) == []
    for _ in range(2):
        with browser.get(address) as opened:
            assert opened.headers["Cache-Control"] == "no-store", "or it is not asked for again"
    assert len(views(caplog)) == 2 and "Marie" in views(caplog)[1]
    browser.get(f"{address}?in=list", headers={"Sec-Fetch-Dest": "document"}).close()
    assert len(views(caplog)) == 3, "the list's address in a window of its own"


def test_a_picture_is_for_the_teachers_of_its_room_alone(site: Site) -> None:
    marie = site.teacher("Marie")
    hers = marie.new_room("Hers")
    keep_alert(site, hers, jpeg=b"\xff\xd8")
    assert evidence(site.browser(), hers).location.startswith("/login")
    paul = site.teacher("Paul")
    his = paul.new_room("His")
    assert evidence(paul, hers).status_code == 404
    assert evidence(paul, his).status_code == 404, "an alert of one room is not found in another"


@pytest.mark.parametrize("name", [None, "gone.jpg", "../../secret.key", "/etc/passwd"])
def test_a_picture_that_is_not_there_is_not_found(site: Site, name: str | None) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    keep_alert(site, room_id, name=name)
    assert evidence(browser, room_id).status_code == 404


@pytest.mark.parametrize("alert_id", ["..%2f..%2fsecret", "none", "%00"])
def test_an_address_never_names_a_file(site: Site, alert_id: str) -> None:
    browser = site.teacher()
    assert evidence(browser, browser.new_room(), alert_id).status_code == 404


# ------------------------------------------------------------------------------------ sound and words


def keep_sound(site: Site, room_id: str, kept: list[str]) -> None:
    keep_alert(site, room_id)
    site.services.evidence.keep(room_id, "a1", b"RIFF sound", "wav")
    site.services.evidence.add_line(room_id, "a1", "[Vosk (fr)] quelle est la\nréponse <b>")
    with site.services.database.session() as db:
        row = db.get(AlertRow, "a1")
        assert row is not None
        row.numbers = {"kept": kept}


def test_sound_and_words_are_for_the_rooms_teachers_and_the_log_says_who_looked(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    marie = site.teacher("Marie")
    room_id = marie.new_room()
    keep_sound(site, room_id, ["sound", "words"])
    address = f"/rooms/{room_id}/evidence/a1"
    with marie.get(f"{address}.wav") as answer:
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/wav", b"RIFF sound")
        assert answer.headers["Cache-Control"] == "no-store"
    words = marie.get(f"{address}.txt")
    assert (words.mimetype, text_of(words)) == ("text/plain", "[Vosk (fr)] quelle est la réponse <b>\n")
    seen = views(caplog)
    assert len(seen) == 2 and all("Marie" in line for line in seen)
    assert "sound" in seen[0] and "words" in seen[1]
    assert site.browser().get(f"{address}.wav").location.startswith("/login")
    paul = site.teacher("Paul")
    assert [paul.get(f"{address}.{ending}").status_code for ending in ("wav", "txt")] == [404, 404]


def test_what_the_alert_does_not_offer_is_not_found_even_where_a_file_is(site: Site) -> None:
    marie = site.teacher("Marie")
    room_id = marie.new_room()
    keep_sound(site, room_id, [])
    for ending in ("wav", "txt"):
        assert marie.get(f"/rooms/{room_id}/evidence/a1.{ending}").status_code == 404


def test_words_that_were_not_understood_are_empty_and_no_error(site: Site) -> None:
    marie = site.teacher("Marie")
    room_id = marie.new_room()
    keep_sound(site, room_id, ["words"])
    site.services.evidence.path(room_id, "a1.txt").unlink()
    answer = marie.get(f"/rooms/{room_id}/evidence/a1.txt")
    assert (answer.status_code, text_of(answer)) == (200, "")


# ------------------------------------------------------------------------------------ health


def test_the_health_page_is_for_people_who_can_log_in(site: Site) -> None:
    assert site.browser().get("/health").location.startswith("/login")
    page = text_of(site.teacher().get("/health"))
    assert "Pictures are not analysed" in page and "SQLite" in page


def test_the_health_page_shows_the_sensing_process(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    known = LocalSenses(Path("nowhere")).health()
    sensing: dict[str, Any] = {**known, "state": "ready", "rss": 50 << 20}
    sensing |= {"notes": {"sound": {"words": "Vosk (fr)", "dropped": 3}}, "dropped": {"replaced": 4, "full": 1}}
    told = {**site.services.monitor.health(), "sensing": sensing}
    monkeypatch.setattr(site.services.monitor, "health", lambda: told)
    page = text_of(site.teacher().get("/health"))
    for part in ("Sound and movement", "Vosk (fr)", "3 stretches of speech dropped", "50 MiB", "<dd>5</dd>"):
        assert part in page


def test_the_health_page_shows_what_each_detector_and_process_does(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = {"looks": 40, "said_again": 10, "per_second": 12.5, "every": 2.0, "seconds": 6.24, "age": 9.1, "ms": 11.4}
    never = {"looks": 0, "said_again": 0, "per_second": 0.0, "every": 45.0, "seconds": None, "age": None, "ms": None}
    worker = {"name": "analysis-1", "state": "ready", "cpu": 61.4, "rss": 70 << 20, "restarts": 0, "analysed": 4}
    told = {
        **site.services.monitor.health(),
        "workers": [worker],
        "server": {"pid": 7, "cpu": 12.0, "rss": 90 << 20},
        "looks_by_detector": {"objects": objects, "identity": never},
        **{"looks": 30.0, "looks_per_second": 0.96, "stretch": 3.05, "frames": {"waiting": 4}},
    }
    monkeypatch.setattr(site.services.monitor, "health", lambda: told)
    page = text_of(site.teacher().get("/health"))
    for part in ("6.2 s", "9.1 s ago", "12.5 a second", "25 %", "11.4 ms", "45 s", "0.96 a second", "3.0 times as far"):
        assert part in page
    for part in ("61 % of a core", "12 % of a core", "70 MiB", "90 MiB", "<dt>Pictures that wait</dt><dd>4</dd>"):
        assert part in page


@pytest.mark.parametrize(("in_use", "is_told"), [(2, False), (10, True)])
def test_the_health_page_tells_how_many_connections_there_are(site: Site, in_use: int, is_told: bool) -> None:
    connections = Connections(10, 10, site.services.clock, site.services.event_log)
    for number in range(in_use):
        connections.enter(object(), f"10.0.0.{number % 2}")
    site.app.extensions["connections"] = connections
    page = text_of(site.teacher().get("/health"))
    assert f"<dd>{in_use} of 10</dd>" in page and f"<dd>{in_use // 2} of 10</dd>" in page
    assert ("Few connections are left" in page) is is_told


def test_healthz_answers_anybody(site: Site) -> None:
    answer = site.browser().get("/healthz")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/plain", b"ok\n")


def test_healthz_and_the_server_page_say_why_nothing_can_be_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = site.teacher()

    def refuse(_timeouts: float) -> NoReturn:
        raise StoreUnavailable(FULL, "database or disk is full at /secret/place")

    with monkeypatch.context() as full:
        full.setattr(site.services.database, "session", refuse)
        answer = site.browser().get("/healthz")
        assert (answer.status_code, answer.mimetype) == (503, "text/plain")
        assert text_of(answer).startswith("store_full: The server's disk is full.")
        assert "/secret/place" not in text_of(answer), "anybody may ask"
        page = text_of(teacher.get("/health"))
        assert "disk is full. Alerts are shown here" in page.replace("&#39;", "'")
    site.clock.advance(PAUSE_S)
    assert site.browser().get("/healthz").status_code == 200


def test_the_picture_of_an_alert_that_waits_to_be_kept_is_shown(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    name = site.services.evidence.keep(room_id, "a9", b"\xff\xd8 a picture")
    row = AlertRow(id="a9", room_id=room_id, participant_id="p", kind="FACE_NOT_FOUND", raised_at=MOMENT, evidence=name)
    site.services.alert_service.rows.take(row)
    with browser.get(f"/rooms/{room_id}/evidence/a9.jpg") as answer:
        assert (answer.status_code, answer.data) == (200, b"\xff\xd8 a picture")


READY = {"state": "ready"}


@pytest.mark.parametrize(
    ("watched", "words"),
    [
        ({"workers": [READY], "detectors": {"face": None}, "kernels": "cython"}, None),
        ({"workers": [{"state": "given up"}]}, "No analysis process"),
        ({"workers": [READY], "overloaded": True}, "at its limit"),
        (
            {"workers": [READY], "looks_by_detector": {"objects": {"seconds": 6.2, "every": 2.0}}},
            "every 6 s instead of 2 s",
        ),
        ({"workers": [READY], "looks_by_detector": {"objects": {"seconds": 2.4, "every": 2.0}}}, None),
        ({"workers": [READY], "detectors": {"markers": "no code"}}, "The reason: no code"),
        ({"workers": [READY], "detectors": {"identity": "no model"}}, "Faces are not compared with"),
        ({"workers": [READY], "kernels": "python"}, "slower Python code"),
        ({"workers": [], "off": "switched off"}, "switched off"),
        ({"workers": [READY], "sensing": READY}, None),
        ({"workers": [READY], "sensing": {"state": "given up"}}, "Sound and movement are not being analysed"),
    ],
)
def test_what_somebody_should_mend_is_said(site: Site, watched: dict[str, Any], words: str | None) -> None:
    with site.app.test_request_context():
        problems = _problems(watched, PLENTY)
    assert problems == [] if words is None else len(problems) == 1 and words in problems[0]


@pytest.mark.parametrize(
    ("name", "reason", "words", "remedy"),
    [
        ("face", "model file missing: face_full_range", "Faces are not detected.", "app.py models fetch"),
        ("objects", "model file missing: yolo_phone", "Phones and other objects", "app.py models export yolo"),
        (
            "face",
            "could not be loaded: libGL.so.1",
            "The reason: could not be loaded: libGL.so.1.",
            "server.log says why",
        ),
        ("picture", "could not be loaded: cv2", "Dark, blurred or covered", "start the server again"),
    ],
)
def test_what_matters_most_is_missed_in_red_with_its_remedy(
    site: Site, monkeypatch: pytest.MonkeyPatch, name: str, reason: str, words: str, remedy: str
) -> None:
    watched = {"workers": [READY], "detectors": {name: reason, "markers": None}}
    with site.app.test_request_context():
        assert _problems(watched, PLENTY) == []
        (fault,) = _faults(watched)
    assert words in fault and remedy in fault
    monkeypatch.setattr(site.services.monitor, "health", lambda: watched)
    page = text_of(site.teacher().get("/health"))
    assert "note-bad" in page and "state-critical" in page and remedy in page


def test_a_full_disk_is_said_before_it_is_full(site: Site) -> None:
    with site.app.test_request_context():
        assert "disk space" in _problems({"workers": [READY]}, {**PLENTY, "is_low": True})[0]
