"""What happened in a room is put into the outbox, for people who do not look at the page: one short insert."""

from datetime import UTC, datetime

from core.delivery.notices import NOTICE_JOB, Notice
from rooms.live.context import RoomContext
from store.delivery.outbox import enqueue
from store.errors import StoreUnavailable

PATIENCE_S = 0.25
"""Others wait for housekeeping: a database that is busy is asked again later."""


def post_notice(context: RoomContext, notice: Notice) -> bool:
    """Have people told of a notice by the process of jobs; False where the database takes nothing now."""
    now = datetime.fromtimestamp(context.clock.now(), UTC)
    try:
        with context.database.session(PATIENCE_S) as session:
            enqueue(session, NOTICE_JOB, notice.payload(), now)
    except StoreUnavailable:
        return False
    context.event_log.note("notice", kind=notice.kind, room=notice.room)
    return True
