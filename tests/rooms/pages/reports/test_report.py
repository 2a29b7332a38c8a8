"""The report of a room and of its students, as its teachers, other teachers and students meet it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.exports import EXPORTS
from simulation.pictures import Camera, Scene
from tests.reports.exam import BEN, ZOE, PastExam
from tests.site import Browser, Site, text_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet."""
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def ana(site: Site) -> Browser:
    """The teacher of the exam."""
    return site.teacher("Ana")


@pytest.fixture
def exam(site: Site, ana: Browser) -> PastExam:
    """An exam of hers that has ended."""
    return PastExam(site.services.database, ana.new_room("Physics <b>"), site.clock.now()).keep()


def pages(exam: PastExam) -> list[str]:
    """The addresses of everything that tells of the exam."""
    room = f"/rooms/{exam.room_id}/report"
    return [room, f"{room}/students/{exam.id(ZOE)}", *(f"{room}/{name}" for name in ("report.pdf", *EXPORTS))]


def row(page: str, name: str) -> list[str]:
    """The cells of the table's row about somebody, as words."""
    found = re.search(rf"<tr>\s*<th scope=\"row\"[^>]*>(?:<a [^>]*>)?{re.escape(name)}.*?</tr>", page, re.DOTALL)
    assert found, page
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", "", cell, flags=re.DOTALL).split()) for cell in cells]


# ------------------------------------------------------------------------------------ who may see it


def test_its_teachers_see_every_page(ana: Browser, exam: PastExam) -> None:
    for path in pages(exam):
        answer = ana.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), path


def test_a_co_teacher_sees_it_too(site: Site, ana: Browser, exam: PastExam) -> None:
    other = ana.new_room("Another")
    bo = site.teacher("Bo")
    link = re.search(r"/co/[\w.-]+", text_of(ana.post(f"/rooms/{other}/invite")))
    assert link
    bo.post(link[0])
    assert bo.get(f"/rooms/{other}/report").status_code == 200
    assert bo.get(pages(exam)[0]).status_code == 404


def test_nobody_else_sees_any_of_it(site: Site, exam: PastExam) -> None:
    stranger, nobody = site.teacher("Paul"), site.browser()
    student = site.browser()
    with student._client.session_transaction() as kept:
        kept["participant"] = exam.id(ZOE)
    for path in pages(exam):
        assert stranger.get(path).status_code == 404, path
        assert nobody.get(path).location.startswith("/login"), path
        assert student.get(path).location.startswith("/login"), path


def test_what_is_not_there_is_not_found(ana: Browser, exam: PastExam) -> None:
    room = f"/rooms/{exam.room_id}/report"
    for path in (f"{room}/students/none", f"{room}/report.exe", "/rooms/none/report"):
        assert ana.get(path).status_code == 404


def test_a_student_of_another_room_is_not_shown_in_this_one(site: Site, ana: Browser, exam: PastExam) -> None:
    other = PastExam(site.services.database, ana.new_room("Other"), site.clock.now()).keep()
    assert ana.get(f"/rooms/{exam.room_id}/report/students/{other.id(ZOE)}").status_code == 404


# ------------------------------------------------------------------------------------ what it says


def test_the_room_lists_its_students_by_name_with_what_could_not_be_seen(ana: Browser, exam: PastExam) -> None:
    page = text_of(ana.get(pages(exam)[0]))
    names = re.findall(r'report/students/[\w-]+" class="cut" dir="auto">(.*?)</a>', page)
    assert names == ["Anna Kowalska", "=Ben &amp; &lt;b&gt;Söhne&lt;/b&gt;", "Zoé Martin"]
    assert row(page, "Anna Kowalska")[1:] == ["0 s of 55 min", "0", "0", "0", "0"]
    assert row(page, "Zoé Martin")[1:] == ["6 min of 55 min", "3", "1", "0", "2"]
    assert row(page, "=Ben &amp; &lt;b&gt;Söhne&lt;/b&gt;")[1:] == ["10 min of 43 min", "2", "0", "1", "1"]


def test_kinds_have_their_precision_and_the_absent_their_reason(ana: Browser, exam: PastExam) -> None:
    page = text_of(ana.get(pages(exam)[0]))
    assert row(page, "No face") == ["2", "3", "2", "0", "1", "2", "0 %"]
    assert row(page, "Phone") == ["1", "1", "1", "1", "0", "0", "100 %"]
    assert row(page, "Gil Weiss") == ["Agreed to the notice; the page never connected."]


def test_a_student_has_times_pictures_verdicts_and_what_was_not_seen(ana: Browser, exam: PastExam) -> None:
    page = text_of(ana.get(pages(exam)[1]))
    assert f'src="/rooms/{exam.room_id}/evidence/{exam.id("z2")}.jpg?in=list"' in page
    assert "No face was found for 12.5 s (limit 10 s)." in page
    assert "-1 on the desk, face up" in page
    assert len(re.findall(r"not seen in this exam:\) *6 min of 55 min|6 min of 55 min", page)) == 4
    said = re.findall(r"<td>([^<]+)</td></tr>", page)
    assert said == [
        *("Joined", "Seen", "Phone on the arm: Sending", "The exam was paused", "Picture unclear", "Seen"),
        *("Alert: Phone", "Alert: No face", "Verdict on Phone: Right (Ana)"),
        *("Phone on the arm: Connected, nothing came", "Alert: Left the page"),
    ]


def test_the_timeline_is_a_picture_with_a_title_and_the_same_facts_as_text(ana: Browser, exam: PastExam) -> None:
    page = text_of(ana.get(pages(exam)[1]))
    drawn = re.search(r'<svg class="timeline" role="img".*?</svg>', page, re.DOTALL)
    assert drawn
    assert '<title id="timeline-title">Timeline of Zoé Martin</title>' in drawn[0]
    assert re.findall(r"<title>(.*?)</title>", drawn[0]) == [
        "The exam was paused, 0:20:00 – 0:25:00",
        "Seen, 0:00:00 – 0:20:00",
        "Picture unclear, 0:25:00 – 0:31:00",
        "Seen, 0:31:00 – 1:00:00",
        "Sending, 0:00:00 – 0:41:00",
        "Connected, nothing came, 0:41:00 – 0:47:00",
        "Critical: Phone, Right, 0:32:00 – 0:34:00",
        "Warning: No face, Not judged, 0:33:00 – 0:36:00",
        "Notice: Left the page, Not judged, 0:44:00 – 1:00:00",
    ]


@pytest.mark.parametrize("at", [0, 1])
def test_no_page_has_an_inline_script_or_style(ana: Browser, exam: PastExam, at: int) -> None:
    page = text_of(ana.get(pages(exam)[at]))
    assert re.findall(r'<script(?![^>]*(?:src=|type="application/json"))', page) == []
    assert " style=" not in page and "<style" not in page and not re.search(r"\son\w+=", page)
    assert "<b>" not in page and "Physics &lt;b&gt;" in page


def test_a_room_from_before_the_record_says_that_nothing_was_recorded(
    site: Site, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = PastExam(site.services.database, ana.new_room(), site.clock.now())
    monkeypatch.setattr(past, "stretches", list)
    past.keep()
    page = text_of(ana.get(pages(past)[0]))
    assert row(page, "Zoé Martin")[1] == "Not recorded"
    assert "was not recorded in this exam" in page
    assert "was not recorded in this exam" in text_of(ana.get(pages(past)[1]))


def test_an_exam_that_goes_on_tells_how_things_are_now(site: Site, ana: Browser) -> None:
    room_id = ana.new_room()
    assert "Nobody has come to this room." in text_of(ana.get(f"/rooms/{room_id}/report"))
    ana.post(f"/rooms/{room_id}/state", state="running")
    site.clock.advance(120)
    page = text_of(ana.get(f"/rooms/{room_id}/report"))
    assert "This exam has not ended" in page and "2 min" in page


def test_after_the_people_were_deleted_the_page_says_so(site: Site, ana: Browser, exam: PastExam) -> None:
    site.clock.advance(40 * 86400)
    site.services.housekeeping.look_around()
    page = text_of(ana.get(pages(exam)[0]))
    assert "were deleted, as the notice to the students said" in page
    assert "Zoé" not in page and ana.get(pages(exam)[1]).status_code == 404


def test_it_speaks_french(site: Site, ana: Browser, exam: PastExam) -> None:
    ana.post("/language", locale="fr")
    page = text_of(ana.get(pages(exam)[1]))
    assert "Non jugée" in page and "12,5 s" in page and "Aucun visage" in page


def test_it_is_reached_from_the_live_page_and_the_list_of_rooms(ana: Browser, exam: PastExam) -> None:
    assert f'href="{pages(exam)[0]}"' in text_of(ana.get(f"/rooms/{exam.room_id}"))
    assert f'href="{pages(exam)[0]}"' in text_of(ana.get("/rooms"))


# ------------------------------------------------------------------------------------ downloads


def test_a_download_is_a_file_named_after_the_exam_and_in_the_log(
    ana: Browser, exam: PastExam, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        answer = ana.get(f"/rooms/{exam.room_id}/report/alerts.csv")
    named = answer.headers["Content-Disposition"]
    assert named.startswith("attachment") and exam.begin.strftime("%Y-%m-%d") in named and "Physics" in named
    assert any("report-downloaded" in one.getMessage() and "by=Ana" in one.getMessage() for one in caplog.records)


def test_csv_and_json_tell_the_same(ana: Browser, exam: PastExam) -> None:
    room = f"/rooms/{exam.room_id}/report"
    rows = list(csv.DictReader(io.StringIO(ana.get(f"{room}/alerts.csv").data.decode("utf-8-sig"))))
    told = json.loads(ana.get(f"{room}/report.json").data)
    alerts = [alert for student in told["students"] for alert in student["alerts"]]
    assert [one["Id"] for one in rows] == [one["id"] for one in alerts]
    assert {one["Student"] for one in rows} == {"'=Ben & <b>Söhne</b>", "Zoé Martin"}
    assert [one["Note"] for one in rows if one["Note"]] == ["'-1 on the desk, face up"]
    assert next(one["coverage"] for one in told["students"] if one["id"] == exam.id(BEN)) == {
        **{"away": 300.0, "no_camera": 300.0, "seen": 1980.0}
    }


def test_the_pdf_has_the_pictures_of_alerts(site: Site, ana: Browser, exam: PastExam) -> None:
    def pictures() -> int:
        answer = ana.get(f"/rooms/{exam.room_id}/report/report.pdf")
        assert answer.mimetype == "application/pdf"
        return sum(len(page.images) for page in PdfReader(io.BytesIO(answer.data)).pages)

    assert pictures() == 0  # the file of the picture is gone
    site.services.evidence.keep(exam.room_id, exam.id("z2"), Camera(0, "Zoé").jpeg(Scene.PRESENT, 1.0))
    assert pictures() == 1
