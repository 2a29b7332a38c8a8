"""Fixtures of the tests of live evidence."""

from __future__ import annotations

import pytest

from tests.rooms.evidence.recording import Recording
from tests.rooms.stage import Stage


@pytest.fixture
def recording(stage: Stage) -> Recording:
    """A running exam with one student who sends pictures."""
    return Recording(stage)
