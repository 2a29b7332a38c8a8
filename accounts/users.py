"""Accounts: who may have one, what their owner may change, what an administrator may."""

import enum
from datetime import datetime
from unicodedata import category, normalize

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.invitations import CO_TEACH, check_sign_up, use_invitation
from core.errors import NotAllowed, UserError
from store.users import User, count_users, user_by_email

MAX_NAME = 60  # characters


class Role(enum.StrEnum):
    """What an account may do: a teacher sees the own rooms, an administrator also the people."""

    ADMIN = "admin"
    TEACHER = "teacher"


def may_register(session: Session, policy: str, token: str | None, now: datetime) -> None:
    """Say whether a new account may be made now; NotAllowed `registration_closed`, UserError `invitation_invalid`.

    `policy` is `open`, `invitation` or `closed`. The first account may always be made: there is nobody to ask.
    """
    if count_users(session) == 0:
        return
    if token is not None and policy != "closed":
        check_sign_up(session, token, now)
    elif policy == "closed":
        raise NotAllowed("registration_closed", "This server takes no new accounts.")
    elif policy == "invitation":
        raise NotAllowed("registration_closed", "New accounts need an invitation. Please ask your administrator.")


def register(
    session: Session, email: str, name: str, password_hash: str, policy: str, token: str | None, now: datetime
) -> User:
    """Make an account, the first one an administrator's; UserError for what was typed, or as `may_register`."""
    may_register(session, policy, token, now)
    address = normal_email(email)
    if user_by_email(session, address) is not None:
        raise _email_taken()
    role = Role.TEACHER if count_users(session) else Role.ADMIN
    user = User(email=address, name=check_name(name), password_hash=password_hash, created_at=now)
    user.role, user.active, user.session_version = str(role), True, 1
    _insert(session, user)
    if token is not None and role is Role.TEACHER:
        purpose = check_sign_up(session, token, now).purpose
        use_invitation(session, token, purpose, user.id, now, hold=purpose == CO_TEACH)
    return user


def register_again(session: Session, email: str, token: str | None, now: datetime) -> User:
    """Return whose address it is; an invitation is used up all the same, or it could ask for many addresses."""
    known = user_by_email(session, normal_email(email))
    if known is None:
        raise UserError("unknown_participant", "There is no such account.")
    if token is not None:
        purpose = check_sign_up(session, token, now).purpose
        use_invitation(session, token, purpose, known.id, now, hold=purpose == CO_TEACH)
    return known


def normal_email(raw: str) -> str:
    """Return an address in the one form we keep; UserError `bad_email` when it cannot be one."""
    try:
        checked = validate_email(raw.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise UserError("bad_email", "This is not a complete e-mail address.") from error
    return checked.normalized.lower()


def check_name(raw: str) -> str:
    """Return a name on one line without control characters; UserError `name_empty` or `name_too_long`."""
    # Cf hides or turns round what follows; in a name nothing is lost without it but the joiners of some scripts.
    shown = (c for c in normalize("NFC", raw) if category(c) not in ("Cc", "Cf", "Cs", "Cn") or c in "\u200c\u200d\t\n")
    name = " ".join("".join(shown).split())
    if not any(category(c)[0] in "LN" for c in name):
        raise UserError("name_empty", "Please give your name.")
    if len(name) > MAX_NAME:
        raise UserError("name_too_long", "A name may have at most %(most)d characters.", most=MAX_NAME)
    return name


def rename(session: Session, user_id: int, name: str) -> User:
    """Change the name that students and colleagues see."""
    user = _person(session, user_id)
    user.name = check_name(name)
    return user


def change_password(session: Session, user_id: int, password_hash: str) -> User:
    """Keep the hash of a new password and end every log-in made with the old one."""
    user = _person(session, user_id)
    user.password_hash = password_hash
    user.session_version += 1
    return user


def end_log_ins(session: Session, user_id: int) -> User:
    """End every log-in of an account, with the tickets of its open pages."""
    user = _person(session, user_id)
    user.session_version += 1
    return user


def keep_hash(session: Session, user_id: int, password_hash: str) -> None:
    """Keep the same password under stronger parameters; nobody is logged out."""
    _person(session, user_id).password_hash = password_hash


def set_active(session: Session, admin_id: int, user_id: int, active: bool) -> User:
    """Close or open somebody else's account; closing ends its log-ins. NotAllowed for oneself."""
    user = _somebody_else(session, admin_id, user_id)
    if user.active and not active:
        user.session_version += 1
    user.active = active
    return user


def set_role(session: Session, admin_id: int, user_id: int, role: str) -> User:
    """Make somebody else administrator or teacher; as nobody changes the own role, one administrator always stays."""
    user = _somebody_else(session, admin_id, user_id)
    user.role = str(Role(role))
    return user


def all_users(session: Session) -> list[User]:
    """List every account by name."""
    return sorted(session.scalars(select(User)), key=lambda user: (not user.active, user.name.casefold()))


def _somebody_else(session: Session, admin_id: int, user_id: int) -> User:
    admin = _person(session, admin_id)
    if admin.role != Role.ADMIN or not admin.active:
        raise NotAllowed("not_allowed", "Only an administrator may do this.")
    if admin_id == user_id:
        raise UserError("not_yourself", "You cannot change your own rights; another administrator can.")
    return _person(session, user_id)


def _person(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise UserError("unknown_participant", "There is no such account.")
    return user


def _insert(session: Session, user: User) -> None:
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise _email_taken() from error


def _email_taken() -> UserError:
    return UserError("email_taken", "There is an account with this e-mail address already.")
