"""Finds the real pictures, clips and model files that some tests read; they are not part of the repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def folder(kind: str, environ: Mapping[str, str]) -> Path:
    """Where `media` or `models` should lie: EXAM_MEDIA_DIR or EXAM_MODELS_DIR, else ../shared beside the checkout."""
    given = environ.get(f"EXAM_{kind.upper()}_DIR")
    return Path(given).expanduser() if given else SHARED / kind


def present(kind: str, environ: Mapping[str, str]) -> Path:
    """The folder of `kind`; without one the test is skipped with a reason, or fails under EXAM_REQUIRE_MEDIA=1."""
    found = folder(kind, environ)
    if found.is_dir():
        return found
    absent(f"no {kind} folder at {found}; set EXAM_{kind.upper()}_DIR", environ)


def absent(reason: str, environ: Mapping[str, str]) -> NoReturn:
    """Skip the test for what is not there, or fail it under EXAM_REQUIRE_MEDIA=1."""
    if environ.get("EXAM_REQUIRE_MEDIA", "") not in {"", "0"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
