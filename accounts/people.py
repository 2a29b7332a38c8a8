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
from store.people import Person, count_people, person_by_email

MAX_NAME = 60  # characters


class Role(enum.StrEnum):
    """What an account may do: a teacher sees the own rooms, an administrator also the people."""

    ADMIN = "admin"
    TEACHER = "teacher"


def may_register(session: Session, policy: str, token: str | None, now: datetime) -> None:
    """Say whether a new account may be made now; NotAllowed `registration_closed`, UserError `invitation_invalid`.

    `policy` is `open`, `invitation` or `closed`. The first account may always be made: there is nobody to ask.
    """
    if count_people(session) == 0:
        return
    if token is not None and policy != "closed":
        check_sign_up(session, token, now)
    elif policy == "closed":
        raise NotAllowed("registration_closed", "This server takes no new accounts.")
    elif policy == "invitation":
        raise NotAllowed("registration_closed", "New accounts need an invitation. Please ask your administrator.")


def register(
    session: Session, email: str, name: str, password_hash: str, policy: str, token: str | None, now: datetime
) -> Person:
    """Make an account, the first one an administrator's; UserError for what was typed, or as `may_register`."""
    may_register(session, policy, token, now)
    address = normal_email(email)
    if person_by_email(session, address) is not None:
        raise _email_taken()
    role = Role.TEACHER if count_people(session) else Role.ADMIN
    person = Person(email=address, name=check_name(name), password_hash=password_hash, created_at=now)
    person.role, person.active, person.session_version = str(role), True, 1
    _insert(session, person)
    if token is not None and role is Role.TEACHER:
        purpose = check_sign_up(session, token, now).purpose
        use_invitation(session, token, purpose, person.id, now, hold=purpose == CO_TEACH)
    return person


def register_again(session: Session, email: str, token: str | None, now: datetime) -> Person:
    """Return whose address it is; an invitation is used up all the same, or it could ask for many addresses."""
    known = person_by_email(session, normal_email(email))
    if known is None:
        raise UserError("unknown_person", "There is no such account.")
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


def rename(session: Session, person_id: int, name: str) -> Person:
    """Change the name that students and colleagues see."""
    person = _person(session, person_id)
    person.name = check_name(name)
    return person


def change_password(session: Session, person_id: int, password_hash: str) -> Person:
    """Keep the hash of a new password and end every log-in made with the old one."""
    person = _person(session, person_id)
    person.password_hash = password_hash
    person.session_version += 1
    return person


def end_log_ins(session: Session, person_id: int) -> Person:
    """End every log-in of an account, with the tickets of its open pages."""
    person = _person(session, person_id)
    person.session_version += 1
    return person


def keep_hash(session: Session, person_id: int, password_hash: str) -> None:
    """Keep the same password under stronger parameters; nobody is logged out."""
    _person(session, person_id).password_hash = password_hash


def set_active(session: Session, admin_id: int, person_id: int, active: bool) -> Person:
    """Close or open somebody else's account; closing ends its log-ins. NotAllowed for oneself."""
    person = _somebody_else(session, admin_id, person_id)
    if person.active and not active:
        person.session_version += 1
    person.active = active
    return person


def set_role(session: Session, admin_id: int, person_id: int, role: str) -> Person:
    """Make somebody else administrator or teacher; as nobody changes the own role, one administrator always stays."""
    person = _somebody_else(session, admin_id, person_id)
    person.role = str(Role(role))
    return person


def all_people(session: Session) -> list[Person]:
    """List every account by name."""
    return sorted(session.scalars(select(Person)), key=lambda person: (not person.active, person.name.casefold()))


def _somebody_else(session: Session, admin_id: int, person_id: int) -> Person:
    admin = _person(session, admin_id)
    if admin.role != Role.ADMIN or not admin.active:
        raise NotAllowed("not_allowed", "Only an administrator may do this.")
    if admin_id == person_id:
        raise UserError("not_yourself", "You cannot change your own rights; another administrator can.")
    return _person(session, person_id)


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise UserError("unknown_person", "There is no such account.")
    return person


def _insert(session: Session, person: Person) -> None:
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise _email_taken() from error


def _email_taken() -> UserError:
    return UserError("email_taken", "There is an account with this e-mail address already.")
