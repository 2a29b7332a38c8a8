"""What people did with evidence, as entries of the chain: who looked at it and when, who decided and did what."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from sqlalchemy.exc import IntegrityError

from evidence.chain import Entry
from rooms.evidence.ledgers import Ledgers
from rooms.live.context import RoomContext
from store.alerts import AlertRow
from store.errors import StoreUnavailable
from store.rooms import Room

VIEW, DECISION, HOLD, RELEASE = "view", "decision", "hold", "release"

Person = tuple[int, str]
"""Id and name of a user."""


class Journal:
    """Writes what people did into the chain; where that cannot be, the log says it, and nobody is kept from working."""

    def __init__(self, context: RoomContext, ledgers: Ledgers) -> None:
        self._ledgers = ledgers
        self._event_log = context.event_log
        self._clock = context.clock

    def viewed(self, room: Room, participant: str, alerts: Sequence[str], what: str, by: str) -> None:
        """Keep that somebody looked at the evidence of alerts of one student, in the log too."""
        self._event_log.note("evidence-viewed", room=room.code, alert=",".join(alerts), what=what, by=by)
        self._add(room.id, VIEW, {"alerts": list(alerts), "what": what, "by": by}, participant)

    def decided(self, rows: Sequence[AlertRow], person: Person) -> None:
        """Keep a verdict on some alerts of a room, one entry for each student whom it concerns."""
        ordered = sorted(rows, key=lambda row: row.participant_id)
        for participant, of_one in groupby(ordered, key=lambda row: row.participant_id):
            alerts = list(of_one)
            facts = {"alerts": [row.id for row in alerts], "verdict": alerts[0].verdict, "by": person[1]}
            self._add(alerts[0].room_id, DECISION, facts, participant)

    def held(self, room_id: str, kind: str, reason: str, by: str) -> None:
        """Keep that the evidence of a room was held, or released."""
        self._add(room_id, kind, {"reason": reason, "by": by})

    def happened(self, room_id: str, kind: str, facts: Mapping[str, object], participant: str) -> None:
        """Keep something else that was done about a student, or said by one; "" where it is about the room."""
        self._add(room_id, kind, facts, participant or None)

    def _add(
        self, room_id: str, kind: str, facts: Mapping[str, object], participant: str | None = None
    ) -> Entry | None:
        at_ms = round(self._clock.now() * 1000)
        try:
            return self._ledgers.add(room_id, kind, {**facts, "at_ms": at_ms}, participant)
        except (StoreUnavailable, IntegrityError) as error:  # the latter: room or student were deleted meanwhile
            self._event_log.warn("chain-not-written", room=room_id, what=kind, by=facts.get("by"), why=_why(error))
            return None


def _why(error: StoreUnavailable | IntegrityError) -> object:
    return error.why if isinstance(error, StoreUnavailable) else error.orig
