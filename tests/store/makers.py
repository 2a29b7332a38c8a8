"""Rows with everything filled in; a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from store.rooms import Room
from store.users import User

MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def make_user(email: str = "ana@school.example", **changed: Any) -> User:
    """A teacher."""
    values = {"name": "Ana", "password_hash": "-", "role": "teacher", "created_at": MOMENT, **changed}
    return User(email=email, **values)


def make_room(id: str = "r1", code: str = "004217", owner_id: int = 1, **changed: Any) -> Room:
    """An open room."""
    values = {"title": "Algebra", "created_at": MOMENT, "state": "open", "settings": {}, **changed}
    return Room(id=id, code=code, owner_id=owner_id, **values)
