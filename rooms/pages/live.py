"""The teacher's live page, the pictures behind alerts, and how the server is doing."""

import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from core.rule_catalogue import RuleEntry
from rooms.intake.sound_clips import SOUND, WORDS
from rooms.live.views import milliseconds
from rooms.pages.jobs_shown import jobs_shown
from rooms.pages.phone_roles import roles_shown
from rooms.pages.photos import photo_address
from rooms.pages.services import Services, services_of_request
from rooms.pages.sharing import share_of
from rooms.setup.room_settings import RoomSettings
from rooms.upkeep.housekeeping import MISSING
from rooms.upkeep.remedies import CORE, remedy_of
from rooms.upkeep.server_trouble import LOW_SPACE, LOW_SPACE_BYTES, NO_ANALYSIS
from rooms.upkeep.slow_looks import slow_looks
from rooms.upkeep.storage_health import TEXTS
from store.alerts import AlertRow
from store.rooms import Room, teaches

blueprint = Blueprint("live", __name__)

LIBRARIES = ("flask", "flask-socketio", "python-socketio", "eventlet", "sqlalchemy")
IN_LIST = "list"
"""What the address of a picture says where a page of ours shows it small, beside its alert (`?in=list`)."""


@blueprint.get("/rooms/<room_id>")
@login_required
def live(room_id: str) -> ResponseReturnValue:
    """Show a teacher of the room its live page."""
    services = _services()
    with services.database.read() as session:
        room = _own_room(session, room_id)
    settings = RoomSettings.from_json(room.settings)
    ticket = services.tickets.issue_teacher(room.id, current_user.id, current_user.session_version)
    page_data = {
        "ticket": ticket,
        "room": _room_view(room),
        "me": {"id": str(current_user.id), "name": current_user.name},
        "rules": [_rule_shown(entry) for entry in services.rules.values()],
        "phone_roles": roles_shown(),
        "suspicion": services.suspicion_weights,
        "listening": settings.sound and settings.listening,
        "photos": photo_address(room.id),
    }
    page = render_template(
        "teacher/live.html",
        page_data=page_data,
        room=room,
        **share_of(room),
    )
    # A ticket is personal: no shared cache, and "back" must not bring an old one.
    return page, {"Cache-Control": "no-store"}


@blueprint.get("/rooms/<room_id>/evidence/<alert_id>.jpg")
@login_required
def evidence(room_id: str, alert_id: str) -> ResponseReturnValue:
    """Send a teacher of the room the picture that an alert was raised for; one that is opened is noted each time."""
    room, alert = _own_alert(room_id, alert_id)
    if alert.evidence is None:
        abort(404)
    # The name comes from the row alone, and only its last part: an address never reaches the file system.
    path = _services().evidence.path(alert.room_id, Path(alert.evidence).name)
    if not path.is_file():
        abort(404)
    if not _is_listed():
        _note_view(room, alert, "picture")
    response = send_file(path, mimetype="image/jpeg")
    # On a computer that several people use it must not be found after the log-out, nor after the deletion; and a
    # browser that kept it would not ask again when it is opened again, which the log would miss.
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/rooms/<room_id>/evidence/<alert_id>.wav")
@login_required
def sound_evidence(room_id: str, alert_id: str) -> ResponseReturnValue:
    """Send a teacher of the room the sound that was kept with an alert."""
    room, alert = _own_alert(room_id, alert_id)
    path = _services().evidence.path(alert.room_id, f"{alert.id}.wav")
    if SOUND not in alert.numbers.get("kept", ()) or not path.is_file():
        abort(404)
    _note_view(room, alert, SOUND)
    response = send_file(path, mimetype="audio/wav", conditional=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/rooms/<room_id>/evidence/<alert_id>.txt")
@login_required
def words_evidence(room_id: str, alert_id: str) -> ResponseReturnValue:
    """Send a teacher of the room the words that were understood around an alert; nothing where there were none."""
    room, alert = _own_alert(room_id, alert_id)
    if WORDS not in alert.numbers.get("kept", ()):
        abort(404)
    path = _services().evidence.path(alert.room_id, f"{alert.id}.txt")
    _note_view(room, alert, WORDS)
    understood = path.read_text(encoding="utf-8") if path.is_file() else ""
    return understood, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@blueprint.get("/health")
@login_required
def health() -> ResponseReturnValue:
    """Show how the server is doing, to anybody who can log in."""
    services = _services()
    watched, jobs = services.monitor.health(), jobs_shown(services)
    of_parts = (
        *_problems(watched, _disk(services)),
        *(jobs.problems(current_user.is_admin) if jobs else ()),
        *_shortage(_connections()),
    )
    return render_template(
        "teacher/health.html",
        watched=watched,
        faults=_faults(watched),
        problems=[*_storage_problems(services), *of_parts],
        jobs=jobs,
        connections=_connections(),
        disk=_disk(services),
        database=_database_name(services),
        facts=_facts(services, watched),
        live_rooms=_live_rooms(services),
        missing=MISSING,
    )


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Say "ok" to whatever looks after the server when rows and files can be written, else 503 and why they cannot."""
    trouble = _services().storage.check()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    if trouble is None:
        return "ok\n", headers
    # the code and our own words: what the machine said is for the log alone, as anybody may ask
    return f"{trouble.code}: {TEXTS[trouble.code]}\n", 503, headers


# ------------------------------------------------------------------------------------- what the pages are made of


def _services() -> Services:
    return services_of_request()


def _own_room(session: Session, room_id: str) -> Room:
    """Return a room that the person teaches in; one that is not theirs looks like one that never was."""
    room = session.get(Room, room_id)
    if room is None or not teaches(session, current_user.id, room_id):
        abort(404)
    return room


def _own_alert(room_id: str, alert_id: str) -> tuple[Room, AlertRow]:
    """Return an alert of a room that the person teaches in; 404 for all others alike."""
    with _services().database.read() as session:
        room = _own_room(session, room_id)
        alert = _services().alert_service.rows.find_waiting(alert_id) or session.get(AlertRow, alert_id)
    if alert is None or alert.room_id != room_id:
        abort(404)
    return room, alert


def _is_listed() -> bool:
    """Say whether a picture is shown in a list; in a window of its own it was opened, whatever its address says."""
    return request.args.get("in") == IN_LIST and request.headers.get("Sec-Fetch-Dest") != "document"


def _note_view(room: Room, alert: AlertRow, what: str) -> None:
    """Keep in the log and in the chain who looked at the evidence of an alert."""
    _services().kept.journal.viewed(room, alert.participant_id, [alert.id], what, current_user.name)


def _room_view(room: Room) -> dict[str, Any]:
    return {
        "id": room.id,
        "code": room.code,
        "title": room.title,
        "state": room.state,
        "started_at": milliseconds(room.started_at),
        "ended_at": milliseconds(room.ended_at),
    }


def _rule_shown(entry: RuleEntry) -> dict[str, str]:
    """Return what the page's JavaScript says of a kind of alert; it translates the texts itself."""
    return {
        "kind": entry.kind,
        "label": entry.label,
        "advice": entry.advice,
        "sign": entry.sign,
        "common_cause": entry.common_cause,
    }


# ------------------------------------------------------------------------------------- health


def _storage_problems(services: Services) -> list[str]:
    trouble, waiting = services.storage.check(), services.alert_service.rows.waiting
    problems = []
    if trouble:
        problems.append(_("%(meaning)s The reason: %(reason)s", meaning=_(TEXTS[trouble.code]), reason=trouble.why))
    if waiting:
        problems.append(_("Alerts that wait to be kept: %(count)s", count=waiting))
    return problems


def _disk(services: Services) -> dict[str, Any]:
    usage = shutil.disk_usage(services.settings.data_dir)
    return {"free": usage.free, "total": usage.total, "is_low": usage.free < LOW_SPACE_BYTES}


def _database_name(services: Services) -> str:
    backend = make_url(services.settings.database()).get_backend_name()
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(backend, backend)


def _live_rooms(services: Services) -> dict[str, int]:
    rooms = services.directory.rooms()
    participants = [participant for room in rooms for participant in list(room.students.values())]
    return {
        "rooms": len(rooms),
        "students": sum(participant.online for participant in participants),
        "teachers": sum(len(room.teachers) for room in rooms),
    }


def _faults(watched: Mapping[str, Any]) -> list[str]:
    """Return which of the detectors that matter most are off, why, and what to do about it, in words."""
    off = {name: reason for name, reason in watched.get("detectors", {}).items() if reason and name in CORE}
    return [
        _(
            "%(meaning)s The reason: %(reason)s. %(remedy)s",
            meaning=_(MISSING[name]),
            reason=reason,
            remedy=_(remedy_of(name, reason)),
        )
        for name, reason in off.items()
    ]


def _problems(watched: Mapping[str, Any], disk: dict[str, Any]) -> list[str]:
    """Return what somebody should do something about, in words."""
    workers = watched.get("workers", [])
    problems = []
    if watched.get("off"):
        problems.append(_("Pictures are not analysed: detection is switched off (EXAM_DETECTION)."))
    elif not any(worker["state"] == "ready" for worker in workers):
        problems.append(_(NO_ANALYSIS))
    sensing = watched.get("sensing")
    if sensing and sensing["state"] != "ready":
        problems.append(_("Sound and movement are not being analysed: their process is not ready."))
    if watched.get("overloaded"):
        problems.append(_("The server is at its limit: pictures come more slowly than requested."))
    for slow in slow_looks(watched):
        text = slow["text"]
        problems.append(_(text, **slow["numbers"]))
    for name, reason in watched.get("detectors", {}).items():
        if reason and name not in CORE:
            meaning = _(MISSING[name]) if name in MISSING else _("The detector “%(name)s” is off.", name=name)
            problems.append(_("%(meaning)s The reason: %(reason)s", meaning=meaning, reason=reason))
    if watched.get("kernels") == "python":
        problems.append(_("The compiled picture code is not built; the slower Python code is used instead."))
    if disk["is_low"]:
        problems.append(_(LOW_SPACE))
    return problems


def _connections() -> Any:
    """Return the figures of who is connected; None where only a test asks, with no server around the pages."""
    connections = current_app.extensions.get("connections")
    return connections and connections.figures()


def _shortage(connections: Any) -> list[str]:
    if not connections or not connections.is_short:
        return []
    told = _(
        "Few connections are left: %(count)s of %(most)s are in use. Allow the server more open files (ulimit -n).",
        count=connections.open,
        most=connections.most,
    )
    return [told]


def _facts(services: Services, watched: Mapping[str, Any]) -> list[tuple[str, str]]:
    # Only the server entry knows it, after its self-test.
    seam = current_app.extensions.get("websocket_seam")
    return [
        (_("Connections"), str(services.settings.async_mode)),
        *([(_("WebSocket code"), f"{seam.unmask} / {seam.reader}")] if seam else []),
        (_("Picture code"), str(watched.get("kernels", "–"))),
        (_("Readings taken / refused / dropped"), " / ".join(map(str, services.readings.counts.values()))),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in LIBRARIES),
    ]
