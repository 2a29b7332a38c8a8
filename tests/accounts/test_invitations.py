"""Links that work once, for a week, for one purpose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.invitations import CO_TEACH, REGISTER, VALID_FOR, check_invitation, make_invitation, use_invitation
from core.errors import UserError
from store.users import Invitation, User
from tests.store.makers import MOMENT, make_user


@pytest.fixture
def token(db: Session) -> str:
    db.add(make_user(id=1))
    db.flush()
    return make_invitation(db, REGISTER, None, 1, MOMENT)


def test_an_invitation_works_until_it_is_too_old(db: Session, token: str) -> None:
    check_invitation(db, token, REGISTER, MOMENT + VALID_FOR - timedelta(seconds=1))
    with pytest.raises(UserError, match="invitation_invalid"):
        check_invitation(db, token, REGISTER, MOMENT + VALID_FOR)


def test_an_invitation_works_once(db: Session, token: str) -> None:
    assert use_invitation(db, token, REGISTER, 1, MOMENT).used_by == 1
    with pytest.raises(UserError, match="invitation_invalid"):
        use_invitation(db, token, REGISTER, 1, MOMENT)


@pytest.mark.parametrize("guess", ["", "x", "\ud800", "é" * 5000])
def test_a_guess_is_refused(db: Session, token: str, guess: str) -> None:
    with pytest.raises(UserError, match="invitation_invalid"):
        check_invitation(db, guess, REGISTER, MOMENT)


def test_an_invitation_serves_its_purpose_alone(db: Session, token: str) -> None:
    with pytest.raises(UserError, match="invitation_invalid"):
        check_invitation(db, token, CO_TEACH, MOMENT)


def test_the_token_itself_is_not_kept(db: Session, token: str) -> None:
    kept = db.scalars(select(Invitation)).one()
    assert token not in {str(value) for value in vars(kept).values()}


def test_an_invitation_ends_with_the_account_that_made_it(db: Session, token: str) -> None:
    maker = db.get(User, 1)
    assert maker is not None
    maker.active = False
    with pytest.raises(UserError, match="invitation_invalid"):
        check_invitation(db, token, REGISTER, MOMENT)
