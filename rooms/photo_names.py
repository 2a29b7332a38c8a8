"""Whom a photo is for: names that differ only in case, accents, order or signs between the words are one name."""

import re
import unicodedata

from rooms.directory import LiveRoom, Seat
from rooms.states import GONE

WORDS = re.compile(r"[^\W_]+")
MOST_KEY = 255  # characters, as the table holds


def name_key(name: str) -> str:
    """Return what a photo for everybody of this name is kept under; "" for a name without a word."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(sorted(WORDS.findall(bare)))[:MOST_KEY]


def seat_key(seat_id: str) -> str:
    """Return what a photo for one seat alone is kept under; no name has such a key."""
    return f"#{seat_id}"


def keys_of(seat: Seat) -> tuple[str, str]:
    """Return the keys of photos that are for this student, the surer one first."""
    return seat_key(seat.id), name_key(seat.name)


def present_seats(room: LiveRoom, key: str) -> list[Seat]:
    """List the students of the room, not those who left it, whom a photo under this key is for."""
    return [seat for seat in list(room.seats.values()) if key in keys_of(seat) and seat.state not in GONE]
