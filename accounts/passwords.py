"""Passwords: what makes a good one, and how their hashes are made and compared."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import UserError

LEAST = 10  # characters
MOST = 200  # characters: more is no safer, and hashing it would be work for nothing


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
    """Return a password that is good enough; UserError `password_short`, `_long` or `_guessable`."""
    if len(password) < LEAST:
        raise UserError("password_short", "A password needs at least %(least)d characters.", least=LEAST)
    if len(password) > MOST:
        raise UserError("password_long", "A password may have at most %(most)d characters.", most=MOST)
    owner = email.partition("@")[0].casefold()
    if len(set(password)) < 4 or (len(owner) > 3 and password.casefold().strip("0123456789!.") == owner):
        raise UserError("password_guessable", "This password is too easy to guess. A few words in a row are good.")
    return password
