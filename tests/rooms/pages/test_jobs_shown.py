"""What the page of the server tells of jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store.delivery.outbox import JobRow, say_alive
from tests.site import Site, text_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server without a process of jobs."""
    made = Site(tmp_path)
    yield made
    made.close()


def now_of(site: Site) -> datetime:
    return datetime.fromtimestamp(site.clock.now(), UTC)


def put(site: Site, **changed: Any) -> None:
    now = now_of(site)
    values = {"kind": "deliver", "created_at": now, "due_at": now, **changed}
    with site.services.database.session() as session:
        session.add(JobRow(**values))


def somebody_works(site: Site) -> None:
    with site.services.database.session() as session:
        say_alive(session, "one", 42, now_of(site), timedelta(hours=1))


def test_that_nobody_does_jobs_is_said_with_what_waits(site: Site) -> None:
    admin = site.teacher()
    put(site)
    put(site)
    page = text_of(admin.get("/health"))
    assert "Nobody does jobs: EXAM_JOBS is off and no “app.py jobs” runs. 2 jobs wait." in page


def test_where_all_is_well_nothing_is_said(site: Site) -> None:
    admin = site.teacher()
    somebody_works(site)
    put(site)
    page = text_of(admin.get("/health"))
    assert "Nobody does jobs" not in page and "do not keep up" not in page and "is tried again" not in page


def test_a_process_that_fell_silent_does_none(site: Site) -> None:
    admin = site.teacher()
    somebody_works(site)
    site.clock.advance(60)
    assert "Nobody does jobs" in text_of(admin.get("/health"))


def test_jobs_that_do_not_keep_up_are_said(site: Site) -> None:
    admin = site.teacher()
    put(site)
    site.clock.advance(200)
    somebody_works(site)
    assert "the oldest has waited for 3 min." in text_of(admin.get("/health"))


def test_what_failed_is_told_to_administrators_alone(site: Site) -> None:
    admin, teacher = site.teacher(), site.teacher("Ben")
    somebody_works(site)
    later = now_of(site) + timedelta(seconds=45)
    put(site, attempts=3, due_at=later, error="the mail server refused <ana@school.example>")
    put(site, kind="report", state="failed", ended_at=now_of(site), error="the room was deleted")
    put(site, state="failed", ended_at=now_of(site) - timedelta(days=3), error="long ago")
    page = text_of(admin.get("/health"))
    assert "Sending a message failed and is tried again: the mail server refused &lt;ana@school.example&gt;" in page
    assert "Making a report was given up: the room was deleted" in page
    assert "was given up: long ago" not in page and "long ago" in page, "it is in the list alone"
    other = text_of(teacher.get("/health"))
    assert "ana@school.example" not in other and "the room was deleted" not in other
