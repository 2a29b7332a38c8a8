"""A baseline from looks at five targets, and the honest reason where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.runtime.baseline import MOVED, NO_CORNERS, NO_FACE, TOO_FEW, TURNED, measure_baseline

CORNERS = {"top_left": (-8.0, 5.0), "top_right": (8.0, 5.0), "bottom_left": (-8.0, -6.0), "bottom_right": (8.0, -6.0)}


def look(yaw: float | None, pitch: float | None = 0.0, **more: Any) -> dict[str, Any]:
    return {"yaw": yaw, "pitch": pitch, "roll": 1.0, "gaze": None, "eyes_closed": 0.1, "coarse": False, **more}


def looks(*neutral: dict[str, Any], yaw: float = 0.0) -> dict[str, list[dict[str, Any]]]:
    corners = {name: [look(yaw + across, up)] for name, (across, up) in CORNERS.items()}
    return {"neutral": list(neutral), **corners}


def test_the_middle_and_how_far_the_corners_are() -> None:
    baseline, reason = measure_baseline(looks(look(20.0, 2.0), look(21.0, 3.0), look(40.0, 3.0), yaw=21.0))
    assert reason is None
    assert baseline == {
        "yaw": 21.0,
        "pitch": 3.0,
        "roll": 1.0,
        "gaze": None,
        "eyes_closed": 0.1,
        "coarse": False,
        "spread": pytest.approx(12.0, abs=0.1),  # the lower corners, 9 below and 8 beside
    }


def test_eyes_are_part_of_it() -> None:
    neutral = [look(0.0, gaze={"x": 0.1, "y": -0.3})] * 3
    corners = {name: [look(0.0, gaze={"x": 0.1 + x / 40, "y": -0.3})] for name, (x, _) in CORNERS.items()}
    baseline, _ = measure_baseline({"neutral": neutral, **corners})
    assert baseline is not None
    assert baseline["gaze"] == {"x": 0.1, "y": -0.3}
    assert baseline["spread"] == 10.0


@pytest.mark.parametrize(
    ("given_looks", "reason"),
    [
        ({}, TOO_FEW),
        (looks(look(0.0)), TOO_FEW),
        (looks(look(None), look(None), look(0.0)), NO_FACE),
        (looks(*[look(0.0, eyes_closed=0.9)] * 5), NO_FACE),
        (looks(look(-20.0), look(0.0), look(20.0), look(30.0), look(-30.0)), MOVED),
        (looks(*[look(55.0)] * 4), TURNED),
        ({"neutral": [look(0.0)] * 4}, NO_CORNERS),
        ({"neutral": [look(0.0)] * 4, "top_left": [look(5.0)], "top_right": [look(None)]}, NO_CORNERS),
    ],
)
def test_there_is_a_reason_where_there_is_none(given_looks: dict[str, Any], reason: str) -> None:
    assert measure_baseline(given_looks) == (None, reason)


def test_whoever_moves_the_eyes_little_has_a_small_spread_and_no_fault() -> None:
    baseline, _ = measure_baseline({name: [look(0.0)] * 3 for name in ("neutral", *CORNERS)})
    assert baseline is not None
    assert baseline["spread"] == 4.0


poses = st.builds(look, st.one_of(st.none(), st.floats(-90, 90)), st.floats(-90, 90), eyes_closed=st.floats(0, 1))


@given(st.dictionaries(st.sampled_from(["neutral", *CORNERS]), st.lists(poses, max_size=6)))
def test_there_is_either_a_baseline_or_a_reason(script: dict[str, Any]) -> None:
    baseline, reason = measure_baseline(script)
    assert (baseline is None) != (reason is None)
    if baseline is not None:
        assert abs(baseline["yaw"]) <= 40
        assert baseline["spread"] >= 4
