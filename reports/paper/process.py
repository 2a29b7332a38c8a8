"""Starts the process that sets a report on paper, and waits for it: never in the hub, never for ever."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import UserError

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 60.0
"""Two hundred students with pictures take about ten."""


def pdf_of(facts: Mapping[str, Any], pictures: Mapping[str, Path], seconds: float = SECONDS) -> bytes:
    """Return a report as PDF; UserError `report_too_heavy` where that takes too long or fails."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made:
        given.write(json.dumps({"facts": facts, "pictures": {one: str(at) for one, at in pictures.items()}}).encode())
        given.seek(0)
        # no environment: what sets names and notes that anybody typed needs none of our secrets
        command = [sys.executable, "-m", "reports.paper.setting"]
        with subprocess.Popen(
            command, cwd=ROOT, env={}, stdin=given, stdout=made, stderr=subprocess.DEVNULL
        ) as process:
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise _too_heavy() from None
        if status != 0:
            raise _too_heavy()
        made.seek(0)
        return made.read()


def _too_heavy() -> UserError:
    return UserError("report_too_heavy", "This report could not be made as PDF. Please print its pages instead.")
