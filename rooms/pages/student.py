"""The student's pages: the way in by code, the notice to agree to, the participant itself, and the way out."""

import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.errors import Busy, ExamError, UserError
from core.text_keys import N_
from rooms.desk.own_incidents import MOST_ANSWER
from rooms.evidence.own_evidence import own_evidence
from rooms.live.components import Standing
from rooms.live.standing import standings_in
from rooms.pages.phone_roles import roles_shown
from rooms.pages.services import Services, services_of_request
from rooms.protocol.limits import constant_answer
from rooms.protocol.payload_checks import check_name
from rooms.setup.exam_paper import frame_origin
from rooms.setup.participant_records import count_arrived, create_participant, drop_unused
from rooms.setup.room_form_texts import COMMON
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import GONE, RoomState
from store.evidence import CheckpointRow, checkpoints_of
from store.faces import photos_of
from store.rooms import ParticipantRow, Room, room_by_code, teachers_of

blueprint = Blueprint("student", __name__)

NOT_DIGITS = re.compile(r"[\s\-.]+")
SIX_DIGITS = re.compile(r"[0-9]{6}")


@blueprint.get("/")
def landing() -> ResponseReturnValue:
    """Show the form for code and name, and the way back to a participant that this browser holds."""
    _browser()
    return _landing(request.args.get("code", ""), "")


@blueprint.post("/join")
def join() -> ResponseReturnValue:
    """Check code and name of a student who wants to come in; the notice comes next."""
    code, name = _digits(request.form.get("code", "")), request.form.get("name", "")
    try:
        clean_name = check_name(name)
        room_id = _open_room(code)
    except ExamError as error:
        return _landing(code, name, error)
    if _holds_participant(room_id, clean_name):
        return redirect(url_for("student.participant"))
    session["joining"] = {"room": room_id, "name": clean_name}
    return redirect(url_for("student.notice"))


@blueprint.get("/notice")
def notice() -> ResponseReturnValue:
    """Tell what is captured, who sees it and what the exam forbids, before anything is captured."""
    return _notice()


@blueprint.post("/notice")
def agree() -> ResponseReturnValue:
    """Give a participant to the student who agreed."""
    joining = session.get("joining")
    if joining is None:
        return redirect(url_for("student.landing"))
    try:
        if request.form.get("agree") != "yes":
            raise UserError("not_agreed", "Please tick the box if you agree; nothing is captured before.")
        session["participant"] = _sit_down(joining["room"], joining["name"], joining.get("told"))
    except ExamError as error:
        return _notice(error)
    # The participant must outlive a browser that crashed in the middle of the exam.
    session.permanent = True
    session.pop("joining")
    return redirect(url_for("student.participant"))


@blueprint.get("/participant")
def participant() -> ResponseReturnValue:
    """Show the exam page, with a fresh ticket for its connection."""
    with _services().database.read() as db:
        found = participant_of_browser(db)
        if found is None:
            return redirect(url_for("student.landing"))
        participant, room = found
        if participant.state in GONE or room.state == RoomState.ENDED:
            return redirect(url_for("student.closed"))
        rules = RoomSettings.from_json(room.settings)
    # The page's policy lets one foreign address into a frame: the one that this exam is at.
    g.frame_source = frame_origin(room.exam_text) if room.exam_kind == "link" else ""
    health = _services().monitor.health()
    page_data = {
        "ticket": _services().tickets.issue_student(room.id, participant.id),
        "participant": {"id": participant.id, "name": participant.name},
        "room": {"id": room.id, "title": room.title, "admit_by_hand": rules.admit_by_hand},
        "phone_roles": roles_shown(),
        "frame_source": g.frame_source,
        "steps": _extra_steps(health),
        "analysed": not health.get("off"),
    }
    told = {"room": room, "participant": participant, "rules": rules, "common_rules": COMMON}
    page = render_template("student/exam.html", page_data=page_data, **told)
    # A ticket is personal: no shared cache, and "back" must not bring an old one.
    return page, {"Cache-Control": "no-store"}


@blueprint.get("/closed")
def closed() -> ResponseReturnValue:
    """Say that the exam is over for this student, and why."""
    with _services().database.read() as db:
        found = participant_of_browser(db)
        if found is None:
            return redirect(url_for("student.landing"))
        participant, room = found
        reason = "ended" if room.state == RoomState.ENDED else participant.state
        if reason not in {"ended", *GONE}:
            return redirect(url_for("student.participant"))
        own = own_evidence(db, room.id, participant.id)
        last = checkpoints_of(db, room.id)[-1:]
        ending = standings_in(db, room.id, [participant.id]).get(participant.id, Standing()).terminated
    incidents = _services().desk.answers.of(room.id, participant.id)
    told = {"reason": str(reason), "room": room, "days": _retention(), "own": own}
    told |= {"ending": ending, "incidents": incidents, "most_answer": MOST_ANSWER}
    told |= {"ended_because": ENDED_BECAUSE, "moment_of": lambda ms: datetime.fromtimestamp(ms / 1000, UTC)}
    page_data = {"room": room.id, "checkpoint": _checkpoint(last[0]) if last else None}
    return render_template("student/closed.html", page_data=page_data, **told), {"Cache-Control": "no-store"}


@blueprint.post("/forget")
def forget() -> ResponseReturnValue:
    """Let go of this browser's participant, for the next person at a shared computer; the participant itself stays."""
    session.pop("participant", None)
    session.pop("joining", None)
    return redirect(url_for("student.landing"))


# ------------------------------------------------------------------------------------- what the pages are made of


ENDED_BECAUSE: Mapping[str, str] = MappingProxyType(
    {
        "rules": N_("The reason: something looked as if it were against the rules of this exam."),
        "identity": N_("The reason: your teacher must make sure who you are."),
        "wish": N_("The reason: you asked for it."),
        "other": N_("Your teacher tells you the reason."),
    }
)
"""Why an exam was ended, by the reason that a teacher chose."""
EXTRA_STEPS = {"pictures": "identity", "dots": "landmarks"}
"""The steps after the system check, and the detector that each is for."""


def _extra_steps(health: Mapping[str, Any]) -> list[str]:
    """Return the steps that make sense; a detector that nothing is known of yet counts as there."""
    if health.get("off"):
        return []
    return [step for step, detector in EXTRA_STEPS.items() if not health.get("detectors", {}).get(detector)]


def _checkpoint(row: CheckpointRow) -> dict[str, Any]:
    return {"size": row.size, "note": row.note, "key": _services().kept.ledgers.signer.verifier.line}


def _services() -> Services:
    return services_of_request()


def _retention() -> int:
    return int(_services().settings.retention_days)


def _now() -> datetime:
    return datetime.fromtimestamp(_services().clock.now(), UTC)


def _digits(code: str) -> str:
    """Return a code without the spaces and dashes that people paste with it."""
    return NOT_DIGITS.sub("", code)


def _open_room(code: str) -> str:
    """Return the id of the open room with this code; takes as long and says the same for wrong and closed ones."""
    services, address, browser = _services(), request.remote_addr or "", _browser()
    if not SIX_DIGITS.fullmatch(code):
        raise UserError("wrong_code", "The code has six digits. Please check it with your teacher.")
    held = services.join_guard.check(address, browser)

    def look_up() -> str | None:
        with services.database.read() as db:
            room = room_by_code(db, code)
            room_id = room.id if room else None
        if room_id:
            services.join_guard.succeeded(address)
        else:
            services.join_guard.failed(address, browser)
        return room_id

    try:
        return constant_answer(look_up, services.clock, time.sleep, held or services.limits.answer_seconds)
    except UserError as error:
        raise (services.join_guard.refusal(address) if held else error) from None


def _browser() -> str:
    """Return what this browser is told apart by: beside the address, which a whole school may share."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(9)
    return str(session["browser"])


def participant_of_browser(db: Session) -> tuple[ParticipantRow, Room] | None:
    """Return the participant that this browser's cookie names, with its room."""
    participant = db.get(ParticipantRow, session.get("participant", ""))
    if participant is None:
        return None
    return participant, db.get_one(Room, participant.room_id)


def _holds_participant(room_id: str, name: str) -> bool:
    """Return whether this browser already has a participant of that name in the room: the same person, back again."""
    with _services().database.read() as db:
        found = participant_of_browser(db)
        if found is None:
            return False
        participant, room = found
        return room.id == room_id and participant.name == name and participant.state not in GONE


def _sit_down(room_id: str, name: str, told: list[str] | None) -> str:
    """Take a participant in the room where there is one, tell its teachers, and return the participant's id.

    `told` is what the notice told of the room, None where nobody looked at it.
    """
    services = _services()
    with services.database.read() as db:
        most, taken = _told_rules(db, room_id, told).max_students, count_arrived(db, room_id)
    held = services.join_guard.create_participant(room_id, taken, most, _browser())
    if held:
        time.sleep(held)
    with services.database.session() as db:
        _told_rules(db, room_id, told)
        participant = create_participant(db, db.get_one(Room, room_id), name, _now())
        dropped = drop_unused(db, room_id, services.limits.unused_participants, participant.id)
    services.admission.participant_taken(participant)
    services.admission.participants_dropped(room_id, dropped)
    return participant.id


def _told_rules(db: Session, room_id: str, told: list[str] | None) -> RoomSettings:
    """Return a room's settings; UserError `room_ended`, or `not_agreed` for what the notice did not tell."""
    room = db.get(Room, room_id)
    if room is None:
        raise UserError("room_ended", "This room has ended.")
    rules = RoomSettings.from_json(room.settings)
    if told is not None and not rules.agreed <= set(told):
        raise UserError("not_agreed", "The room was changed just now. Please read once more what is captured.")
    return rules


def _landing(code: str, name: str, error: ExamError | None = None) -> ResponseReturnValue:
    with _services().database.read() as db:
        found = participant_of_browser(db)
        held = None
        if found and found[0].state not in GONE and found[1].state != RoomState.ENDED:
            held = {"name": found[0].name, "title": found[1].title}
    page = render_template("student/landing.html", code=code, name=name, held=held, error=_words(error))
    return page, *_status(error)


def _notice(error: ExamError | None = None) -> ResponseReturnValue:
    joining = session.get("joining")
    if joining is None:
        return redirect(url_for("student.landing"))
    with _services().database.read() as db:
        room = db.get(Room, joining["room"])
        if room is None or room.state == RoomState.ENDED:
            session.pop("joining")
            flash(_("This room has ended."), "bad")
            return redirect(url_for("student.landing"))
        teachers = [teacher.name for teacher in teachers_of(db, room.id)]
        has_photos = bool(photos_of(db, room.id))
    rules = RoomSettings.from_json(room.settings)
    session["joining"] = {**joining, "told": sorted(rules.agreed)}
    page = render_template(
        "student/notice.html",
        room=room,
        name=joining["name"],
        teachers=teachers,
        has_photos=has_photos,
        rules=rules,
        common_rules=COMMON,
        days=_retention(),
        error=_words(error),
    )
    return page, *_status(error)


def _words(error: ExamError | None) -> str:
    return _(error.text, **error.params) if error else ""


def _status(error: ExamError | None) -> tuple[int, dict[str, str]]:
    if error is None:
        return 200, {}
    if isinstance(error, Busy):
        return 429, {"Retry-After": str(round(error.retry_after))}
    return 422, {}
