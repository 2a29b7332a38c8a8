"""The six names by which exam monitors know what they tell, with their scores; docs/protocol.md says where each is."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from core.types import Alert, AlertKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student

ATTENTION_UPDATE = "ATTENTION_UPDATE"
LOG_EVERY_S = 10.0  # seconds between two lines about one student's attention
SURE = "sure"
"""In the numbers of what a camera found: how sure it is, 0 to 100."""
SCORE = "score"
"""In an alert's numbers, where it has a score: of PHONE_DETECTED how sure it is, of LOOKING_AWAY the attention."""

AttentionOf = Callable[[str], int | None]
"""Returns a student's attention, 0 to 100, or None while it is not known."""


class AlertScores:
    """Adds the score to the numbers of alerts that have one; an EvidenceKeeper."""

    def __init__(self, attention_of: AttentionOf) -> None:
        self._attention_of = attention_of

    def keep(self, room: LiveRoom, participant: Student, alert: Alert) -> Mapping[str, Any]:
        """Return {"score": 0 to 100}, or nothing for a kind without one."""
        if alert.kind == AlertKind.PHONE_DETECTED:
            score = alert.numbers.get(SURE)
        elif alert.kind == AlertKind.LOOKING_AWAY:
            score = self._attention_of(participant.id)
        else:
            return MappingProxyType({})
        return {} if score is None else {SCORE: score}


class AttentionLog:
    """Writes a line where a student's attention has another label, and at most one in ten seconds about each."""

    def __init__(self, context: RoomContext) -> None:
        self._event_log, self._clock = context.event_log, context.clock
        self._told: dict[str, tuple[str | None, float]] = {}
        context.signals.when_gone(self.forget)

    def note(self, room: LiveRoom, participant: Student, score: int | None, label: str | None) -> None:
        """Take what the teachers are told."""
        before, at = self._told.get(participant.id, (None, -LOG_EVERY_S))
        now = self._clock.now()
        if label is None or label == before or 0.0 <= now - at < LOG_EVERY_S:
            return
        self._told[participant.id] = label, now
        self._event_log.note(ATTENTION_UPDATE, room=room.code, student=participant.name, score=score, label=label)

    def forget(self, participant: str) -> None:
        """Drop a student who left."""
        self._told.pop(participant, None)
