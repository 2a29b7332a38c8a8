"""Where the exam is taken: around a point or within corners, or anywhere.

The value is None where nobody is asked, else, in degrees and metres, {"kind": "circle", "latitude", "longitude",
"radius"} or {"kind": "polygon", "points": [[latitude, longitude]...]}.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.errors import UserError
from core.text_keys import N_
from rooms.setup.geofence import CIRCLE, POLYGON, circle, polygon
from rooms.setup.room_settings.base import FormContext, Sent, Setting
from rooms.setup.room_settings.controls import Choice, Control, Kind, Section

DIGITS = re.compile(r"\d")
NOWHERE = "none"
NUMBER = MappingProxyType({"inputmode": "decimal"})
NOTHING_TYPED = MappingProxyType(
    {"place": NOWHERE, "place_latitude": "", "place_longitude": "", "place_radius": "200", "place_points": ""}
)


class Place(Setting[Mapping[str, Any] | None]):
    """An area as rooms/setup/geofence.py makes it."""

    def read(self, sent: Sent) -> Mapping[str, Any] | None:
        """Return the area; UserError `bad_place`."""
        kind = sent.values.get("place", NOWHERE)
        if kind == CIRCLE:
            names = ("latitude", "longitude", "radius")
            return circle(*(_degrees(sent.values.get(f"place_{name}", "")) for name in names))
        if kind == POLYGON:
            lines = [line for line in sent.values.get("place_points", "").splitlines() if DIGITS.search(line)]
            return polygon([_corner(line) for line in lines])
        return None

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return the kind of area and its numbers."""
        place = values[self.name]
        if not place:
            return dict(NOTHING_TYPED)
        fields = {**NOTHING_TYPED, "place": place["kind"]}
        if place["kind"] == CIRCLE:
            degrees = {f"place_{name}": f"{place[name]:.6f}" for name in ("latitude", "longitude")}
            return {**fields, **degrees, "place_radius": f"{place['radius']:g}"}
        return {**fields, "place_points": "\n".join(f"{point[0]:.6f}, {point[1]:.6f}" for point in place["points"])}


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


def _number(name: str, label: str) -> Control:
    return Control(name=name, kind=Kind.TEXT, section=Section.PLACE, label=label, attributes=NUMBER)


SETTING = Place(
    default=None,
    is_agreed=True,
    template="rooms/settings/place.html",
    controls=(
        Control(
            name="place",
            kind=Kind.RADIOS,
            section=Section.PLACE,
            label=N_("Where students take this exam"),
            help=N_(
                "Students are asked before their device tells where it is; a place that is not known never counts"
                " against them."
            ),
            choices=(
                Choice(value=NOWHERE, label=N_("Anywhere"), help=N_("nobody is asked")),
                Choice(value=CIRCLE, label=N_("Around a point"), help=N_("for one building")),
                Choice(value=POLYGON, label=N_("Within corners"), help=N_("for a campus")),
            ),
        ),
        _number("place_latitude", N_("Latitude")),
        _number("place_longitude", N_("Longitude")),
        _number("place_radius", N_("Radius in metres")),
        Control(
            name="place_points",
            kind=Kind.LINES,
            section=Section.PLACE,
            label=N_("Corners in order, one per line: latitude, longitude"),
            attributes=MappingProxyType({"rows": 5, "placeholder": "48.8566, 2.3522"}),
        ),
    ),
)
