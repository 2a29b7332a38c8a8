"""Alerts that a benchmark tells a measured server to raise, as its judge would: from there on everything is real."""

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from core.types import Alert, Severity
from rooms.pages.services import Services

FILE, RAISED = "alerts.jsonl", "raised.jsonl"
EVERY_S = 0.02


def raise_told(folder: Path, services: Services) -> None:
    """Raise each alert that a line of the file asks for; the server's task."""
    done = 0
    while True:
        lines = _lines(folder / FILE)
        for line in lines[done:]:
            _raise(services, json.loads(line), folder / RAISED)
        done = len(lines)
        services.tasks.sleep(EVERY_S)


def tell(folder: Path, room: str, participant: str, kind: str, severity: Severity) -> None:
    """Ask the server for an alert."""
    told = {"room": room, "participant": participant, "kind": kind, "severity": str(severity)}
    with (folder / FILE).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(told) + "\n")


def raised(folder: Path) -> list[dict[str, Any]]:
    """Return the alerts that were raised, in their order: `id`, and `at` in ms since the epoch."""
    return [json.loads(line) for line in _lines(folder / RAISED)]


def _raise(services: Services, told: dict[str, Any], noted: Path) -> None:
    at, alert = time.time(), uuid4().hex
    services.alert_service.alert_raised(
        Alert(
            id=alert,
            room=told["room"],
            participant=told["participant"],
            kind=told["kind"],
            severity=Severity(told["severity"]),
            started_at=at - 2,
            raised_at=at,
            text="Raised by a benchmark.",
            hint=False,
        )
    )
    with noted.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"id": alert, "at": at * 1000}) + "\n")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
