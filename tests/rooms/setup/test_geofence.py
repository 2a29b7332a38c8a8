"""Inside, outside, or not known: a browser's fix against a teacher's area."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from rooms.setup.geofence import circle, judge, polygon

PARIS = (48.8566, 2.3522)
CAMPUS = ((48.85, 2.34), (48.85, 2.36), (48.86, 2.36), (48.86, 2.34))
A_DEGREE = 111_195.0


def north(metres: float) -> tuple[float, float]:
    """A place so many metres north of Paris."""
    return PARIS[0] + metres / A_DEGREE, PARIS[1]


@pytest.mark.parametrize(
    ("metres", "accuracy", "state"),
    [(0, 10, "inside"), (190, 10, "inside"), (190, 400, "inside"), (260, 100, "unknown"), (260, 30, "outside")],
)
def test_a_fix_counts_as_outside_only_with_its_whole_circle(metres: float, accuracy: float, state: str) -> None:
    assert judge(circle(*PARIS, 200.0), *north(metres), accuracy)["state"] == state


def test_how_far_outside_is_told_in_metres() -> None:
    assert judge(circle(*PARIS, 200.0), *north(1_200), 15.0) == {"state": "outside", "distance": 1000, "accuracy": 15}


def test_a_very_rough_fix_says_nothing_even_from_the_other_end_of_the_world() -> None:
    assert judge(circle(*PARIS, 200.0), -33.9, 151.2, 20_000.0)["state"] == "unknown"


def test_distances_to_corners_and_edges_of_a_polygon() -> None:
    campus = polygon(CAMPUS)
    assert judge(campus, 48.855, 2.35, 20.0)["state"] == "inside"
    outside = judge(campus, 48.87, 2.35, 20.0)
    assert outside["state"] == "outside"
    assert math.isclose(outside["distance"], 0.01 * A_DEGREE, rel_tol=0.01)
    assert judge(campus, 48.8601, 2.35, 30.0)["state"] == "unknown"


def test_an_area_at_the_date_line_is_one_area() -> None:
    fiji = circle(-17.0, 179.999, 500.0)
    assert judge(fiji, -17.0, -179.999, 20.0)["state"] == "inside"


@given(latitude=st.floats(-60, 60), longitude=st.floats(-180, 180), accuracy=st.floats(0, 1e9), far=st.floats(-30, 30))
def test_whatever_a_browser_says_there_is_an_answer(
    latitude: float, longitude: float, accuracy: float, far: float
) -> None:
    area = circle(latitude, longitude, 300.0)
    assert judge(area, latitude + far, longitude, accuracy)["state"] in {"inside", "outside", "unknown"}


@pytest.mark.parametrize(
    "points",
    [
        CAMPUS[:2],
        CAMPUS * 20,
        ((48.85, 2.34), (48.86, 2.36), (48.85, 2.36), (48.86, 2.34)),  # an hourglass
        ((0.0, 0.0), (0.0, 40.0), (40.0, 40.0)),
        ((48.85, 2.34),) * 3,
        ((91.0, 2.34), *CAMPUS),
        ((math.nan, 2.34), *CAMPUS),
    ],
)
def test_corners_that_make_no_area_are_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(UserError) as caught:
        polygon(points)
    assert caught.value.code == "bad_place"


@pytest.mark.parametrize("numbers", [(91.0, 0.0, 100.0), (0.0, 181.0, 100.0), (0.0, 0.0, 5.0), (0.0, 0.0, math.nan)])
def test_a_circle_that_makes_no_sense_is_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(UserError):
        circle(*numbers)
