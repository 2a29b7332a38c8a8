"""The page where teachers give photos of their students, and the answers that it and the live page ask for."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf

from core.errors import Busy, ExamError, UserError
from rooms.identity.photo_names import present_participants
from rooms.identity.photos import LOOKING, MOST_BYTES, REFUSED, Photo, is_able
from rooms.pages.services import Services, services_of_request
from rooms.setup.room_records import teachers_room
from rooms.setup.states import GONE
from store.faces import ReferencePhoto, photos_of
from store.rooms import Room

blueprint = Blueprint("photos", __name__)


@blueprint.get("/rooms/<room_id>/photos")
@login_required
def page(room_id: str) -> ResponseReturnValue:
    """Show which photos are kept, and take new ones."""
    with _services().database.read() as db:
        room = teachers_room(db, room_id, current_user.id)
        kept = photos_of(db, room_id)
    return render_template(
        "rooms/photos.html",
        room=room,
        photos=[(photo, _is_present(room, photo)) for photo in kept],
        names=_names(room_id),
        problem=_problem(),
        page_data={"photos": photo_address(room_id)},
    )


@blueprint.post("/rooms/<room_id>/photos")
@login_required
def give(room_id: str) -> ResponseReturnValue:
    """Take one photo, for a name or for a participant; what becomes of it is asked for at the address of the answer."""
    with _services().database.read() as db:
        room = teachers_room(db, room_id, current_user.id)
    upload, form = request.files.get("photo"), request.form
    try:
        # one byte more than is allowed shows that there is more
        jpeg = upload.read(MOST_BYTES + 1) if upload else b""
        photo_id = _services().photos.offer(
            room.id, form.get("name", ""), form.get("participant") or None, jpeg, current_user.id
        )
    except (UserError, Busy) as error:
        return jsonify(_refusal(error)), 429 if isinstance(error, Busy) else 422
    address = url_for("photos.outcome", room_id=room_id, photo_id=photo_id)
    return jsonify({"state": LOOKING, "outcome": address}), 202


@blueprint.get("/rooms/<room_id>/photos/<photo_id>")
@login_required
def outcome(room_id: str, photo_id: str) -> ResponseReturnValue:
    """Say what has become of a photo: `looking`, `kept` or `refused` with a text."""
    with _services().database.read() as db:
        teachers_room(db, room_id, current_user.id)
    try:
        photo: Photo = _services().photos.outcome(room_id, photo_id)
    except UserError as error:
        return jsonify(_refusal(error)), 404
    live = _services().directory.room(room_id)
    present = len(present_participants(live, photo.subject.key)) if live else 0
    told = {"state": photo.state, "text": _(photo.text) if photo.text else "", "name": photo.subject.name}
    return jsonify({**told, "present": present}), {"Cache-Control": "no-store"}


@blueprint.post("/rooms/<room_id>/photos/<photo_id>/remove")
@login_required
def remove(room_id: str, photo_id: str) -> ResponseReturnValue:
    """Forget a kept photo."""
    with _services().database.read() as db:
        teachers_room(db, room_id, current_user.id)
    try:
        name = _services().photos.remove(room_id, photo_id, current_user.name)
    except UserError as error:
        flash(_(error.text), "bad")
    else:
        flash(_("The photo of %(name)s was removed.", name=name), "good")
    return redirect(url_for("photos.page", room_id=room_id))


def photo_address(room_id: str) -> dict[str, str]:
    """Return where a page sends photos to, and the token that it needs."""
    return {"address": url_for("photos.give", room_id=room_id), "csrf": generate_csrf()}


def _services() -> Services:
    return services_of_request()


def _is_present(room: Room, photo: ReferencePhoto) -> bool:
    live = _services().directory.room(room.id)
    return bool(live and present_participants(live, photo.key))


def _names(room_id: str) -> list[str]:
    live = _services().directory.room(room_id)
    participants = list(live.students.values()) if live else []
    return sorted({participant.name for participant in participants if participant.state not in GONE})


def _problem() -> str:
    able = is_able(_services().monitor.health())
    return "" if able else _("This server does not compare faces, so photos are of no use to it.")


def _refusal(error: ExamError) -> dict[str, str]:
    return {"state": REFUSED, "code": error.code, "text": _(error.text, **error.params)}
