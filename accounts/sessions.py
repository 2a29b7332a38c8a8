"""Who is logged in: the bridge between accounts and Flask-Login, and what the account pages need around them."""

from dataclasses import dataclass, field

from flask import Flask, current_app
from flask_babel import lazy_gettext
from flask_login import LoginManager, UserMixin

from accounts.login_guard import LoginGuard
from accounts.passwords import Passwords
from accounts.services import AccountServices
from accounts.sign_up_guard import SignUpGuard
from accounts.users import Role
from core.blocking import RunBlocking, call_directly
from store.users import User


@dataclass(frozen=True)
class AccountService:
    """What the account pages keep between requests; at app.extensions["accounts"]."""

    passwords: Passwords
    guard: LoginGuard
    run_blocking: RunBlocking
    sign_ups: SignUpGuard = field(default_factory=SignUpGuard)


@dataclass(frozen=True)
class Account(UserMixin):
    """The person who is logged in, as pages and templates see them."""

    id: int
    name: str
    email: str
    role: str
    session_version: int

    @property
    def is_admin(self) -> bool:
        """Whether this person may see and change the other accounts."""
        return self.role == Role.ADMIN

    def get_id(self) -> str:
        """Return what the cookie holds: an older session version no longer logs in."""
        return f"{self.id}.{self.session_version}"


def account_of(user: User) -> Account:
    """Return the account of a row."""
    return Account(user.id, user.name, user.email, user.role, user.session_version)


def init_login(app: Flask, run_blocking: RunBlocking = call_directly, passwords: Passwords | None = None) -> None:
    """Set the app up for log-ins; under eventlet `run_blocking` must be a thread pool's, for argon2 and PDFs."""
    app.extensions["accounts"] = AccountService(passwords or Passwords(), LoginGuard(), run_blocking)
    manager = LoginManager(app)
    manager.login_view = "accounts.log_in"
    manager.login_message = lazy_gettext("Please log in first.")
    manager.login_message_category = "plain"
    manager.user_loader(_load)


def _load(held: str) -> Account | None:
    user_id, _, version = held.partition(".")
    if not (user_id.isascii() and user_id.isdigit() and version.isascii() and version.isdigit()):
        return None
    services: AccountServices = current_app.extensions["exam"]
    with services.database.read() as session:
        user = session.get(User, int(user_id))
    if user is None or not user.active or user.session_version != int(version):
        return None
    return account_of(user)
