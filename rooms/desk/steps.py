"""Steps of incidents as rows: who decided what about which alerts, and in words why."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.alerts import OF_ROOM, AlertRow
from store.desk import IncidentStep

Person = tuple[int, str]
"""Id and name of a user."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person decided; `other` is who gave the first decision, of a second one."""

    step: str
    round: int
    verdict: str
    note: str
    person: Person
    other: int | None = None


def step_row(rows: Sequence[AlertRow], said: Said, at: datetime) -> IncidentStep:
    """Return the row of a decision about some alerts of one incident, at least one."""
    first = rows[0]
    return IncidentStep(
        id=uuid.uuid4().hex,
        room_id=first.room_id,
        participant_id=None if first.incident_id.startswith(OF_ROOM) else first.participant_id,
        incident_id=first.incident_id or first.id,
        round=said.round,
        step=said.step,
        verdict=said.verdict,
        note=said.note,
        person_id=said.person[0],
        person_name=said.person[1],
        other_id=said.other,
        until=max(row.raised_at for row in rows),
        at=at,
    )


def next_round(steps: Sequence[IncidentStep]) -> int:
    """Return the number of the round that a new decision begins."""
    return max((one.round for one in steps), default=0) + 1
