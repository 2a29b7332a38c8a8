"""The evidence about a student, for the student, after the exam: to take away, and to answer."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.errors import UserError
from rooms.desk.own_incidents import MOST_ANSWER
from rooms.pages.reports.evidence import EXPORT_HEADERS
from rooms.pages.services import services_of_request
from rooms.pages.student import participant_of_browser
from rooms.setup.states import GONE, RoomState
from store.rooms import ParticipantRow, Room

blueprint = Blueprint("own_evidence", __name__)


@blueprint.get("/closed/evidence.zip")
def download() -> ResponseReturnValue:
    """Send a student whose exam is over everything that is kept as evidence about them, and nobody else's."""
    services = services_of_request()
    participant, room = _own_place()
    pieces = services.kept.exports.for_student(room.id, participant.id)
    services.event_log.note("evidence-taken", room=room.code, student=participant.name)
    return pieces, dict(EXPORT_HEADERS)


@blueprint.post("/closed/answers")
def answer() -> ResponseReturnValue:
    """Keep what a student says of an incident, and show the page again."""
    participant, room = _own_place()
    text = request.form.get("text", "")[: 4 * MOST_ANSWER]
    try:
        services_of_request().desk.answers.keep(room.id, participant.id, request.form.get("incident", ""), text)
    except UserError as error:
        flash(_(error.text, **error.params), "bad")
    else:
        flash(_("Your answer stands beside the alert now."), "good")
    return redirect(url_for("student.closed"))


def _own_place() -> tuple[ParticipantRow, Room]:
    """Return the participant of this browser whose exam is over, with its room; 404 for anybody else."""
    with services_of_request().database.read() as db:
        found = participant_of_browser(db)
    if found is None:
        abort(404)
    participant, room = found
    if room.state != RoomState.ENDED and participant.state not in GONE:
        abort(404)
    return participant, room
