"""Evidence for the teachers of a room: the pictures around an alert, exports, holding it, and erasing a student's."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from core.errors import UserError
from evidence.clips.process import webm_of
from evidence.sealing import Damaged, Erased
from rooms.pages.services import Services, services_of_request
from rooms.setup.room_records import teachers_room
from store.evidence import SEALED, CapsuleRow
from store.rooms import ParticipantRow, Room

blueprint = Blueprint("evidence", __name__)
EXPORT_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Type": "application/zip",
        "Content-Disposition": "attachment; filename=evidence.zip",
        "Cache-Control": "no-store",
    }
)
"""Of an export, whoever takes it."""


@blueprint.get("/rooms/<room_id>/capsules/<alert_id>.zip")
@login_required
def capsule(room_id: str, alert_id: str) -> ResponseReturnValue:
    """Send a teacher of the room the capsule of an alert, opened; log and chain keep who looked, each time."""
    services = _services()
    with services.database.read() as db:
        room, row = teachers_room(db, room_id, current_user.id), db.get(CapsuleRow, alert_id)
    if row is None or row.room_id != room_id or row.state != SEALED:
        abort(404)
    content = _opened(services, row)
    services.kept.journal.viewed(room, row.participant_id, [alert_id], "capsule", current_user.name)
    return content, {"Content-Type": "application/zip", "Cache-Control": "no-store"}


@blueprint.get("/rooms/<room_id>/capsules/<alert_id>.webm")
@login_required
def clip(room_id: str, alert_id: str) -> ResponseReturnValue:
    """Send a teacher of the room the pictures of a capsule as a video; a process of its own makes it for this once."""
    services = _services()
    with services.database.read() as db:
        room, row = teachers_room(db, room_id, current_user.id), db.get(CapsuleRow, alert_id)
    if row is None or row.room_id != room_id or row.state != SEALED:
        abort(404)
    video = webm_of(_opened(services, row))
    services.kept.journal.viewed(room, row.participant_id, [alert_id], "video", current_user.name)
    name = f"{room.code} {row.began_at:%Y-%m-%d %H-%M-%S}.webm"
    return video, {
        **EXPORT_HEADERS,
        "Content-Type": "video/webm",
        "Content-Disposition": f'attachment; filename="{name}"',
    }


@blueprint.get("/rooms/<room_id>/evidence.zip")
@login_required
def of_room(room_id: str) -> ResponseReturnValue:
    """Send a teacher of the room all evidence, to be verified by anybody."""
    return _export(room_id, None)


@blueprint.get("/rooms/<room_id>/students/<student_id>/evidence.zip")
@login_required
def of_student(room_id: str, student_id: str) -> ResponseReturnValue:
    """Send a teacher of the room the evidence about one student."""
    return _export(room_id, student_id)


@blueprint.post("/rooms/<room_id>/evidence/hold")
@login_required
def hold(room_id: str) -> ResponseReturnValue:
    """Hold what shows what happened in a room, so that its age does not delete it."""
    _own_room(room_id)
    try:
        _services().kept.holds.hold(room_id, request.form.get("reason", ""), current_user.name)
    except UserError as error:
        flash(_(error.text), "bad")
    else:
        flash(_("The evidence of this exam is kept until somebody releases it."), "good")
    return redirect(url_for("report.room", room_id=room_id))


@blueprint.post("/rooms/<room_id>/evidence/release")
@login_required
def release(room_id: str) -> ResponseReturnValue:
    """Release a hold: age deletes as usual."""
    _own_room(room_id)
    _services().kept.holds.release(room_id, current_user.name)
    flash(_("The evidence of this exam is no longer held; it is deleted in its time."), "good")
    return redirect(url_for("report.room", room_id=room_id))


@blueprint.post("/rooms/<room_id>/students/<student_id>/evidence/erase")
@login_required
def erase(room_id: str, student_id: str) -> ResponseReturnValue:
    """Erase the evidence about one student for good."""
    _own_room(room_id)
    try:
        _services().sealing.erasure.erase(room_id, student_id, current_user.name)
    except UserError as error:
        flash(_(error.text), "bad")
    else:
        flash(_("The evidence about this student was erased."), "good")
    return redirect(url_for("report.student", room_id=room_id, student_id=student_id))


# ------------------------------------------------------------------------------------- what the pages are made of


def _services() -> Services:
    return services_of_request()


def _own_room(room_id: str) -> Room:
    """Return a room that the person teaches in; NotAllowed for any other."""
    with _services().database.read() as db:
        return teachers_room(db, room_id, current_user.id)


def _export(room_id: str, student_id: str | None) -> ResponseReturnValue:
    services, room = _services(), _own_room(room_id)
    with services.database.read() as db:
        student = db.get(ParticipantRow, student_id) if student_id else None
    if student_id and (student is None or student.room_id != room_id):
        abort(404)
    pieces = services.kept.exports.for_teacher(room, student_id, current_user.name)
    facts = {"student": student.name if student else None, "by": current_user.name}
    services.event_log.note("evidence-exported", room=room.code, **facts)
    return pieces, dict(EXPORT_HEADERS)


def _opened(services: Services, row: CapsuleRow) -> bytes:
    try:
        return services.kept.vault.read(row.room_id, row.participant_id, row.alert_id)
    except (OSError, Erased, Damaged) as error:
        services.event_log.warn("evidence-unreadable", room=row.room_id, alert=row.alert_id, why=repr(error))
        abort(404)
