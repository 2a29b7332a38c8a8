"""A phone's pages: the way in by link or code, the page that stays open, and the way out."""

import time
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Busy, ExamError, UserError
from core.phone_roles import ROLES
from core.phone_roles.base import Facing
from rooms.live.phone_health import needs_of
from rooms.pages.services import Services, services_of_request
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import GONE, RoomState
from store.phones import PhoneRow, phone_of_role
from store.rooms import ParticipantRow, Room

blueprint = Blueprint("phone", __name__, url_prefix="/phone")

# of the browser's session; a phone's opens none of the student's pages, and theirs none of a phone's
HELD = "phone"
PLACE = "phone_place"  # whose phone it is, and in which role: what is still known when its row is gone
MOST_TYPED = 40  # characters of a code, with what people put between them


@blueprint.get("/join")
def join() -> ResponseReturnValue:
    """Say what the link is for, to whoever opens it; it changes nothing, names nobody, and is still good afterwards."""
    ticket = request.args.get("t", "")
    if not ticket:
        return _way_in()
    try:
        return _way_in(pairing=_pairing(ticket))
    except ExamError as error:
        return _way_in(error)


@blueprint.post("/join")
def pair() -> ResponseReturnValue:
    """Use a link or a code up and keep whose phone this is from now on."""
    ticket, code = request.form.get("ticket", ""), request.form.get("code", "")[:MOST_TYPED]
    try:
        # a link cannot be guessed, so whoever guesses codes locks out nobody who scans
        _hold(_services().pairing.join_by_link(ticket) if ticket else _join_by_code(code))
    except ExamError as error:
        return _way_in(error, code)
    # a browser that the phone's system closed in the middle of the exam must find its way back
    session.permanent = True
    return redirect(url_for("phone.participant"))


@blueprint.get("")
def participant() -> ResponseReturnValue:
    """Show the page that stays open on the phone, with a fresh ticket; without a phone, the form for a code."""
    if HELD not in session:
        return _way_in()
    with _services().database.read() as db:
        found = _phone_of_browser(db)
    if found is None or _reason(*found):
        return redirect(url_for("phone.closed"))
    phone, participant, room = found
    settings, role = RoomSettings.from_json(room.settings), ROLES[phone.role]
    page_data = {
        "ticket": _services().tickets.issue_phone(room.id, phone.id),
        "phone": {"id": phone.id},
        "role": phone.role,
        "student": participant.name,
        "room": {"id": room.id, "title": room.title},
        "needs": needs_of(settings, phone.role),
        "facing": role.camera or Facing.REAR,
    }
    page = render_template(
        "phone/phone.html",
        page_data=page_data,
        role=role,
        student=participant.name,
        room=room,
        sound=settings.sound,
        place=settings.place is not None,
    )
    # A ticket is personal: no shared cache, and "back" must not bring an old one.
    return page, {"Cache-Control": "no-store"}


@blueprint.get("/closed")
def closed() -> ResponseReturnValue:
    """Say that this phone is no longer needed, and why; from here on this browser may be paired afresh."""
    with _services().database.read() as db:
        found = _phone_of_browser(db)
        reason = _reason(*found) if found else _reason_gone(db)
    if found is not None and not reason:
        return redirect(url_for("phone.participant"))
    for name in (HELD, PLACE):
        session.pop(name, None)
    return render_template("phone/closed.html", reason=reason)


# ------------------------------------------------------------------------------------- what the pages are made of


def _services() -> Services:
    return services_of_request()


def _hold(phone_id: str) -> None:
    """Keep in this browser's cookie which phone it is, and whose."""
    session[HELD] = phone_id
    with _services().database.read() as db:
        phone = db.get(PhoneRow, phone_id)
        # paired at the same moment as another one, it may have lost its place already
        session[PLACE] = [phone.participant_id, phone.role] if phone else None


def _join_by_code(code: str) -> str:
    """Return the id of the phone that a code pairs; UserError `pairing_invalid`, Busy `too_fast` for too many."""
    guard, address = _services().phone_guard, request.remote_addr or ""
    held = guard.check(address)
    if held:
        time.sleep(held)
    try:
        phone_id = _services().pairing.join_by_code(code)
    except UserError:
        guard.failed(address)
        if held:
            raise guard.refusal(address) from None
        raise
    guard.succeeded(address)
    return str(phone_id)


def _phone_of_browser(db: Session) -> tuple[PhoneRow, ParticipantRow, Room] | None:
    """Return the phone that this browser's cookie names, with its student and room."""
    phone = db.get(PhoneRow, session.get(HELD, ""))
    if phone is None:
        return None
    return phone, db.get_one(ParticipantRow, phone.participant_id), db.get_one(Room, phone.room_id)


def _reason(_phone: PhoneRow, participant: ParticipantRow, room: Room) -> str:
    """Return why a phone is no longer needed, '' while it is."""
    if room.state == RoomState.ENDED:
        return "ended"
    return participant.state if participant.state in GONE else ""


def _reason_gone(db: Session) -> str:
    """Return why this browser's phone is not known any more, '' where it never had one."""
    if HELD not in session:
        return ""
    place = session.get(PLACE)
    # only who holds the place now can have taken it; without one the phone was disconnected, here or on the computer
    return "replaced" if place and phone_of_role(db, *place) is not None else "disconnected"


def _pairing(ticket: str) -> dict[str, Any]:
    """Return what the page may tell of a link that was not used yet: the role, and what is captured; no names."""
    invited = _services().pairing.look_at(ticket)
    needs = needs_of(invited.settings, invited.role)
    return {"ticket": ticket, "role": ROLES[invited.role], "sound": needs["microphone"], "place": needs["place"]}


def _way_in(
    error: ExamError | None = None, code: str = "", pairing: dict[str, Any] | None = None
) -> ResponseReturnValue:
    words = _(error.text, **error.params) if error else ""
    page = render_template("phone/join.html", pairing=pairing, error=words, code=code)
    if isinstance(error, Busy):
        return page, 429, {"Retry-After": str(round(error.retry_after))}
    return page, 422 if error else 200
