"""The report of a room as PDF, made by the process of jobs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.delivery.notices import NOTICE_JOB, NoticeKind
from detection.runtime.catalogue import rule_catalogue
from jobs.ground import Ground
from jobs.kinds import KINDS
from store.delivery.outbox import JobRow, say_alive
from store.rooms import Room
from tests.jobs.outbox import do_due, now_of
from tests.reports.exam import PastExam
from tests.site import Browser, Site, text_of

MAKING = {name: kind for name, kind in KINDS.items() if name == "report"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server on which a process does jobs."""
    made = Site(tmp_path)
    with made.services.database.session() as session:
        say_alive(session, "test", 1, now_of(ground_of(made)), timedelta(hours=1))
    yield made
    made.close()


def ground_of(site: Site) -> Ground:
    services = site.services
    return Ground(
        settings=services.settings,
        database=services.database,
        clock=services.clock,
        event_log=services.event_log,
        rules=rule_catalogue(),
    )


def past_exam(site: Site, ana: Browser) -> str:
    exam = PastExam(site.services.database, ana.new_room("Physics"), site.clock.now()).keep()
    return f"/rooms/{exam.room_id}/report"


def test_a_teacher_orders_it_sees_how_far_it_is_and_takes_it(site: Site) -> None:
    ana = site.teacher()
    report = past_exam(site, ana)
    assert ana.get(f"{report}/paper").json == {"state": "none"}
    answer = ana.post(f"{report}/paper")
    assert (answer.status_code, answer.json) == (202, {"state": "waiting", "percent": 0})
    assert ana.post(f"{report}/paper").status_code == 202, "ordering again changes nothing"
    assert ana.get(f"{report}/paper.pdf").status_code == 404, "it is not ready"
    assert do_due(ground_of(site), MAKING) == 1
    told = ana.get(f"{report}/paper").json
    assert told == {"state": "done", "percent": 100, "link": f"{report}/paper.pdf"}
    taken = ana.get(told["link"])
    assert taken.mimetype == "application/pdf" and taken.headers["Cache-Control"] == "no-store"
    pages = PdfReader(io.BytesIO(taken.data)).pages
    assert "Physics" in pages[0].extract_text()


def test_whoever_asked_for_it_is_told_that_it_is_ready(site: Site) -> None:
    ana = site.teacher()
    ana.post(f"{past_exam(site, ana)}/paper")
    do_due(ground_of(site), MAKING)
    with site.services.database.read() as session:
        (notice,) = session.query(JobRow).filter(JobRow.kind == NOTICE_JOB)
    assert (notice.payload["kind"], notice.payload["person"]) == (NoticeKind.REPORT_READY, 1)


def test_it_is_in_the_language_of_whoever_asked(site: Site) -> None:
    ana = site.teacher()
    report = past_exam(site, ana)
    french = site.browser("fr")
    french.log_in()
    french.post(f"{report}/paper")
    do_due(ground_of(site), MAKING)
    pages = PdfReader(io.BytesIO(ana.get(f"{report}/paper.pdf").data)).pages
    assert "Rapport" in pages[0].extract_text()


def test_nobody_but_the_rooms_teachers_orders_or_takes_it(site: Site) -> None:
    ana, ben = site.teacher(), site.teacher("Ben")
    report = past_exam(site, ana)
    ana.post(f"{report}/paper")
    do_due(ground_of(site), MAKING)
    assert ben.post(f"{report}/paper").status_code == 404
    for path in (f"{report}/paper", f"{report}/paper.pdf"):
        assert ben.get(path).status_code == 404
    assert site.browser().get(f"{report}/paper.pdf").status_code == 302


def test_where_nobody_does_jobs_it_is_made_directly(site: Site) -> None:
    ana = site.teacher()
    report = past_exam(site, ana)
    site.clock.advance(60)
    assert ana.post(f"{report}/paper").json == {"state": "direct", "link": f"{report}/report.pdf"}


def test_a_room_that_was_deleted_meanwhile_is_given_up(site: Site) -> None:
    ana = site.teacher()
    report = past_exam(site, ana)
    ana.post(f"{report}/paper")
    with site.services.database.session() as session:
        session.delete(session.query(Room).one())
    do_due(ground_of(site), MAKING)
    with site.services.database.read() as session:
        (job,) = session.query(JobRow).filter(JobRow.kind == "report")
    assert (job.state, job.error) == ("failed", "the room was deleted")


def test_the_page_offers_it(site: Site) -> None:
    ana = site.teacher()
    page = text_of(ana.get(past_exam(site, ana)))
    assert 'id="paper-link"' in page and "js/pages/report.js" in page
