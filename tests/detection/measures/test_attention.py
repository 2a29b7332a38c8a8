"""Attention: what one look costs, how looks are smoothed, and when a label changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import ObservationKind
from detection.measures.attention import Attention, Facts, State, label_of, look_score
from detection.measures.line_of_sight import Usual
from tests.detection.courtroom import START, STUDENT, Courtroom, faces, objects, observe, picture, pose

FACES, PICTURE, LANDMARKS, OBJECTS = (
    ObservationKind.FACES,
    ObservationKind.PICTURE,
    ObservationKind.LANDMARKS,
    ObservationKind.OBJECTS,
)
ONE_FACE: dict[str, Any] = {"count": 1}
PHONE: dict[str, Any] = {"objects": [{"label": "cell phone", "box": [0, 0, 9, 9], "score": 0.9}]}

BADGE: dict[str, Any] = {"objects": [{"label": "cell phone", "box": [0, 0, 9, 9], "score": 0.15}]}


def at_once(**face: object) -> float | None:
    return once({FACES: ONE_FACE, LANDMARKS: {"yaw": 0.0, "pitch": 0.0, **face}})


def once(facts: Facts, baseline: dict[str, object] | None = None, gaze: bool = True) -> float | None:
    usual = Usual()
    usual.baseline = baseline
    return look_score(facts, usual, gaze)


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        ({}, 100),
        ({"yaw": 20.0}, 100),  # half of the limit
        ({"yaw": 40.0}, 65),  # the limit
        ({"yaw": -40.0}, 65),
        ({"yaw": 60.0}, 30),
        ({"yaw": 90.0}, 30),
        ({"pitch": 30.0}, 65),
        ({"pitch": -40.0}, 65),
        ({"pitch": -80.0}, 65),  # paper
        ({"eyes_closed": 0.6}, 100),
        ({"eyes_closed": 0.7}, 80),
        ({"eyes_closed": 1.0}, 60),
        ({"yaw": 60.0, "eyes_closed": 1.0}, 0),  # never below
        ({"yaw": None, "pitch": None}, 100),
    ],
)
def test_one_look(face: dict[str, object], expected: float) -> None:
    assert at_once(**face) == pytest.approx(expected)


def test_what_is_seen_beside_the_pose() -> None:
    assert once({FACES: {"count": 0}}) is None
    assert once({FACES: {"count": 0}, OBJECTS: PHONE}) is None
    assert once({FACES: ONE_FACE, OBJECTS: PHONE}) == 40
    assert once({FACES: ONE_FACE, OBJECTS: BADGE}) == 100
    assert once({FACES: ONE_FACE, PICTURE: {"state": "dark"}}) is None
    assert once({PICTURE: {"state": "ok"}}) is None
    assert once({}) is None


def test_a_student_without_gaze_is_measured_by_face_and_phone_alone() -> None:
    facts: dict[ObservationKind, dict[str, Any]] = {
        FACES: ONE_FACE,
        LANDMARKS: {"yaw": 80.0, "pitch": 0.0, "eyes_closed": 1.0},
    }
    assert once(facts, gaze=False) == 100
    assert once({**facts, OBJECTS: PHONE}, gaze=False) == 40


def test_a_baseline_moves_the_middle() -> None:
    facts = {FACES: ONE_FACE, LANDMARKS: {"yaw": 40.0, "pitch": 0.0}}
    assert once(facts, {"yaw": 40.0, "pitch": 0.0, "spread": 10.0, "gaze": None}) == 100


angle = st.one_of(st.none(), st.floats(-90, 90))


@given(angle, angle, st.one_of(st.none(), st.floats(0, 1)), st.booleans(), st.integers(0, 3), st.booleans())
def test_a_look_is_between_nothing_and_all(
    yaw: float | None, pitch: float | None, closed: float | None, phone: bool, count: int, gaze: bool
) -> None:
    facts: dict[ObservationKind, dict[str, Any]] = {
        FACES: {"count": count},
        LANDMARKS: {"yaw": yaw, "pitch": pitch, "eyes_closed": closed, "gaze": {"x": 0.1, "y": -0.1}},
        OBJECTS: PHONE if phone else {"objects": []},
    }
    score = once(facts, gaze=gaze)
    assert (score is None) == (count == 0)
    assert score is None or 0 <= score <= 100


# ------------------------------------------------------------------------------------------- over time


def watch(script: str, attention: Attention | None = None) -> Attention:
    """Give a look a second: f focused, a away, n no face, d dark."""
    attention = attention or Attention()
    for second, mark in enumerate(script):
        attention.feed(faces(0 if mark == "n" else 1, second))
        attention.feed(picture("dark" if mark == "d" else "ok", second))
        attention.feed(pose(second, 90 if mark == "a" else 0))
    return attention


def state(script: str) -> State | None:
    return watch(script).state_of(STUDENT)


def test_nothing_is_known_before_the_first_look() -> None:
    assert Attention().score_of(STUDENT) is None
    assert state("dddd") is None


def test_the_first_look_stands_for_itself() -> None:
    assert state("f") == (100, "focused", START)
    assert state("a") == (30, "away", START)
    assert watch("f").score_of(STUDENT) == 100


@pytest.mark.parametrize("script", ["n", "nnnn", "f" * 10 + "n", "f" * 10 + "n" * 4, "a" * 9 + "n", "fnd", "fnddd"])
def test_an_empty_chair_has_no_score_at_all(script: str) -> None:
    assert state(script) is None
    assert watch(script).score_of(STUDENT) is None


def test_who_comes_back_is_measured_from_the_first_look_on() -> None:
    back = state("f" * 10 + "n" * 30 + "a")
    assert back is not None and back[1:] == ("away", START + 40)
    assert back[0] == pytest.approx(30, abs=0.2)
    assert state("n" * 5 + "f") == (100, "focused", START + 5)


def test_looks_are_smoothed() -> None:
    score = watch("f" * 10 + "a").score_of(STUDENT)
    assert score == pytest.approx(30 + 70 * 0.8187, abs=0.01)  # exp(-1/5)
    assert watch("f" * 10 + "a" * 15).score_of(STUDENT) == pytest.approx(30 + 70 * 0.0498, abs=0.01)  # exp(-3)


@pytest.mark.parametrize(
    ("script", "label"),
    [
        ("f" * 10, "focused"),
        ("f" * 10 + "a", "focused"),
        ("f" * 10 + "a" * 4, "distracted"),
        ("f" * 10 + "a" * 30, "away"),  # 30: just below the limit of away
        ("n" * 10 + "f" * 20, "focused"),
        ("f" * 10 + "d" * 30, "focused"),  # what cannot be seen changes nothing
    ],
)
def test_labels(script: str, label: str) -> None:
    known = state(script)
    assert known is not None
    assert known.label == label


def test_labels_do_not_flicker_at_their_limits() -> None:
    assert [label_of(score, "focused") for score in (71, 67, 65)] == ["focused", "focused", "distracted"]
    assert [label_of(score, "distracted") for score in (71, 75, 33, 30)] == [
        "distracted",
        "focused",
        "distracted",
        "away",
    ]
    assert [label_of(score, "away") for score in (30, 37, 40)] == ["away", "away", "distracted"]


def test_a_phone_counts_until_the_next_look_for_objects() -> None:
    attention = Attention()
    attention.feed(faces(1, 0))
    attention.feed(objects(0, "cell phone"))
    attention.feed(faces(1, 1))
    assert attention.score_of(STUDENT) == pytest.approx(40)
    attention.feed(faces(1, 100))
    assert attention.score_of(STUDENT) == pytest.approx(100)


def test_a_forgotten_student_is_new() -> None:
    attention = watch("a")
    attention.know(STUDENT, None, gaze=False)
    attention.forget(STUDENT)
    attention.forget(STUDENT)
    assert attention.score_of(STUDENT) is None


def test_facts_that_are_no_looks_are_passed_over() -> None:
    attention = Attention()
    attention.feed(observe(ObservationKind.PAGE, 0, visible=False))
    assert attention.state_of(STUDENT) is None
    assert Courtroom().feed(faces(1, 0)) == []


@given(st.text("fand", max_size=60))
def test_scores_stay_within_their_bounds(script: str) -> None:
    known = state(script)
    assert known is None or (0 <= known.score <= 100 and known.label in ("focused", "distracted", "away"))
