"""Which of somebody's past rooms are looked for: by words of the title and by the day of the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.names import sort_key
from store.rooms import Room


@dataclass(frozen=True)
class Wish:
    """What is looked for; "" and None stand for any."""

    title: str = ""
    first: date | None = None
    last: date | None = None
    """Both days belong to it; in UTC."""

    @property
    def is_any(self) -> bool:
        """Say whether everything fits."""
        return self == Wish()


def wish_of(title: str, first: str, last: str) -> Wish:
    """Return what the fields of a form ask for; what is no day is taken for any."""
    return Wish(title.strip()[:120], _day(first), _day(last))


def fitting(rooms: Iterable[Room], wish: Wish) -> list[Room]:
    """List the rooms that have ended and fit, the last to end first."""
    ended = [room for room in rooms if room.ended_at is not None and _fits(room, wish)]
    return sorted(ended, key=lambda room: (room.ended_at, room.id), reverse=True)


def _fits(room: Room, wish: Wish) -> bool:
    day = room.ended_at.date() if room.ended_at else None
    if day is None or (wish.first and day < wish.first) or (wish.last and day > wish.last):
        return False
    title = sort_key(room.title)
    return all(word in title for word in sort_key(wish.title).split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
