"""Fixtures of the account tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from store.session import Database
from tests.site import Site
from tests.store import template


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet and everybody may."""
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty database."""
    database = Database(template.copy_to(tmp_path / "accounts.db"))
    with database.session() as session:
        yield session
    database.close()
