"""The part of a room's form about phones, sound and place: what a teacher typed, and what of it is wrong."""

import re
from collections.abc import Callable
from typing import Any, Protocol

from core.errors import UserError
from core.types import Role
from rooms.protocol.text_cleaning import clean_line, has_word
from rooms.setup.geofence import CIRCLE, POLYGON, circle, polygon
from rooms.setup.room_settings import MOST_PHRASES, USUAL_PHRASES

REQUIRED, ALLOWED = "required", "allowed"
MAX_PHRASE = 60  # characters
DIGITS = re.compile(r"\d")


class Values(Protocol):
    """What browsers send."""

    def get(self, key: str, default: str, /) -> str: ...


Attempt = Callable[[str, Callable[[], Any]], Any]
"""`RoomForm.attempt`: what the work returns, or None after its UserError was noted at the field."""


def read_sensors(values: Values, attempt: Attempt) -> dict[str, Any]:
    """Return these fields of RoomSettings; what is wrong is noted, and its field left at its default."""
    with_phones = bool(values.get("with_phones", ""))
    # what needs phones or sound is off without them, whatever the hidden fields still say
    wishes = {role: values.get(f"phone.{role}", "") if with_phones else "" for role in Role}
    sound = bool(values.get("sound", ""))
    return {
        "phones": tuple(role for role, wish in wishes.items() if wish == REQUIRED),
        "phones_allowed": tuple(role for role, wish in wishes.items() if wish == ALLOWED),
        "sound": sound,
        **{name: sound and bool(values.get(name, "")) for name in ("transcribe", "listening", "keep_sound")},
        "phrases": attempt("phrases", lambda: _phrases(values)) or USUAL_PHRASES,
        "place": attempt("place", lambda: _place(values)),
    }


def place_fields(place: Any) -> dict[str, str]:
    """Return what the fields of a place show for one that is kept, or for none."""
    fields = {"place": "none", "place_latitude": "", "place_longitude": "", "place_radius": "200", "place_points": ""}
    if not place:
        return fields
    fields["place"] = place["kind"]
    if place["kind"] == CIRCLE:
        shown = {f"place_{name}": f"{place[name]:g}" for name in ("radius",)}
        shown |= {f"place_{name}": f"{place[name]:.6f}" for name in ("latitude", "longitude")}
        return fields | shown
    return fields | {"place_points": "\n".join(f"{point[0]:.6f}, {point[1]:.6f}" for point in place["points"])}


def _phrases(values: Values) -> tuple[str, ...]:
    lines = [line for raw in values.get("phrases", "").splitlines() if has_word(line := clean_line(raw))]
    kept = tuple(dict.fromkeys(lines))
    if len(kept) > MOST_PHRASES or any(len(line) > MAX_PHRASE for line in kept):
        raise UserError(
            "lines_too_long",
            "At most %(lines)d lines of %(characters)d characters each.",
            lines=MOST_PHRASES,
            characters=MAX_PHRASE,
        )
    return kept


def _place(values: Values) -> dict[str, Any] | None:
    kind = values.get("place", "none")
    if kind == CIRCLE:
        numbers = [_degrees(values.get(f"place_{name}", "")) for name in ("latitude", "longitude", "radius")]
        return circle(*numbers)
    if kind == POLYGON:
        lines = [line for line in values.get("place_points", "").splitlines() if DIGITS.search(line)]
        return polygon([_corner(line) for line in lines])
    return None


def _corner(line: str) -> tuple[float, float]:
    parts = [part for part in re.split(r"[;,\s]+", line.strip()) if part]
    if len(parts) != 2:
        raise UserError("bad_place", "Each line holds a latitude and a longitude, such as 48.8566, 2.3522.")
    return _degrees(parts[0]), _degrees(parts[1])


def _degrees(raw: str) -> float:
    try:
        return float(raw.strip().replace(",", "."))
    except ValueError:
        raise UserError("bad_place", "Please give the place in numbers, such as 48.8566 and 2.3522.") from None
