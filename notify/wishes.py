"""A person's wishes between the database, the form and the decision."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notify.decision import Quiet, Told, Wishes
from store.delivery.notices import NoticeRow, NotificationRules


def wishes_of(row: NotificationRules | None) -> Wishes:
    """Return what a person's row says; without one they wish to be told nothing."""
    if row is None:
        return Wishes()
    ways = {kind: frozenset(names) for kind, names in row.ways.items()}
    return Wishes(ways, row.digest_minutes, _quiet(row))


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def told_of(rows: Sequence[NoticeRow]) -> list[Told]:
    """Return the messages that a person was sent."""
    return [Told(row.kind, row.room_id, row.sent_at) for row in rows if row.sent_at is not None]


def _quiet(row: NotificationRules) -> Quiet | None:
    if row.quiet_from is None or row.quiet_until is None:
        return None
    return Quiet(row.quiet_from, row.quiet_until, zone_of(row.zone))
