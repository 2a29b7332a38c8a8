"""The account pages: log in and out, register, name and password."""

import re
import time
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm

from accounts import language_pages, user_pages
from accounts.forms import LogInForm, NameForm, PasswordForm, RegisterForm
from accounts.passwords import check_password
from accounts.safe_paths import local_path
from accounts.services import AccountServices
from accounts.sessions import AccountService, account_of
from accounts.users import (
    change_password,
    check_name,
    end_log_ins,
    keep_hash,
    may_register,
    normal_email,
    register,
    register_again,
    rename,
)
from core.errors import Busy, ExamError, NotAllowed, UserError
from store.users import User, count_users, user_by_email

blueprint = Blueprint("accounts", __name__)
blueprint.register_blueprint(user_pages.blueprint)
blueprint.register_blueprint(language_pages.blueprint)

FIELD_OF = {
    "bad_email": "email",
    "name_empty": "name",
    "name_too_long": "name",
    "password_short": "password",
    "password_long": "password",
    "password_guessable": "password",
    "wrong_password": "current",
}
"""Error code -> the field it is shown at; the others stand above the form."""
ROOM_LINK = re.compile(r"/co/([\w-]{1,100})")
"""The path of a link to a room, of rooms/pages/rooms.py."""


@blueprint.route("/login", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """Let a teacher in."""
    form = LogInForm()
    wanted = local_path(request.args.get("next"), url_for("rooms.own_rooms"))
    if current_user.is_authenticated:
        return redirect(wanted)
    if _services_have_nobody():
        return redirect(url_for("accounts.sign_up"))
    if not form.validate_on_submit():
        return _log_in_page(form, wanted)
    try:
        user = _prove(form.email.data, form.password.data)
    except ExamError as error:
        return _log_in_page(form, wanted, error)
    _let_in(user)
    return redirect(wanted)


@blueprint.post("/logout")
def log_out() -> ResponseReturnValue:
    """End every log-in of this account: a copied cookie or a page that is open elsewhere ends with this one."""
    if current_user.is_authenticated:
        _end_log_ins(current_user.id)
        flash(_("You are logged out, on every device."), "good")
    logout_user()
    return redirect(url_for("accounts.log_in"))


@blueprint.route("/register", methods=["GET", "POST"], defaults={"token": None})
@blueprint.route("/register/<token>", methods=["GET", "POST"])
def sign_up(token: str | None) -> ResponseReturnValue:
    """Make an account: the first one, by invitation, or for everybody, as the settings say."""
    form = RegisterForm()
    wanted = local_path(request.args.get("next"), url_for("rooms.own_rooms"))
    try:
        with _services().database.read() as db:
            may_register(db, _services().settings.registration, token, _now())
            is_first = count_users(db) == 0
    except ExamError as error:
        return render_template("accounts/closed.html", error=_(error.text, **error.params)), 403
    values: dict[str, Any] = {"is_first": is_first, "wanted": wanted, "to_room": _room_token(wanted)}
    if not form.validate_on_submit():
        return _page("register", form, **values)
    try:
        user = _register(form, token)
    except ExamError as error:
        return _page("register", form, error, **values)
    if user is None or not is_first:
        # Whether the address had an account is told to nobody: the answer is the same.
        flash(_("You can log in now. If this address already had an account, its password has not changed."), "good")
        onward = wanted if wanted != url_for("rooms.own_rooms") else None
        return redirect(url_for("accounts.log_in", next=onward))
    _let_in(user)
    if wanted == url_for("rooms.own_rooms"):
        flash(_("Welcome, %(name)s. Create your first room to begin.", name=user.name), "good")
    return redirect(wanted)


@blueprint.get("/account")
@login_required
def account() -> ResponseReturnValue:
    """Show name and password."""
    return _account_page()


@blueprint.post("/account/name")
@login_required
def change_own_name() -> ResponseReturnValue:
    """Change the name that others see."""
    form = NameForm()
    if not form.validate_on_submit():
        return _account_page(name_form=form)
    try:
        with _services().database.session() as db:
            rename(db, current_user.id, form.name.data)
    except UserError as error:
        return _account_page(name_form=form, error=error)
    flash(_("Your name was changed."), "good")
    return redirect(url_for("accounts.account"))


@blueprint.post("/account/password")
@login_required
def change_own_password() -> ResponseReturnValue:
    """Change the password; every other log-in of this account ends."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _account_page(password_form=form)
    try:
        user = _change_password(form)
    except ExamError as error:
        return _account_page(password_form=form, error=error)
    login_user(account_of(user))
    flash(_("Your password was changed. You were logged out everywhere else."), "good")
    return redirect(url_for("accounts.account"))


# ------------------------------------------------------------------------------------- what the pages are made of


def _services() -> AccountServices:
    found: AccountServices = current_app.extensions["exam"]
    return found


def _desk() -> AccountService:
    return current_app.extensions["accounts"]


def _now() -> datetime:
    return datetime.fromtimestamp(_services().clock.now(), UTC)


def _log_in_page(form: FlaskForm, wanted: str, error: ExamError | None = None) -> ResponseReturnValue:
    """Show the log-in, with the way to a new account where there is one: a link to a room is an invitation too."""
    token, policy = _room_token(wanted), _services().settings.registration
    may_register = policy == "open" or (token is not None and policy != "closed")
    register = url_for("accounts.sign_up", token=token, next=request.args.get("next")) if may_register else None
    return _page("log_in", form, error, register=register, to_room=token)


def _room_token(wanted: str) -> str | None:
    """Return the token of the link to a room that somebody was about to follow."""
    found = ROOM_LINK.fullmatch(wanted)
    return found[1] if found else None


def _services_have_nobody() -> bool:
    with _services().database.read() as db:
        return count_users(db) == 0


def _prove(email: str, password: str) -> User:
    """Return the person with this e-mail and password; the same error, as late, for whatever is wrong."""
    desk, now, address = _desk(), _services().clock.now(), request.remote_addr or ""
    key = normalize("NFC", email.strip()).lower()[:254]
    held = desk.guard.check(address, key, now)
    desk.guard.failed(address, key, now)
    if held:
        time.sleep(held)
    with _services().database.read() as db:
        user = user_by_email(db, key)
    is_right = desk.run_blocking(desk.passwords.matches, user.password_hash if user else None, password)
    if user is None or not is_right or not user.active:
        _services().event_log.warn("login-refused", address=address)
        raise UserError("bad_login", "E-mail or password is wrong.")
    desk.guard.succeeded(address, key, now)
    _refresh_hash(user, password)
    return user


def _refresh_hash(user: User, password: str) -> None:
    desk = _desk()
    if desk.passwords.is_outdated(user.password_hash):
        stronger = desk.run_blocking(desk.passwords.hash, password)
        with _services().database.session() as db:
            keep_hash(db, user.id, stronger)


def _register(form: FlaskForm, token: str | None) -> User | None:
    """Return the person who registered; None where the address has an account, which uses an invitation up as well."""
    email, name = normal_email(form.email.data), check_name(form.name.data)
    if token is None:
        _desk().sign_ups.take(request.remote_addr or "", _services().clock.now())
    password = _desk().run_blocking(check_password, form.password.data, email)
    # Hashed before the transaction begins: nobody else can write while one is open.
    hashed = _desk().run_blocking(_desk().passwords.hash, password)
    policy = _services().settings.registration
    try:
        with _services().database.session() as db:
            user = register(db, email, name, hashed, policy, token, _now())
    except UserError as error:
        if error.code != "email_taken":
            raise
        with _services().database.session() as db:
            known = register_again(db, email, token, _now())
        _services().event_log.warn("account-exists", user=known.id, address=request.remote_addr)
        return None
    _services().event_log.note("account-created", user=user.id, role=user.role)
    return user


def _change_password(form: FlaskForm) -> User:
    user = _prove_again(form.current.data)
    password = _desk().run_blocking(check_password, form.password.data, user.email)
    hashed = _desk().run_blocking(_desk().passwords.hash, password)
    with _services().database.session() as db:
        user = change_password(db, current_user.id, hashed)
    _services().event_log.note("password-changed", user=user.id)
    # A page that is open elsewhere would otherwise stay for as long as its connection holds.
    _services().teacher_sessions.send_away(user.id)
    return user


def _end_log_ins(user_id: int) -> None:
    with _services().database.session() as db:
        end_log_ins(db, user_id)
    _services().event_log.note("logout", user=user_id)
    _services().teacher_sessions.send_away(user_id)


def _prove_again(password: str) -> User:
    """Return the logged-in person who typed the own password; whoever found an open browser has few tries."""
    try:
        return _prove(current_user.email, password)
    except UserError as error:
        raise UserError("wrong_password", "This is not your current password.") from error


def _let_in(user: User) -> None:
    login_user(account_of(user))
    session.permanent = True  # a browser that crashed in the middle of an exam must find its way back
    _services().event_log.note("login", user=user.id)
    # A school is where its teachers log in: guessers elsewhere must not keep its students waiting.
    _services().join_guard.succeeded(request.remote_addr or "")


def _page(name: str, form: FlaskForm, error: ExamError | None = None, **values: Any) -> ResponseReturnValue:
    status = _show(form, error) if error else (422 if form.errors else 200)
    return render_template(f"accounts/{name}.html", form=form, **values), status


def _account_page(
    name_form: FlaskForm | None = None, password_form: FlaskForm | None = None, error: ExamError | None = None
) -> ResponseReturnValue:
    form = name_form or password_form
    status = _show(form, error) if error and form else (422 if form else 200)
    name_form = name_form or NameForm(formdata=None, name=current_user.name)
    password_form = password_form or PasswordForm(formdata=None)
    return render_template("accounts/account.html", name_form=name_form, password_form=password_form), status


def _show(form: FlaskForm, error: ExamError) -> int:
    """Put an error where it belongs in the form and return the status of the answer."""
    text = _(error.text, **error.params)
    field = form._fields.get(FIELD_OF.get(error.code, ""))
    if field is None:
        form.form_errors.append(text)
    else:
        field.errors = [*field.errors, text]
    if isinstance(error, Busy):
        return 429
    return 403 if isinstance(error, NotAllowed) else 422
