"""Passwords: what makes a good one, and how their hashes are made and compared.

Common passwords are known from the lists inside the package zxcvbn (MIT licence): 30,000 passwords of published leaks
by how often they occur, English words and names. It also sees through the usual disguises: "P@ssw0rd2024!" is
"password" and a year. What a school's people in this country choose beside those is in EXPECTED.
"""

import re
from unicodedata import combining, normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from core.errors import UserError

LEAST = 10  # characters
MOST = 200  # characters: more is no safer, and hashing it would be work for nothing
LEAST_GUESSES = 10**8
"""zxcvbn's own line between what is guessed and what withstands whoever has stolen slow hashes."""
WEIGHED = 20  # characters: those after can only add, and the work grows fast with them (0.2 s at the very worst)
EXPECTED = (
    *("examonitor", "exam", "examen", "teacher", "teaching", "school", "college", "university", "student", "classroom"),
    *("professeur", "prof", "enseignant", "enseignante", "ecole", "lycee", "universite", "eleve", "etudiant", "classe"),
    *("bienvenue", "motdepasse", "mot de passe", "administrateur", "soleil", "mathematiques", "francais", "histoire"),
)
"""In the order in which somebody would try them: the service and the house first."""


def default_hasher() -> PasswordHasher:
    """Return argon2id with OWASP's first recommendation: 19 MiB, two passes; about 25 ms of one core."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Makes and compares hashes; both take tens of ms of one core, so a server runs them beside its hub."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or default_hasher()
        self._nobodys = self._hasher.hash("no account has this password")

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Say whether this is the password; takes as long for `kept` None, where there is no account."""
        try:
            self._hasher.verify(kept or self._nobodys, password[: MOST + 1])
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Say whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, email: str) -> str:
    """Return a password that is good enough; UserError `password_short`, `_long` or `_guessable`.

    It takes milliseconds, for a password made to be hard to weigh a fifth of a second: a server does it beside its hub.
    """
    if len(password) < LEAST:
        raise UserError("password_short", "A password needs at least %(least)d characters.", least=LEAST)
    if len(password) > MOST:
        raise UserError("password_long", "A password may have at most %(most)d characters.", most=MOST)
    if guesses(password, email) < LEAST_GUESSES:
        raise UserError("password_guessable", "This password is too easy to guess. A few words in a row are good.")
    return password


def guesses(password: str, email: str) -> float:
    """Return about how many tries somebody needs who knows the account, common passwords and what schools choose."""
    own = [part for part in re.split(r"[\W_\d]+", email.casefold()) if len(part) > 2]
    # the lists know no accents: École is ecole
    plain = "".join(c for c in normalize("NFKD", password[:WEIGHED]) if not combining(c))
    return float(zxcvbn(plain, [email.partition("@")[0], *own, *EXPECTED])["guesses"])
