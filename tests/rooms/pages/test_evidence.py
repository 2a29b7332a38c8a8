"""The pictures around an alert, as browsers of teachers get them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.evidence import FAILED, SEALED, CapsuleRow
from store.rooms import ParticipantRow
from tests.site import Browser, Site


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
        entry = site.services.kept.ledgers.append(db, room_id, "capsule", b'{"pictures":[]}', who)
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
        site.services.kept.vault.keep(room_id, who, alert, lambda: b"PK a capsule")


def kinds(site: Site, room_id: str) -> list[str]:
    return [entry.kind for entry in site.services.kept.ledgers.load(room_id).entries]


def test_a_teacher_gets_the_capsule_and_it_is_kept_who_looked(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    browser = site.teacher("Marie")
    room_id = browser.new_room()
    keep_capsule(site, room_id)
    answer = browser.get(f"/rooms/{room_id}/capsules/a1.zip")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/zip", b"PK a capsule")
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
