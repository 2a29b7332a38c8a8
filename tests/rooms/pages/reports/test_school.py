"""The page of all exams: for administrators alone, without students' names, also after people were deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rooms.upkeep.retention import purge_rooms
from store.alerts import AlertRow
from store.rooms import ParticipantRow
from store.summaries import RoomSummary, tallies_of
from tests.site import Browser, Site, text_of

VERDICTS = ("acknowledged",) * 9 + ("dismissed",) * 3 + ("new",) * 2


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet."""
    made = Site(tmp_path)
    yield made
    made.close()


def ended(site: Site, teacher: Browser, title: str) -> str:
    """A room with two students that has ended, and fourteen alerts of one of them in two incidents."""
    room_id = teacher.new_room(title)
    now = datetime.fromtimestamp(site.clock.now(), UTC)
    with site.services.database.session() as session:
        for name, came in (("Zoe Quist", True), ("Never Came", False)):
            session.add(
                ParticipantRow(
                    id=f"{room_id[:20]}{name[:4]}", room_id=room_id, name=name,
                    state="admitted", joined_at=now, arrived_at=now if came else None,
                )
            )  # fmt: skip
        session.flush()
        for number, verdict in enumerate(VERDICTS):
            session.add(
                AlertRow(
                    id=f"{room_id[:20]}{number}", room_id=room_id, participant_id=f"{room_id[:20]}Zoe ", kind="TALKING",
                    severity="warning", text="x", numbers={}, started_at=now, raised_at=now, verdict=verdict,
                    incident_id=f"i{number % 2}",
                )
            )  # fmt: skip
    teacher.post(f"/rooms/{room_id}/state", state="ended")
    return room_id


def test_an_administrator_sees_all_rooms_and_no_student(site: Site) -> None:
    admin, paul = site.teacher("Ana"), site.teacher("Paul")
    ended(site, paul, "Physics <b>")
    admin.new_room("Still open")
    page = text_of(admin.get("/school"))
    assert "Physics &lt;b&gt;" in page and "Paul" in page and "Still open" not in page
    assert "Zoe" not in page and "Never Came" not in page
    assert '<td class="number" data-label="Right among judged">75 % <span class="soft nowrap">(47 % – 91 %)' in page


def test_it_is_for_administrators(site: Site) -> None:
    site.teacher("Ana")
    paul = site.teacher("Paul")
    for address in ("/school", "/school/exams.xlsx", "/school/exams.csv"):
        assert paul.get(address).status_code == 403
        assert site.browser().get(address).location.startswith("/login")
    assert "/school" not in text_of(paul.get("/rooms"))


def test_numbers_stay_when_the_people_are_deleted(site: Site) -> None:
    admin = site.teacher("Ana")
    room = ended(site, admin, "Algebra")
    now = datetime.fromtimestamp(site.clock.now(), UTC)
    with site.services.database.read() as session:
        before = tallies_of(session, [room])
    with site.services.database.session() as session:
        assert purge_rooms(session, now + timedelta(days=1), now) == [room]
    with site.services.database.read() as session:
        assert tallies_of(session, [room]) == before
        kept = session.get_one(RoomSummary, room)
    assert (kept.students, kept.kinds) == (1, [["TALKING", 14, 2, 1, 9, 3]])
    assert "75 %" in text_of(admin.get("/school"))


def test_a_room_that_was_emptied_before_has_no_numbers(site: Site) -> None:
    admin = site.teacher("Ana")
    room = admin.new_room("Empty")
    admin.post(f"/rooms/{room}/state", state="ended")
    assert "No numbers were kept" in text_of(admin.get("/school"))


def test_days_are_chosen_and_kept_in_the_downloads(site: Site) -> None:
    admin = site.teacher("Ana")
    ended(site, admin, "Algebra")
    day = datetime.fromtimestamp(site.clock.now(), UTC).date()
    assert "No exam ended in these days." in text_of(admin.get("/school?first=2001-01-01&last=2001-02-01"))
    page = text_of(admin.get(f"/school?first={day}&last={day}"))
    assert f"/school/exams.csv?first={day}&amp;last={day}" in page
    sent = admin.get(f"/school/exams.csv?first={day}&last={day}")
    assert (
        sent.headers["Cache-Control"] == "no-store" and f"exams {day} {day}.csv" in sent.headers["Content-Disposition"]
    )
    assert "Algebra" in sent.data.decode("utf-8-sig")
    assert admin.get("/school/exams.xlsx").data.startswith(b"PK")
