"""Fixtures of the tests of reports."""

from tests.rooms.conftest import stage

__all__ = ["stage"]
