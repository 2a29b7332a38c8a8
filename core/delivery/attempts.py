"""How work that was tried without success goes on: again later, or never."""

from collections.abc import Callable
from typing import Any

Keep = Callable[[Any], object]
"""Writes something with a session of the database."""


class Unsuccessful(Exception):
    """The text says why, to an administrator; `keep` writes what is to be remembered of it."""

    def __init__(self, why: str, keep: Keep | None = None) -> None:
        super().__init__(why)
        self.keep = keep


class TryLater(Unsuccessful):
    """It cannot be done now and is tried again."""


class GivenUp(Unsuccessful):
    """It can never be done."""
