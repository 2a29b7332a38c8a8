"""Fixtures of the room tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An open room with its teacher, nobody connected."""
    made = Stage(tmp_path)
    yield made
    made.database.close()
