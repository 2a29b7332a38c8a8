"""Starts the process that sets a report on paper, and waits for it: never in the hub, never for ever."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.blocking import run_module
from core.errors import UserError

SECONDS = 60.0
"""Two hundred students with pictures take about ten."""


def pdf_of(facts: Mapping[str, Any], pictures: Mapping[str, Path], seconds: float = SECONDS) -> bytes:
    """Return a report as PDF; UserError `report_too_heavy` where that takes too long or fails."""
    given = json.dumps({"facts": facts, "pictures": {one: str(at) for one, at in pictures.items()}}).encode()
    outcome = run_module("reports.paper.setting", given=given, seconds=seconds)
    if outcome is None or outcome.status != 0:
        raise UserError("report_too_heavy", "This report could not be made as PDF. Please print its pages instead.")
    return outcome.written
