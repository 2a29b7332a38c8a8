"""A running exam whose students send pictures and whose alerts become capsules."""

from __future__ import annotations

import json
from typing import Any

from core.types import AlertKind, Severity
from evidence.layout import MANIFEST
from evidence.stored_zip import unpacked
from rooms.live.participant import Participant, Student
from store.alerts import AlertRow
from store.evidence import CapsuleRow
from tests.rooms.stage import Stage

JPEG = b"\xff\xd8" + bytes(500)


class Recording:
    """One student in a running exam of a stage, from whom a picture comes each half second."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.student = stage.admitted()
        stage.lifecycle.set_state("r1", "running", "Ana")
        self.sent = 0

    def send(self, sender: Participant | None = None, jpeg: bytes = JPEG) -> None:
        """Send one picture, different from all others."""
        self.sent += 1
        now = self.stage.clock.now()
        self.stage.frame_ingest.accept(sender or self.student, (self.sent, now * 1000, jpeg + bytes([self.sent % 256])))

    def go_on(self, seconds: float, look: bool = True) -> None:
        """Let time pass with two pictures a second; `look`: with housekeeping too."""
        for _ in range(round(seconds * 2)):
            self.stage.clock.advance(0.5)
            self.send()
            if look:
                self.stage.sealer.look_around()

    def raise_alert(self, alert_id: str = "a1", student: Student | None = None, **changed: Any) -> None:
        """Raise an alert about the student."""
        values = {"kind": AlertKind.PHONE_DETECTED, "severity": Severity.CRITICAL, **changed}
        self.stage.alert_service.alert_raised(self.stage.alert(student or self.student, id=alert_id, **values))

    def sealed(self, alert_id: str = "a1") -> None:
        """Raise an alert and wait until its capsule is sealed."""
        self.go_on(5)
        self.raise_alert(alert_id)
        self.go_on(10.5)

    def row(self, alert_id: str = "a1") -> CapsuleRow:
        """The capsule as the database has it."""
        with self.stage.database.read() as session:
            row = session.get(CapsuleRow, alert_id)
        assert row is not None
        return row

    def told(self, alert_id: str = "a1") -> Any:
        """What the alert's row says of its capsule."""
        with self.stage.database.read() as session:
            row = session.get(AlertRow, alert_id)
        assert row is not None
        return row.numbers.get("capsule")

    def opened(self, alert_id: str = "a1") -> tuple[dict[str, Any], dict[str, bytes]]:
        """The manifest of a sealed capsule, and its pictures."""
        files = unpacked(self.stage.kept.vault.read("r1", self.student.id, alert_id))
        return json.loads(files.pop(MANIFEST)), files
