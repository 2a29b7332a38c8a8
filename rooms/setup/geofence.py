"""Whether a device is where the exam is taken: a fix of a browser against a circle or a polygon that a teacher set."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from shapely import Point, Polygon
from shapely.errors import GEOSException

from core.errors import UserError

CIRCLE, POLYGON = "circle", "polygon"
METRES_A_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km; a third of a percent off at worst
LEAST_RADIUS, MOST_RADIUS = 20.0, 100_000.0  # metres; below, no fix of a phone says anything
LEAST_POINTS, MOST_POINTS = 3, 50
MOST_SPREAD = 2.0  # degrees; a school is smaller, and the flat map below is good to a few metres within it
MOST_ACCURACY = 5_000.0  # metres; a fix that is worse comes from a network address and says nothing

Values = dict[str, Any]


def circle(latitude: float, longitude: float, radius: float) -> Values:
    """Return an area around a point; UserError `bad_place` for numbers that make none."""
    _check(latitude, longitude)
    if not LEAST_RADIUS <= radius <= MOST_RADIUS:
        raise UserError(
            "bad_place",
            "The radius must be from %(least)d to %(most)d metres.",
            least=int(LEAST_RADIUS),
            most=int(MOST_RADIUS),
        )
    return {"kind": CIRCLE, "latitude": latitude, "longitude": longitude, "radius": radius}


def polygon(points: Sequence[tuple[float, float]]) -> Values:
    """Return an area within corners (latitude, longitude) in order; UserError `bad_place` where they make none."""
    for point in points:
        _check(*point)
    if not LEAST_POINTS <= len(points) <= MOST_POINTS:
        raise UserError(
            "bad_place", "An area needs from %(least)d to %(most)d corners.", least=LEAST_POINTS, most=MOST_POINTS
        )
    spreads = [max(values) - min(values) for values in zip(*points, strict=True)]
    if max(spreads) > MOST_SPREAD or not _is_area(points):
        raise UserError("bad_place", "These corners make no area: please give them in order, around a place.")
    return {"kind": POLYGON, "points": [list(point) for point in points]}


def judge(area: Mapping[str, Any], latitude: float, longitude: float, accuracy: float) -> Values:
    """Return the values of a PLACE observation; `accuracy` is the radius in metres that the device vouches for.

    `outside` only where the whole circle of the fix lies outside; a fix at the border or a very rough one is `unknown`.
    """
    distance = _distance(area, latitude, longitude)
    if accuracy > MOST_ACCURACY or 0.0 < distance <= accuracy:
        return {"state": "unknown", "distance": None, "accuracy": round(accuracy)}
    if distance == 0.0:
        return {"state": "inside", "distance": None, "accuracy": round(accuracy)}
    return {"state": "outside", "distance": round(distance), "accuracy": round(accuracy)}


def _distance(area: Mapping[str, Any], latitude: float, longitude: float) -> float:
    """Return the metres from a point to an area, 0 within it."""
    here = Point(0.0, 0.0)
    if area["kind"] == CIRCLE:
        centre = Point(_flat(area["latitude"], area["longitude"], latitude, longitude))
        return max(0.0, here.distance(centre) - float(area["radius"]))
    return float(here.distance(Polygon([_flat(north, east, latitude, longitude) for north, east in area["points"]])))


def _flat(latitude: float, longitude: float, origin_latitude: float, origin_longitude: float) -> tuple[float, float]:
    """Return metres east and north of an origin on a flat map, the shorter way around the date line."""
    east = (longitude - origin_longitude + 180.0) % 360.0 - 180.0
    across = METRES_A_DEGREE * math.cos(math.radians((latitude + origin_latitude) / 2))
    return east * across, (latitude - origin_latitude) * METRES_A_DEGREE


def _is_area(points: Sequence[tuple[float, float]]) -> bool:
    try:
        shape = Polygon([_flat(*point, *points[0]) for point in points])
        return bool(shape.is_valid and shape.area > LEAST_RADIUS**2)
    except (GEOSException, ValueError):
        return False


def _check(latitude: float, longitude: float) -> None:
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0):
        raise UserError("bad_place", "A place is a latitude from -90 to 90 and a longitude from -180 to 180 degrees.")
