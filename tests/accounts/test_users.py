"""Who may have an account and who may change it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from accounts.invitations import REGISTER, make_invitation
from accounts.users import all_users, change_password, check_name, normal_email, register, set_active, set_role
from core.errors import ExamError, NotAllowed, UserError
from store.users import User
from tests.store.makers import MOMENT


def join(db: Session, name: str = "ana", policy: str = "open", token: str | None = None) -> User:
    return register(db, f"{name}@school.example", name, "hash", policy, token, MOMENT)


def test_the_first_account_is_the_administrators(db: Session) -> None:
    assert [join(db, "ana").role, join(db, "ben").role] == ["admin", "teacher"]


@pytest.mark.parametrize("policy", ["open", "invitation", "closed"])
def test_the_first_account_needs_nobodys_leave(db: Session, policy: str) -> None:
    assert join(db, policy=policy).role == "admin"


@pytest.mark.parametrize("policy", ["invitation", "closed"])
def test_later_accounts_are_refused_where_the_settings_say_so(db: Session, policy: str) -> None:
    join(db)
    with pytest.raises(NotAllowed):
        join(db, "ben", policy)


def test_an_invitation_lets_one_person_in(db: Session) -> None:
    admin = join(db)
    token = make_invitation(db, REGISTER, None, admin.id, MOMENT)
    assert join(db, "ben", "invitation", token).role == "teacher"
    with pytest.raises(UserError, match="invitation_invalid"):
        join(db, "eve", "invitation", token)


def test_an_invitation_does_not_open_a_closed_server(db: Session) -> None:
    admin = join(db)
    token = make_invitation(db, REGISTER, None, admin.id, MOMENT)
    with pytest.raises(NotAllowed):
        join(db, "ben", "closed", token)


def test_one_address_has_one_account_however_it_is_written(db: Session) -> None:
    join(db, "ana")
    with pytest.raises(UserError, match="email_taken"):
        join(db, "ANA")


@pytest.mark.parametrize("raw", ["", "ana", "ana@", "@b.example", "a b@c.example", "ana@nowhere", "a@b..example"])
def test_what_cannot_be_an_address_is_refused(raw: str) -> None:
    with pytest.raises(UserError, match="bad_email"):
        normal_email(raw)


def test_an_address_has_one_form() -> None:
    assert normal_email("  Ana.B@School.EXAMPLE ") == "ana.b@school.example"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("  Ana \t Ruiz\n", "Ana Ruiz"), ("Zoe\u0301", "Zo\u00e9"), ("A\u202eb\u0000", "Ab"), ("👩‍🏫 Ana", "👩‍🏫 Ana")],
)
def test_names_are_cleaned(raw: str, kept: str) -> None:
    assert check_name(raw) == kept


@pytest.mark.parametrize("raw", ["", " \n", "👩‍🏫", "\u202e", "x" * 61])
def test_names_without_a_word_or_end_are_refused(raw: str) -> None:
    with pytest.raises(UserError):
        check_name(raw)


def test_a_new_password_ends_older_log_ins(db: Session) -> None:
    user = join(db)
    assert change_password(db, user.id, "new").session_version == 2


def test_closing_an_account_ends_its_log_ins_once(db: Session) -> None:
    admin, ben = join(db), join(db, "ben")
    set_active(db, admin.id, ben.id, False)
    set_active(db, admin.id, ben.id, False)
    assert (ben.active, ben.session_version) == (False, 2)
    assert set_active(db, admin.id, ben.id, True).session_version == 2


def test_nobody_changes_the_own_rights_so_an_administrator_stays(db: Session) -> None:
    admin = join(db)
    with pytest.raises(UserError, match="not_yourself"):
        set_role(db, admin.id, admin.id, "teacher")
    with pytest.raises(UserError, match="not_yourself"):
        set_active(db, admin.id, admin.id, False)


def test_only_administrators_change_rights(db: Session) -> None:
    join(db)
    ben, eve = join(db, "ben"), join(db, "eve")
    with pytest.raises(NotAllowed):
        set_role(db, ben.id, eve.id, "admin")


def test_a_role_that_does_not_exist_is_refused(db: Session) -> None:
    admin, ben = join(db), join(db, "ben")
    with pytest.raises((ExamError, ValueError)):
        set_role(db, admin.id, ben.id, "emperor")


def test_people_are_listed_by_name_closed_accounts_last(db: Session) -> None:
    admin, ben, cleo = join(db, "zoe"), join(db, "ben"), join(db, "Cleo")
    set_active(db, admin.id, ben.id, False)
    assert [user.name for user in all_users(db)] == [cleo.name, admin.name, ben.name]
