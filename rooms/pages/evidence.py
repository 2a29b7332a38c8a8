"""The pictures around an alert, for the teachers of its room."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from evidence.sealing import Damaged, Erased
from rooms.pages.services import Services, services_of_request
from rooms.setup.room_records import teachers_room
from store.evidence import SEALED, CapsuleRow

blueprint = Blueprint("evidence", __name__)


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


# ------------------------------------------------------------------------------------- what the pages are made of


def _services() -> Services:
    return services_of_request()


def _opened(services: Services, row: CapsuleRow) -> bytes:
    try:
        return services.kept.vault.read(row.room_id, row.participant_id, row.alert_id)
    except (OSError, Erased, Damaged) as error:
        services.event_log.warn("evidence-unreadable", room=row.room_id, alert=row.alert_id, why=repr(error))
        abort(404)
