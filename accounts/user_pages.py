"""The administrator's page of all accounts."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from accounts.invitations import REGISTER, make_invitation
from accounts.services import AccountServices
from accounts.users import Role, all_users, set_active, set_role
from core.errors import ExamError

blueprint = Blueprint("users", __name__, url_prefix="/people")

Page = Callable[..., ResponseReturnValue]


def admin_required(page: Page) -> Page:
    """Let only administrators see a page."""

    @wraps(page)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_admin:
            abort(403)
        return page(*args, **kwargs)

    return login_required(guarded)


@blueprint.get("")
@admin_required
def listing() -> ResponseReturnValue:
    """List all accounts."""
    return _listing()


@blueprint.post("/invite")
@admin_required
def invite() -> ResponseReturnValue:
    """Make a link by which one teacher can register; it is shown this once."""
    with _services().database.session() as db:
        token = make_invitation(db, REGISTER, None, current_user.id, _now())
    _services().event_log.note("invitation-made", purpose=REGISTER, by=current_user.id)
    return _listing(link=url_for("accounts.sign_up", token=token, _external=True))


@blueprint.post("/<int:user_id>/close")
@admin_required
def close(user_id: int) -> ResponseReturnValue:
    """Close an account."""
    return _change("account-closed", user_id, lambda db: set_active(db, current_user.id, user_id, False))


@blueprint.post("/<int:user_id>/open")
@admin_required
def reopen(user_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    return _change("account-opened", user_id, lambda db: set_active(db, current_user.id, user_id, True))


@blueprint.post("/<int:user_id>/role/<any(admin, teacher):role>")
@admin_required
def change_role(user_id: int, role: str) -> ResponseReturnValue:
    """Make somebody administrator, or teacher again."""
    return _change("role-changed", user_id, lambda db: set_role(db, current_user.id, user_id, str(Role(role))))


def _services() -> AccountServices:
    found: AccountServices = current_app.extensions["exam"]
    return found


def _now() -> datetime:
    return datetime.fromtimestamp(_services().clock.now(), UTC)


def _listing(link: str | None = None) -> ResponseReturnValue:
    with _services().database.read() as db:
        users = all_users(db)
    policy = _services().settings.registration
    return render_template("accounts/users.html", users=users, link=link, policy=policy)


def _change(event: str, user_id: int, change: Callable[[Any], Any]) -> ResponseReturnValue:
    try:
        with _services().database.session() as db:
            user = change(db)
    except ExamError as error:
        flash(_(error.text, **error.params), "bad")
    else:
        _services().event_log.note(event, user=user_id, by=current_user.id)
        if not user.active:
            _services().teacher_sessions.send_away(user_id)
        flash(_("Saved: %(name)s.", name=user.name), "good")
    return redirect(url_for("accounts.users.listing"))
