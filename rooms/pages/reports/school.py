"""The exams of the whole school in numbers, for administrators: no student's name, no ranking of teachers."""

import io
from datetime import UTC, date, datetime

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_login import current_user

from accounts.user_pages import admin_required
from reports.exports.csv_files import CSV
from reports.exports.school_tables import exams_csv, school_workbook
from reports.exports.xlsx_file import XLSX
from reports.model import KindCount
from reports.school import Exam, SchoolReport, bounds_of, days_of, likely, school_report
from reports.words import Words
from rooms.pages.services import services_of_request
from store.rooms import Room, teachers_by_room
from store.summaries import RoomTally, ended_rooms, tallies_of

blueprint = Blueprint("school", __name__, url_prefix="/school")


@blueprint.get("")
@admin_required
def page() -> ResponseReturnValue:
    """Show the exams that ended in the days of the address, by default the last twelve months."""
    return render_template("report/school.html", report=_report(), words=_words(), likely=likely)


@blueprint.get("/exams.xlsx")
@admin_required
def xlsx() -> ResponseReturnValue:
    """Send all tables as a workbook."""
    report = _report()
    return _sent(report, "xlsx", XLSX, school_workbook(report, _words()))


@blueprint.get("/exams.csv")
@admin_required
def csv() -> ResponseReturnValue:
    """Send a line for each exam."""
    report = _report()
    return _sent(report, "csv", CSV, exams_csv(report, _words()))


def _report() -> SchoolReport:
    first, last = days_of(request.args.get("first", ""), request.args.get("last", ""), _today())
    return school_report(_exams(first, last), first, last)


def _exams(first: date, last: date) -> list[Exam]:
    with services_of_request().database.read() as db:
        rooms = ended_rooms(db, *bounds_of(first, last))
        ids = [room.id for room in rooms]
        tallies, teachers = tallies_of(db, ids), teachers_by_room(db, ids)
    return [_exam(room, [one.name for one in teachers.get(room.id, ())], tallies.get(room.id)) for room in rooms]


def _exam(room: Room, teachers: list[str], tally: RoomTally | None) -> Exam:
    kinds = [KindCount(*one) for one in tally.kinds] if tally else None
    return Exam(room.title, room.ended_at or _now(), teachers, tally.students if tally else None, kinds)


def _sent(report: SchoolReport, suffix: str, mimetype: str, content: bytes) -> ResponseReturnValue:
    services_of_request().event_log.note("school-report-downloaded", what=suffix, by=current_user.name)
    name = f"exams {report.first} {report.last}.{suffix}"
    answer = send_file(io.BytesIO(content), mimetype, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _words() -> Words:
    return Words(gettext, str(get_locale()), services_of_request().rules)


def _today() -> date:
    return _now().date()


def _now() -> datetime:
    return datetime.fromtimestamp(services_of_request().clock.now(), UTC)
