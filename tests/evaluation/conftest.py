"""Fixtures for tests of accuracy: the same face models as for detection."""

from tests.detection.conftest import face_models

__all__ = ["face_models"]
