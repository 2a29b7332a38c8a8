"""Links that let one person in, once and for a week; only the hash of their token is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from core.errors import UserError
from store.users import Invitation, User, invitation_by_hash

REGISTER = "register"
CO_TEACH = "co_teach"
VALID_FOR = timedelta(days=7)


def make_invitation(session: Session, purpose: str, room_id: str | None, by: int, now: datetime) -> str:
    """Return the token of a new invitation: shown once, found again only by who holds it."""
    token = secrets.token_urlsafe(24)
    session.add(
        Invitation(
            token_hash=hash_token(token),
            purpose=purpose,
            room_id=room_id,
            created_by=by,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    session.flush()
    return token


def check_invitation(
    session: Session, token: str, purpose: str, now: datetime, holder: int | None = None
) -> Invitation:
    """Return the invitation while it can be used; UserError `invitation_invalid` whatever is wrong with it.

    Whoever made an account by a link to a room, the `holder`, may still come to the room by it, and nobody else.
    """
    found = invitation_by_hash(session, hash_token(token))
    if found is None or found.purpose != purpose or found.expires_at <= now:
        raise _invalid()
    if found.used_at is not None and (holder is None or found.used_by != holder or purpose != CO_TEACH):
        raise _invalid()
    # Whoever was shut out must not have kept a key.
    maker = session.get(User, found.created_by)
    if maker is None or not maker.active:
        raise _invalid()
    return found


def use_invitation(
    session: Session, token: str, purpose: str, user_id: int, now: datetime, hold: bool = False
) -> Invitation:
    """Use the invitation up; of two people who come at once only one gets in. UserError `invitation_invalid`.

    `hold` keeps a link to a room for the person who made an account by it: they alone can use it, once.
    """
    found = check_invitation(session, token, purpose, now, user_id)
    free = or_(Invitation.used_at.is_(None), Invitation.used_by == user_id)
    values = {"used_at": now, "used_by": user_id, **({} if hold else {"expires_at": now})}
    done = session.execute(update(Invitation).where(Invitation.id == found.id, free).values(values))
    if done.rowcount != 1:  # type: ignore[attr-defined]  # CursorResult
        raise _invalid()
    session.refresh(found)
    return found


def check_sign_up(session: Session, token: str, now: datetime) -> Invitation:
    """Return an invitation by which an account can be made: to the server, or to a room; UserError as above."""
    found = invitation_by_hash(session, hash_token(token))
    return check_invitation(session, token, CO_TEACH if found and found.purpose == CO_TEACH else REGISTER, now)


def void_invitations(session: Session, room_id: str, user_id: int) -> None:
    """Void every link to a room that a person who was taken out of it could come back by."""
    theirs = or_(Invitation.used_at.is_(None), Invitation.used_by == user_id)
    session.execute(delete(Invitation).where(Invitation.room_id == room_id, theirs))


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token in hex: long and random already, it needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _invalid() -> UserError:
    return UserError("invitation_invalid", "This invitation has already been used, has expired, or does not exist.")
