"""The rooms of a teacher that have ended, to be searched; each leads to its report."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from reports.past import fitting, wish_of
from rooms.pages.services import services_of_request
from store.rooms import rooms_of

blueprint = Blueprint("past_rooms", __name__)


@blueprint.get("/rooms/past")
@login_required
def page() -> ResponseReturnValue:
    """List the ended rooms in which this person teaches; the address says which."""
    services = services_of_request()
    wish = wish_of(*(request.args.get(name, "") for name in ("title", "first", "last")))
    with services.database.read() as db:
        rooms = rooms_of(db, current_user.id)
    kept = timedelta(days=services.settings.retention_days)
    return render_template("rooms/past.html", rooms=fitting(rooms, wish), wish=wish, kept=kept)
