"""Fixtures that every folder of tests may use. Warnings are errors: see filterwarnings in pyproject.toml."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests import media

settings.register_profile("any machine", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def media_dir() -> Path:
    """The folder with real pictures, clips, sound and sensor recordings."""
    return media.present("media", os.environ)


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder with model files that cannot be had from the package index."""
    return media.present("models", os.environ)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what reads real media, so that `-m "not media"` leaves it out, and begin with what takes long."""
    for item in items:
        if {"media_dir", "models_dir"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("media")
    # several processes share the work by files: a long one that is begun last keeps the others waiting
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("slow", "browser", "media"))))
