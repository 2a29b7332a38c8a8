"""Critical incidents that nobody looks after and hands that nobody has seen: after a minute people are told outside."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from core.delivery.notices import Notice, NoticeKind
from core.rule_catalogue import RuleCatalogue
from rooms.desk.claims import Claims
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.notices import post_notice
from rooms.setup.states import RoomState
from store.alerts import AlertRow, unjudged_critical
from store.errors import StoreUnavailable

OVERDUE_S = 60.0
"""An incident or a hand that is older waits for too long: the page sounds then as well."""
STALE_S = 15 * 60.0
"""Nobody is told of one that is older: a restart must not tell the whole morning again."""
EVERY_S = 4.0


class Unanswered:
    """Watcher that puts one notice for each of them into the outbox."""

    def __init__(self, context: RoomContext, claims: Claims, rules: RuleCatalogue) -> None:
        self._context = context
        self._claims = claims
        self._rules = rules
        self._looked_at = 0.0
        self._told: set[str] = set()
        self._claimed_at: dict[str, float] = {}
        """When each incident was last seen to have somebody who looks after it."""

    def look_around(self) -> None:
        """Find what has waited for a minute; called about every two seconds."""
        now = self._context.clock.now()
        if now - self._looked_at < EVERY_S:
            return
        self._looked_at = now
        rooms = {room.id: room for room in self._context.directory.rooms() if room.state == RoomState.RUNNING}
        waiting = dict([*self._incidents(rooms, now), *self._hands(rooms, now)])
        self._told &= waiting.keys()
        for key, notice in waiting.items():
            if key not in self._told and post_notice(self._context, notice):
                self._told.add(key)

    def _incidents(self, rooms: dict[str, LiveRoom], now: float) -> Iterator[tuple[str, Notice]]:
        rows = self._critical(rooms, now)
        claimed = {one["incident"] for room in rooms.values() for one in self._claims.view(room)["claims"]}
        open_now = {row.incident_id for row in rows}
        since = {incident: at for incident, at in self._claimed_at.items() if incident in open_now}
        self._claimed_at = {**since, **dict.fromkeys(claimed & open_now, now)}
        for row in reversed(rows):  # of several in one incident the oldest, which is the last to be yielded, counts
            waits_since = max(row.raised_at.timestamp(), self._claimed_at.get(row.incident_id, 0.0))
            if now - waits_since >= OVERDUE_S:
                yield row.incident_id, self._notice_of(row)

    def _critical(self, rooms: dict[str, LiveRoom], now: float) -> list[AlertRow]:
        since = datetime.fromtimestamp(now, UTC) - timedelta(seconds=STALE_S)
        try:
            with self._context.database.read() as session:
                return unjudged_critical(session, rooms, since) if rooms else []
        except StoreUnavailable:
            return []

    def _notice_of(self, row: AlertRow) -> Notice:
        entry = self._rules.get(row.kind)
        what = entry.label if entry else row.kind
        at = self._context.clock.now()
        return Notice(kind=NoticeKind.INCIDENT_WAITS, at=at, room=row.room_id, facts={"what": what, "alert": row.id})

    def _hands(self, rooms: dict[str, LiveRoom], now: float) -> Iterator[tuple[str, Notice]]:
        for room in rooms.values():
            for student in list(room.students.values()):
                hand = student.hand
                if hand.reason is None or hand.since is None or hand.seen_by or now - hand.since < OVERDUE_S:
                    continue
                yield f"{student.id}/{hand.since}", Notice(kind=NoticeKind.HAND_WAITS, at=now, room=room.id)
