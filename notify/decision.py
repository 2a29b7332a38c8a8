"""When a person is told of something: at once, later, or never. Pure: reads its arguments and nothing else."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from notify.kinds import KindOfNotice

ROOM_PAUSE_S = 15.0
"""Between two messages about the same room, whatever they are about."""
PERSON_PAUSE_S = 5.0
"""Between two messages to the same person: what comes together is told together."""
LONGEST_DIGEST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which a person is told nothing, in minutes of their day; they may pass midnight."""

    begins: int
    ends: int
    zone: tzinfo = UTC

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies in them."""
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends

    def over_at(self, at: datetime) -> datetime:
        """Return the first moment from `at` on that does not lie in them."""
        if not self.holds(at):
            return at
        return next(end for end in self._ends_from(at) if end > at and not self.holds(end))

    def _ends_from(self, at: datetime) -> Iterator[datetime]:
        day = at.astimezone(self.zone).date()
        wall = time(self.ends // 60, self.ends % 60)
        # an hour that clocks skip or repeat in spring and autumn moves the end; a few minutes later it is over as well
        for days in (0, 1, 2):
            end = datetime.combine(day + timedelta(days=days), wall, self.zone).astimezone(UTC)
            yield from (end + timedelta(minutes=minutes) for minutes in range(0, 181, 15))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wishes: the ways by kind, and when."""

    ways: Mapping[str, frozenset[str]] = field(default_factory=dict)
    digest_minutes: int = 0
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A message that the person was sent: about what, and when."""

    kind: str
    room: str | None
    at: datetime


def first_moment(
    kind: KindOfNotice, room: str | None, happened: datetime, wishes: Wishes, told: Collection[Told], now: datetime
) -> datetime | None:
    """Return when a person is told of something new; None for never: not wished, or too late by then."""
    due = now
    if wishes.digest_minutes and not kind.is_urgent:
        due = _next_digest(now, wishes.digest_minutes)
    return next_moment(kind, room, happened, wishes, told, due)


def next_moment(
    kind: KindOfNotice, room: str | None, happened: datetime, wishes: Wishes, told: Collection[Told], now: datetime
) -> datetime | None:
    """Return the first moment from `now` on at which the person may be told; None as `first_moment`."""
    if not wishes.ways.get(kind.name):
        return None
    due = max([now, *(one.at + timedelta(seconds=_pause(kind, room, one)) for one in told)])
    if wishes.quiet is not None:
        due = wishes.quiet.over_at(due)
    return due if due - happened <= timedelta(seconds=kind.lifetime_s) else None


def _pause(kind: KindOfNotice, room: str | None, told: Told) -> float:
    """Return for how long after a message another about this kind and room has to wait."""
    if told.room != room:
        return PERSON_PAUSE_S
    return max(ROOM_PAUSE_S, kind.pause_s) if told.kind == kind.name else ROOM_PAUSE_S


def _next_digest(now: datetime, minutes: int) -> datetime:
    """Return the next full stretch of so many minutes, counted from midnight in UTC."""
    stretch = timedelta(minutes=minutes)
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + stretch * -((midnight - now) // stretch)
