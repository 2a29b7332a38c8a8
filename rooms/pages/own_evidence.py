"""The evidence about a student, for the student, after the exam."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from rooms.pages.evidence import EXPORT_HEADERS
from rooms.pages.services import services_of_request
from rooms.pages.student import participant_of_browser
from rooms.setup.states import GONE, RoomState

blueprint = Blueprint("own_evidence", __name__)


@blueprint.get("/closed/evidence.zip")
def download() -> ResponseReturnValue:
    """Send a student whose exam is over everything that is kept as evidence about them, and nobody else's."""
    services = services_of_request()
    with services.database.read() as db:
        found = participant_of_browser(db)
    if found is None:
        abort(404)
    participant, room = found
    if room.state != RoomState.ENDED and participant.state not in GONE:
        abort(404)
    pieces = services.kept.exports.for_student(room.id, participant.id)
    services.event_log.note("evidence-taken", room=room.code, student=participant.name)
    return pieces, dict(EXPORT_HEADERS)
