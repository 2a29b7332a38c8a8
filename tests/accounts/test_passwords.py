"""Passwords that are good enough, and hashes that tell nothing."""

from __future__ import annotations

import pytest

from accounts.passwords import LEAST, LEAST_GUESSES, MOST, Passwords, check_password, default_hasher, guesses
from core.errors import UserError
from tests.site import CHEAP

EMAIL = "marguerite@school.example"


@pytest.mark.parametrize("password", ["quiet river", "ünïcödé wörds", "x1y2z3w4v5" * 20])
def test_good_passwords_pass(password: str) -> None:
    assert check_password(password, EMAIL) == password


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x" * (LEAST - 1), "password_short"),
        ("abcd" * MOST, "password_long"),
        ("aaaaaaaaaaaa", "password_guessable"),
        ("Marguerite1", "password_guessable"),
    ],
)
def test_bad_passwords_are_refused(password: str, code: str) -> None:
    with pytest.raises(UserError, match=code):
        check_password(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        *("password123", "Password2024!", "P@ssw0rd123", "1234567890", "qwertyuiop1", "iloveyou12", "abcdefghij"),
        *("azertyuiop", "Azerty12345", "motdepasse1", "bonjour2026", "Bienvenue1!", "jetaime1234", "soleil12345"),
        *("Professeur1", "enseignant2026", "examonitor1", "schoolschool", "Teacher2026!", "École2026!"),
        *("Marguerite2026", "etireugram99"),
    ],
)
def test_what_many_choose_is_refused_in_every_disguise(password: str) -> None:
    with pytest.raises(UserError, match="password_guessable"):
        check_password(password, EMAIL)


def test_a_password_that_is_hard_to_weigh_holds_nobody_up() -> None:
    hostile = "4@8({[<369!1|l70$57+%2zZ" * 9  # the whole of it takes minutes
    assert guesses(hostile[:MOST], EMAIL) > LEAST_GUESSES


def test_a_password_matches_its_own_hash_alone() -> None:
    passwords = Passwords(CHEAP)
    kept = passwords.hash("quiet river")
    assert "quiet" not in kept
    assert passwords.matches(kept, "quiet river")
    assert not passwords.matches(kept, "quiet rivers")
    assert not passwords.matches("not a hash", "quiet river")


def test_nobody_has_no_password() -> None:
    assert not Passwords(CHEAP).matches(None, "no account has this password")


def test_hashes_are_argon2id_and_older_ones_are_noticed() -> None:
    kept = Passwords(CHEAP).hash("quiet river")
    assert kept.startswith("$argon2id$")
    assert Passwords(default_hasher()).is_outdated(kept)
