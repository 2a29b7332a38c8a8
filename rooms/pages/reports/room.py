"""The report of a room and of each student, for its teachers, and its downloads."""

import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf

from core.attendance import Attendance
from reports.charts import strip, timeline
from reports.desk_words import action_words, category_words, decision_words, kappa_words
from reports.exports import EXPORTS
from reports.making import room_report
from reports.model import NOT_SEEN, RoomReport
from reports.paper.facts import paper_facts
from reports.paper.order import last_order, order_report, paper_file
from reports.paper.pictures import pictures_of
from reports.paper.process import pdf_of
from reports.records import records_of
from reports.timeline import event_words, events_of, offset
from reports.words import Words
from rooms.pages.jobs_shown import is_anybody_working
from rooms.pages.services import Services, services_of_request
from rooms.setup.room_records import teachers_room
from rooms.setup.states import RoomState
from store.delivery.outbox import DONE, FAILED, JobRow
from store.evidence import SEALED, capsules_of, hold_of
from store.rooms import Room

blueprint = Blueprint("report", __name__)
OF_THE_DESK = (decision_words, action_words, category_words, kappa_words)
"""What the pages say of the desk."""


@blueprint.get("/rooms/<room_id>/report")
@login_required
def room(room_id: str) -> ResponseReturnValue:
    """Show a teacher of the room its report; while the exam goes on, as it is now."""
    report, words = _report_of(room_id), _words()
    strips = {student.id: strip(report, student, words) for student in report.students}
    paper = {"address": url_for("report.order", room_id=room_id), "csrf": generate_csrf()}
    return render_template(
        "report/room.html",
        strips=strips,
        exports=EXPORTS.values(),
        page_data={"paper": paper},
        **_shown(report, words),
    )


@blueprint.get("/rooms/<room_id>/report/students/<student_id>")
@login_required
def student(room_id: str, student_id: str) -> ResponseReturnValue:
    """Show a teacher of the room the report of one student."""
    report, words = _report_of(room_id), _words()
    found = report.student(student_id)
    if found is None:
        abort(404)
    at = report.students.index(found)
    return render_template(
        "report/student.html",
        student=found,
        chart=timeline(report, found, words),
        events=[(event, event_words(event, found, words)) for event in events_of(report, found)],
        before=report.students[at - 1] if at else None,
        after=report.students[at + 1] if at + 1 < len(report.students) else None,
        **_shown(report, words),
    )


@blueprint.get("/rooms/<room_id>/report/<name>")
@login_required
def download(room_id: str, name: str) -> ResponseReturnValue:
    """Send a teacher of the room its report as a file; the log keeps who took it."""
    report, export = _report_of(room_id), EXPORTS.get(name)
    if export is None:
        abort(404)
    return _sent(report, name, export.mimetype, export.make(report, _words()))


@blueprint.get("/rooms/<room_id>/report/report.pdf")
@login_required
def pdf(room_id: str) -> ResponseReturnValue:
    """Send a teacher of the room its report as PDF, which a process of its own makes."""
    report = _report_of(room_id)
    pictures = pictures_of(report, lambda name: _services().evidence.path(report.id, name))
    content = pdf_of(paper_facts(report, _words(), pictures), pictures)
    return _sent(report, "report.pdf", "application/pdf", content)


@blueprint.post("/rooms/<room_id>/report/paper")
@login_required
def order(room_id: str) -> ResponseReturnValue:
    """Have the process of jobs make the PDF, and say how far it is; where nobody does jobs, say so."""
    services = _services()
    _settle(room_id)
    if not is_anybody_working(services):
        return jsonify({"state": "direct", "link": url_for("report.pdf", room_id=room_id)})
    with services.database.session() as db:
        row = order_report(db, room_id, current_user.id, str(get_locale()), _now())
    return jsonify(_progress(room_id, row)), 202


@blueprint.get("/rooms/<room_id>/report/paper")
@login_required
def progress(room_id: str) -> ResponseReturnValue:
    """Say how far the PDF is that the teacher ordered last."""
    with _services().database.read() as db:
        teachers_room(db, room_id, current_user.id)
        row = last_order(db, room_id, current_user.id)
    return jsonify(_progress(room_id, row))


@blueprint.get("/rooms/<room_id>/report/paper.pdf")
@login_required
def ordered(room_id: str) -> ResponseReturnValue:
    """Send a teacher of the room the PDF that was made for them."""
    with _services().database.read() as db:
        room = teachers_room(db, room_id, current_user.id)
        row = last_order(db, room_id, current_user.id)
    path = _services().evidence.path(room.id, paper_file(current_user.id))
    if row is None or row.state != DONE or not path.is_file():
        abort(404)
    return _sent(_report_of(room_id), "report.pdf", "application/pdf", path.read_bytes())


# ------------------------------------------------------------------------------------- what the pages are made of


def _services() -> Services:
    return services_of_request()


def _report_of(room_id: str) -> RoomReport:
    """Make the report of a room for one of its teachers; NotAllowed for everybody else."""
    _settle(room_id)
    with _services().database.read() as db:
        return room_report(records_of(db, db.get_one(Room, room_id)), _now())


def _settle(room_id: str) -> None:
    """Have the database know all of a room for one of its teachers; NotAllowed for everybody else."""
    services = _services()
    with services.database.read() as db:
        room = teachers_room(db, room_id, current_user.id)
    if room.state != RoomState.ENDED:
        services.attendance.write()  # what was seen in the last seconds
    services.alert_service.rows.retry()


def _progress(room_id: str, row: JobRow | None) -> dict[str, Any]:
    """Return what static/js/pages/report.js shows of an ordered PDF."""
    if row is None:
        return {"state": "none"}
    if row.state == FAILED:
        text = gettext("This report could not be made as PDF. Please print its pages instead.")
        return {"state": FAILED, "text": text}
    link = url_for("report.ordered", room_id=room_id)
    return {"state": row.state, "percent": row.progress, **({"link": link} if row.state == DONE else {})}


def _sent(report: RoomReport, name: str, mimetype: str, content: bytes) -> ResponseReturnValue:
    _services().event_log.note("report-downloaded", room=report.code, what=name, by=current_user.name)
    answer = send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=_file_name(report, name))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shown(report: RoomReport, words: Words) -> dict[str, Any]:
    """Return what both pages need; `capsules` has the number of each student's."""
    kept = timedelta(days=_services().settings.retention_days)
    with _services().database.read() as db:
        hold, rows = hold_of(db, report.id), capsules_of(db, report.id)
    return {
        "report": report,
        "words": words,
        **{one.__name__: partial(one, words=words) for one in OF_THE_DESK},
        "offset": lambda moment: offset(moment, report.began),
        "states": [Attendance.SEEN, *NOT_SEEN],
        "until": report.ended + kept if report.ended else None,
        "is_deleted": bool(report.ended and report.ended + kept < _now()) and hold is None,
        "hold": hold,
        "capsules": Counter(row.participant_id for row in rows if row.state == SEALED),
    }


def _words() -> Words:
    return Words(gettext, str(get_locale()), _services().rules)


def _now() -> datetime:
    return datetime.fromtimestamp(_services().clock.now(), UTC)


def _file_name(report: RoomReport, name: str) -> str:
    day = (report.began or report.made).strftime("%Y-%m-%d")
    title = "".join(letter if letter.isalnum() else "-" for letter in report.title).strip("-")[:60]
    return f"{day} {title or report.code} {name}"
