"""The teacher's pages around a room: the list of own rooms, the form, co-teachers, start and end, the paper."""

import io
from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy.orm import Session

from accounts.invitations import CO_TEACH, check_invitation, make_invitation
from core.errors import NotAllowed, UserError
from rooms.live.standing import standings_in
from rooms.pages.room_page import form_page, read_sent
from rooms.pages.services import Services, services_of_request
from rooms.setup.room_form import RoomForm, form_of
from rooms.setup.room_records import (
    accept_invitation,
    create_room,
    delete_room,
    duplicate_room,
    owners_room,
    remove_teacher,
    teachers_room,
    update_room,
)
from rooms.setup.states import ParticipantState, RoomState
from store.rooms import ParticipantRow, Room, rooms_of, teachers_of, teaches

blueprint = Blueprint("rooms", __name__)


@blueprint.get("/rooms")
@login_required
def own_rooms() -> ResponseReturnValue:
    """List the rooms this person teaches in: live ones first."""
    with _services().database.read() as db:
        rooms = rooms_of(db, current_user.id)
    live = [room for room in rooms if room.state != RoomState.ENDED]
    ended = [room for room in rooms if room.state == RoomState.ENDED]
    return render_template(
        "rooms/list.html",
        live=live,
        ended=ended,
        participants=_participants_online,
        kept=timedelta(days=_services().settings.retention_days),
    )


@blueprint.route("/rooms/new", methods=["GET", "POST"])
@login_required
def new_room() -> ResponseReturnValue:
    """Create a room."""
    if request.method == "GET":
        return form_page(RoomForm())
    form, exam = read_sent()
    if form.errors or exam is None:
        return form_page(form)
    try:
        with _services().database.session() as db:
            room = create_room(db, current_user.id, form.title, form.settings, exam, _now())
    except UserError as error:
        form.errors["form"] = error
        return form_page(form)
    _services().lifecycle.room_created(room, current_user.name)
    flash(_("The room is open. Students join with the code %(code)s.", code=room.code), "good")
    return redirect(url_for("rooms.own_rooms"))


@blueprint.post("/rooms/<room_id>/duplicate")
@login_required
def duplicate(room_id: str) -> ResponseReturnValue:
    """Open a room like another one, without anybody in it."""
    with _services().database.session() as db:
        like = teachers_room(db, room_id, current_user.id)
        title = _("%(title)s (copy)", title=like.title)
        room = duplicate_room(db, room_id, current_user.id, title, _now())
    _services().lifecycle.room_created(room, current_user.name)
    flash(_("This is the copy. It has its own code, and nobody is in it yet, not even a co-teacher."), "good")
    return redirect(url_for("rooms.settings", room_id=room.id))


@blueprint.route("/rooms/<room_id>/settings", methods=["GET", "POST"])
@login_required
def settings(room_id: str) -> ResponseReturnValue:
    """Change a room, also while the exam runs."""
    with _services().database.read() as db:
        room = teachers_room(db, room_id, current_user.id)
    if request.method == "GET":
        return form_page(form_of(room), room)
    form, exam = read_sent(room.exam_text if room.exam_kind == "pdf" else "")
    if form.errors:
        return form_page(form, room)
    try:
        with _services().database.session() as db:
            teachers_room(db, room_id, current_user.id)
            room = update_room(db, room_id, form.title, form.settings, exam)
    except UserError as error:
        form.errors["form"] = error
        return form_page(form, room)
    _services().lifecycle.room_changed(room)
    _services().event_log.note("room-changed", room=room.code, by=current_user.name)
    flash(_("The settings were saved."), "good")
    return redirect(url_for("rooms.own_rooms"))


@blueprint.post("/rooms/<room_id>/invite")
@login_required
def invite(room_id: str) -> ResponseReturnValue:
    """Make a link by which one more teacher joins the room; it is shown this once."""
    with _services().database.session() as db:
        room = teachers_room(db, room_id, current_user.id)
        token = make_invitation(db, CO_TEACH, room_id, current_user.id, _now())
    _services().event_log.note("invitation-made", purpose=CO_TEACH, room=room.code, by=current_user.name)
    return form_page(form_of(room), room, link=url_for("rooms.accept", token=token, _external=True))


@blueprint.get("/co/<token>")
@login_required
def accept(token: str) -> ResponseReturnValue:
    """Ask whether to join somebody's room as co-teacher."""
    with _services().database.read() as db:
        invitation = check_invitation(db, token, CO_TEACH, _now(), current_user.id)
        room = db.get_one(Room, invitation.room_id)
        teachers = teachers_of(db, room.id)
        is_in = teaches(db, current_user.id, room.id)
    return render_template("rooms/accept.html", room=room, teachers=teachers, is_in=is_in)


@blueprint.post("/co/<token>")
@login_required
def join_as_teacher(token: str) -> ResponseReturnValue:
    """Join somebody's room as co-teacher."""
    with _services().database.session() as db:
        room = accept_invitation(db, token, current_user.id, _now())
    _services().event_log.note("co-teacher", room=room.code, person=current_user.name)
    flash(_("You are a teacher of “%(title)s” now.", title=room.title), "good")
    return redirect(url_for("rooms.own_rooms"))


@blueprint.post("/rooms/<room_id>/teachers/<int:user_id>/remove")
@login_required
def remove_co_teacher(room_id: str, user_id: int) -> ResponseReturnValue:
    """Take a co-teacher out of the room, or go oneself; live pages of it close at once."""
    with _services().database.session() as db:
        room = remove_teacher(db, room_id, user_id, current_user.id)
    _services().teacher_sessions.teacher_removed(room_id, user_id)
    _services().event_log.note("co-teacher-removed", room=room.code, person=user_id, by=current_user.name)
    if user_id == current_user.id:
        flash(_("You no longer teach in “%(title)s”.", title=room.title), "good")
        return redirect(url_for("rooms.own_rooms"))
    flash(_("The co-teacher was removed; links to this room that nobody had used ended as well."), "good")
    return redirect(url_for("rooms.settings", room_id=room_id))


@blueprint.post("/rooms/<room_id>/state")
@login_required
def change_state(room_id: str) -> ResponseReturnValue:
    """Start, pause, continue or end an exam."""
    with _services().database.read() as db:
        teachers_room(db, room_id, current_user.id)
    room = _services().lifecycle.set_state(room_id, request.form.get("state", ""), current_user.name)
    said = {
        RoomState.RUNNING: _("“%(title)s” is running.", title=room.title),
        RoomState.PAUSED: _("“%(title)s” is paused.", title=room.title),
        RoomState.ENDED: _("“%(title)s” has ended.", title=room.title),
    }
    flash(said[RoomState(room.state)], "good")
    return redirect(url_for("rooms.own_rooms"))


@blueprint.post("/rooms/<room_id>/delete")
@login_required
def delete(room_id: str) -> ResponseReturnValue:
    """Delete an ended room with its pictures, alerts and messages; with `end` one that goes on is ended first."""
    with _services().database.read() as db:
        teachers_room(db, room_id, current_user.id)
        state = owners_room(db, room_id, current_user.id).state
    if request.form.get("end") and state != RoomState.ENDED:
        _services().lifecycle.set_state(room_id, RoomState.ENDED, current_user.name)
    with _services().database.session() as db:
        room = delete_room(db, room_id, current_user.id)
    # pages that are still open hold no place any more
    _services().directory.drop_room(room_id)
    _services().evidence.drop_room(room_id)
    _services().kept.vault.folder.drop_room(room_id)
    _services().event_log.note("room-deleted", room=room.code, title=room.title, by=current_user.name)
    flash(_("“%(title)s” was deleted, with its pictures, alerts and messages.", title=room.title), "good")
    return redirect(url_for("rooms.own_rooms"))


@blueprint.get("/rooms/<room_id>/exam.pdf")
def exam_pdf(room_id: str) -> ResponseReturnValue:
    """Give the paper to the room's teachers, and to its students while the exam runs and nobody holds theirs."""
    with _services().database.read() as db:
        room = db.get(Room, room_id)
        if room is None or room.exam_kind != "pdf" or room.exam_file is None or not _may_read(db, room):
            raise NotAllowed("not_allowed", "There is no such room among yours.")
        content, name = room.exam_file, room.exam_text
    answer = send_file(io.BytesIO(content), "application/pdf", download_name=name)
    # Our policy for pages would keep the browser's own reader from showing it.
    answer.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    answer.headers["Cache-Control"] = "no-store"
    return answer


# ------------------------------------------------------------------------------------- what the pages are made of


def _services() -> Services:
    return services_of_request()


def _now() -> datetime:
    return datetime.fromtimestamp(_services().clock.now(), UTC)


def _participants_online(room_id: str) -> int:
    live = _services().directory.room(room_id)
    return sum(participant.online for participant in live.students.values()) if live else 0


def _may_read(db: Session, room: Room) -> bool:
    if current_user.is_authenticated and teaches(db, current_user.id, room.id):
        return True
    participant = db.get(ParticipantRow, session.get("participant", ""))
    is_inside = (
        participant is not None and participant.room_id == room.id and participant.state == ParticipantState.ADMITTED
    )
    if participant is None or not is_inside or room.state != RoomState.RUNNING:
        return False
    standing = standings_in(db, room.id, [participant.id]).get(participant.id)
    return standing is None or not standing.is_held
