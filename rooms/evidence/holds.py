"""Holding the evidence of a room, as for an appeal: its age does not delete it until the hold is released."""

import uuid
from datetime import UTC, datetime

from core.errors import UserError
from rooms.evidence.journal import HOLD, RELEASE, Journal
from rooms.live.context import RoomContext
from store.evidence import HoldRow, hold_of
from store.rooms import Room

MOST_REASON = 500
"""Characters."""


class Holds:
    """Takes and releases holds; the chain and the log keep who did it and why."""

    def __init__(self, context: RoomContext, journal: Journal) -> None:
        self._database = context.database
        self._event_log = context.event_log
        self._clock = context.clock
        self._journal = journal

    def hold(self, room_id: str, reason: str, by: str) -> None:
        """Hold a room; UserError without a reason, or where it is held already."""
        reason = " ".join(reason.split())[:MOST_REASON]
        if not reason:
            raise UserError("reason_empty", "Please write why this must be kept for longer.")
        with self._database.session() as session:
            room = session.get_one(Room, room_id, with_for_update=True)
            if hold_of(session, room_id) is not None:
                raise UserError("held_already", "The evidence of this exam is held already.")
            row = HoldRow(id=uuid.uuid4().hex, room_id=room_id, reason=reason, held_by=by, held_at=self._now())
            session.add(row)
        self._journal.held(room_id, HOLD, reason, by)
        self._event_log.note("evidence-held", room=room.code, by=by, reason=reason)

    def release(self, room_id: str, by: str) -> None:
        """Release a hold; nothing happens where there is none."""
        with self._database.session() as session:
            room, row = session.get_one(Room, room_id), hold_of(session, room_id)
            if row is None:
                return
            row.released_by, row.released_at = by, self._now()
        self._journal.held(room_id, RELEASE, row.reason, by)
        self._event_log.note("evidence-released", room=room.code, by=by)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)
