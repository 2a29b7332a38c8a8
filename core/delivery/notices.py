"""What people may be told outside the page: who notices something says it in these words, notify/ tells people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

NOTICE_JOB = "notice"
"""The kind of job that tells people of a notice (jobs/kinds/notice.py); its payload is `Notice.payload()`."""


class NoticeKind(StrEnum):
    """What a notice is about."""

    INCIDENT_WAITS = "incident_waits"
    HAND_WAITS = "hand_waits"
    ROOM_BLIND = "room_blind"
    REPORT_READY = "report_ready"
    SERVER_TROUBLE = "server_trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened; it never holds a picture or a student's name."""

    kind: str
    at: float
    """Seconds since the epoch."""
    room: str | None = None
    person: int | None = None
    """Whom alone it is for; None for everybody whom its kind concerns."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Values for its sentence (notify/kinds.py); `what` is a translation key."""

    def payload(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "kind": str(self.kind),
            "at": self.at,
            "room": self.room,
            "person": self.person,
            "facts": {**self.facts},
        }

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Notice":
        """Return what `payload` made."""
        return cls(**payload)
