"""Fixtures of the account tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from store.migrate import upgrade
from store.session import Database
from tests.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server where nobody has registered yet and everybody may."""
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty database."""
    address = f"sqlite:///{tmp_path / 'accounts.db'}"
    upgrade(address)
    database = Database(address)
    with database.session() as session:
        yield session
    database.close()
