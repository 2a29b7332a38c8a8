"""The pictures around an alert, as browsers of teachers get them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.stored_zip import packed
from evidence.verify import verify
from store.alerts import AlertRow
from store.evidence import FAILED, SEALED, CapsuleRow, DataKeyRow
from store.rooms import ParticipantRow
from tests.site import Browser, Site, text_of

MANIFEST = b'{"pictures":[]}'
CALCULATOR = "It was my &lt;b&gt;calculator&lt;/b&gt;."
CAPSULE = packed([("manifest.json", MANIFEST)])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet."""
    made = Site(tmp_path)
    yield made
    made.close()


def keep_capsule(site: Site, room_id: str, state: str = SEALED, who: str = "p1", alert: str = "a1") -> None:
    """Keep a capsule of a student, who is taken into the room where that was not done."""
    now = datetime.fromtimestamp(site.clock.now(), UTC)
    with site.services.database.session() as db:
        if db.get(ParticipantRow, who) is None:
            db.add(ParticipantRow(id=who, room_id=room_id, name="Zoé", joined_at=now))
            db.flush()
        entry = site.services.kept.ledgers.append(db, room_id, "capsule", MANIFEST, who)
        row = CapsuleRow(
            alert_id=alert,
            room_id=room_id,
            participant_id=who,
            began_at=now,
            ended_at=now,
            state=state,
            chain_index=entry.index,
        )
        db.add(row)
    if state == SEALED:
        site.services.kept.vault.keep(room_id, who, alert, lambda: CAPSULE)


def kinds(site: Site, room_id: str) -> list[str]:
    return [entry.kind for entry in site.services.kept.ledgers.load(room_id).entries]


def test_a_teacher_gets_the_capsule_and_it_is_kept_who_looked(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    answer = browser.get(f"/rooms/{room_id}/capsules/a1.zip")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/zip", CAPSULE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert any("evidence-viewed" in line and "what=capsule by=Marie" in line for line in caplog.messages)
    assert kinds(site, room_id) == ["capsule", "view"]


def test_nobody_else_gets_it_and_nothing_is_noted(site: Site) -> None:
    room_id = site.teacher("Marie").new_room()
    keep_capsule(site, room_id)
    address = f"/rooms/{room_id}/capsules/a1.zip"
    assert site.browser().get(address).location.startswith("/login")
    assert site.teacher("Paul").get(address).status_code in (403, 404)
    assert kinds(site, room_id) == ["capsule"]


@pytest.mark.parametrize("state", [FAILED, SEALED])
def test_what_is_not_there_is_not_found(site: Site, state: str) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    keep_capsule(site, room_id, state)
    site.services.kept.vault.drop(room_id, "a1")
    assert got(browser, room_id, "a1") == 404
    assert got(browser, room_id, "none") == 404
    site.clock.advance(1)
    assert got(browser, browser.new_room(), "a1") == 404, "it is another room's"


def test_a_damaged_capsule_is_said_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    (path,) = (site.services.settings.data_dir / "capsules" / room_id).iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert got(browser, room_id, "a1") == 404
    assert any(line.startswith(f"evidence-unreadable room={room_id} alert=a1") for line in caplog.messages)


def got(browser: Browser, room_id: str, alert: str) -> int:
    return browser.get(f"/rooms/{room_id}/capsules/{alert}.zip").status_code


def test_a_room_that_is_deleted_takes_its_capsules_along(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    browser.post(f"/rooms/{room_id}/delete", end="1")
    assert site.services.kept.vault.folder.names(room_id) == []
    assert kinds(site, room_id) == []


# ------------------------------------------------------------------------------------ exports


def test_an_export_of_a_room_has_everything_and_who_took_it(site: Site) -> None:
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    for who, alert in (("p1", "a1"), ("p2", "a2"), ("p2", "a3")):
        keep_capsule(site, room_id, who=who, alert=alert)
    answer = browser.get(f"/rooms/{room_id}/evidence.zip")
    assert answer.headers["Cache-Control"] == "no-store"
    found = verify(answer.data)
    assert found.shown == (0, 1, 2, 3, 4)
    assert kinds(site, room_id)[3:] == ["view", "view"], "one for each student"


def test_an_export_of_a_student_shows_nobody_else(site: Site) -> None:
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    for who, alert in (("p1", "a1"), ("p2", "a2")):
        keep_capsule(site, room_id, who=who, alert=alert)
    found = verify(browser.get(f"/rooms/{room_id}/students/p2/evidence.zip").data)
    assert (found.shown, found.withheld) == ((1, 2), (0,))
    assert browser.get(f"/rooms/{room_id}/students/none/evidence.zip").status_code == 404
    site.clock.advance(1)
    assert browser.get(f"/rooms/{browser.new_room()}/students/p2/evidence.zip").status_code == 404
    assert site.teacher("Paul").get(f"/rooms/{room_id}/evidence.zip").status_code in (403, 404)


def test_a_capsule_whose_file_is_gone_is_left_out(site: Site) -> None:
    browser = site.teacher()
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    site.services.kept.vault.drop(room_id, "a1")
    assert verify(browser.get(f"/rooms/{room_id}/evidence.zip").data).withheld == (0,)


def students_browser(site: Site, room_id: str, who: str = "p1") -> Browser:
    browser = site.browser()
    browser.get("/")
    with browser._client.session_transaction() as cookie:
        cookie["participant"] = who
    return browser


def test_a_student_gets_the_same_after_the_exam_and_reads_who_looked(site: Site) -> None:
    teacher = site.teacher("Marie")
    room_id = teacher.new_room()
    for who, alert in (("p1", "a1"), ("p2", "a2")):
        keep_capsule(site, room_id, who=who, alert=alert)
    student = students_browser(site, room_id)
    assert student.get("/closed/evidence.zip").status_code == 404, "the exam goes on"
    teacher.get(f"/rooms/{room_id}/capsules/a1.zip")
    teacher.post(f"/rooms/{room_id}/state", state="ended")
    page = text_of(student.get("/closed"))
    assert "The pictures around one alert are kept." in page
    assert "Marie" in page and "the pictures around an alert" in page
    assert verify(student.get("/closed/evidence.zip").data).shown == (0, 2)
    assert kinds(site, room_id) == ["capsule", "capsule", "view"], "one's own look is no look"
    assert site.browser().get("/closed/evidence.zip").status_code == 404


# ------------------------------------------------------------------------------------ hold and erase


def said(browser: Browser, path: str, **fields: str) -> str:
    """What a page says after a form was sent."""
    browser.post(path, **fields)
    return text_of(browser.get("/rooms"))


def test_a_hold_is_shown_with_its_reason_and_released(site: Site) -> None:
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    browser.post(f"/rooms/{room_id}/state", state="ended")
    browser.post(f"/rooms/{room_id}/evidence/hold", reason="Zoé <appeals>")
    page = text_of(browser.get(f"/rooms/{room_id}/report"))
    assert "Marie holds the evidence of this exam:" in page and "Zoé &lt;appeals&gt;" in page
    assert "is held already" in said(browser, f"/rooms/{room_id}/evidence/hold", reason="x")
    browser.post(f"/rooms/{room_id}/evidence/release")
    assert "Keep for longer" in text_of(browser.get(f"/rooms/{room_id}/report"))
    assert kinds(site, room_id)[1:] == ["hold", "release"]
    assert site.teacher("Paul").post(f"/rooms/{room_id}/evidence/hold", reason="x").status_code in (403, 404)


def keep_alert(site: Site, room_id: str, who: str = "p1") -> Path:
    site.services.evidence.keep(room_id, "a1", b"\xff\xd8 picture")
    numbers = {"kept": ["sound"], "capsule": {"state": "sealed", "why": ""}}
    now = datetime.fromtimestamp(site.clock.now(), UTC)
    row = AlertRow(
        id="a1",
        room_id=room_id,
        participant_id=who,
        kind="PHONE_DETECTED",
        severity="critical",
        text="x",
        started_at=now,
        raised_at=now,
        evidence="a1.jpg",
        numbers=numbers,
    )
    with site.services.database.session() as db:
        db.add(row)
    path: Path = site.services.evidence.path(room_id, "a1.jpg")
    return path


def test_a_students_evidence_is_erased_and_the_chain_stays_valid(site: Site) -> None:
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    for who, alert in (("p1", "a1"), ("p2", "a2")):
        keep_capsule(site, room_id, who=who, alert=alert)
    picture = keep_alert(site, room_id)
    browser.post(f"/rooms/{room_id}/state", state="ended")
    browser.get(f"/rooms/{room_id}/capsules/a1.zip")
    browser.post(f"/rooms/{room_id}/students/p1/evidence/erase")
    assert not picture.exists()
    assert site.services.kept.vault.folder.names(room_id) == ["a2.exs"]
    with site.services.database.read() as db:
        alert_row, key = db.get(AlertRow, "a1"), db.get(DataKeyRow, f"{room_id}/p1")
    assert (alert_row.evidence, alert_row.numbers) == (None, {"capsule": {"state": "erased", "why": ""}})
    assert key is None
    found = verify(browser.get(f"/rooms/{room_id}/evidence.zip").data)
    assert (found.erased, found.withheld) == ((0, 2), ())
    assert got(browser, room_id, "a1") == 404
    assert "was erased" in text_of(students_browser(site, room_id).get("/closed"))
    assert verify(students_browser(site, room_id).get("/closed/evidence.zip").data).shown == (3,)


def test_what_is_held_or_goes_on_cannot_be_erased(site: Site) -> None:
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    erase = f"/rooms/{room_id}/students/p1/evidence/erase"
    assert "once the exam has ended" in said(browser, erase)
    browser.post(f"/rooms/{room_id}/state", state="ended")
    browser.post(f"/rooms/{room_id}/evidence/hold", reason="appeal")
    assert "Release it first" in said(browser, erase)
    assert kinds(site, room_id) == ["capsule", "hold"]
    assert site.teacher("Paul").post(erase).status_code in (403, 404)
    assert "not in the room" in said(browser, erase.replace("p1", "none"))


def test_a_student_answers_after_the_exam_and_the_report_has_it(site: Site) -> None:
    teacher = site.teacher("Marie")
    room_id = teacher.new_room()
    keep_capsule(site, room_id)
    keep_capsule(site, room_id, who="p2", alert="a2")
    keep_alert(site, room_id)
    student, other = students_browser(site, room_id), students_browser(site, room_id, "p2")
    said = {"incident": "a1", "text": "It was my <b>calculator</b>."}
    assert student.post("/closed/answers", **said).status_code == 404, "the exam goes on"
    teacher.post(f"/rooms/{room_id}/state", state="ended")
    assert student.post("/closed/answers", **said).headers["Location"] == "/closed"
    page = text_of(student.get("/closed"))
    assert "Your answer stands beside the alert now." in page
    assert CALCULATOR in page
    other.post("/closed/answers", **said)
    assert "There is no such alert about you." in text_of(other.get("/closed"))
    student.post("/closed/answers", incident="a1", text=" ")
    assert "Please write something." in text_of(student.get("/closed"))
    assert site.browser().post("/closed/answers", **said).status_code == 404
    with site.services.database.session() as db:
        db.get_one(ParticipantRow, "p1").arrived_at = datetime.fromtimestamp(site.clock.now(), UTC)
    report = text_of(teacher.get(f"/rooms/{room_id}/report/students/p1"))
    assert report.count(CALCULATOR) == 2, "beside the alert, and among everything in order"


def test_a_teacher_takes_the_pictures_as_a_video_and_it_is_kept_who_did(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.pages.reports.evidence.webm_of", lambda capsule: b"webm" if capsule == CAPSULE else b"")
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    answer = browser.get(f"/rooms/{room_id}/capsules/a1.webm")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "video/webm", b"webm")
    assert answer.headers["Cache-Control"] == "no-store" and ".webm" in answer.headers["Content-Disposition"]
    assert kinds(site, room_id) == ["capsule", "view"]
    assert site.teacher("Paul").get(f"/rooms/{room_id}/capsules/a1.webm").status_code == 404
    assert browser.get(f"/rooms/{room_id}/capsules/other.webm").status_code == 404
    assert kinds(site, room_id) == ["capsule", "view"]


def test_where_no_video_can_be_made_that_is_said(site: Site) -> None:
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    answer = browser.get(f"/rooms/{room_id}/capsules/a1.webm")
    assert answer.status_code == 409 and "No video could be made of these pictures." in text_of(answer)
    assert kinds(site, room_id) == ["capsule"]
