"""The exam page's codes: far enough apart, and read in real pictures as small and soft as phones send them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import cv2
import numpy as np
import pytest

from detection.detectors.markers import MarkerDetector
from detection.frames.decode import decode
from detection.measures.markers import CODES, LEAST_DISTANCE, SIDE, WHOLE, cells, distance, inner_cells, turned
from detection.models.shelf import ModelShelf
from evaluation.subjects.markers import put, seen
from tests.detection import pictures
from tests.detection.pictures import Pixels


@pytest.fixture(scope="module")
def detector() -> MarkerDetector:
    made = MarkerDetector(ModelShelf(Path()))
    made.load()
    return made


def test_any_two_codes_differ_however_they_are_turned() -> None:
    turns = []
    for number in range(len(CODES)):
        code = inner_cells(number)
        turns.append([code])
        for _ in range(3):
            turns[-1].append(turned(turns[-1][-1]))
    least = min(
        distance(turns[one][0], turns[other][turn])
        for one, other, turn in product(range(len(CODES)), range(len(CODES)), range(4))
        if one != other or turn
    )
    assert least >= LEAST_DISTANCE
    assert len(CODES) == 64


def test_a_code_is_drawn_with_its_dark_frame() -> None:
    code = cells(5)
    assert len(code) == WHOLE and {len(row) for row in code} == {WHOLE}
    assert all(row[0] == row[-1] == 1 for row in code) and {*code[0], *code[-1]} == {1}
    assert tuple(row[1:-1] for row in code[1:-1]) == inner_cells(5)
    assert {square for row in code for square in row} == {0, 1} and SIDE == 5


@pytest.mark.parametrize("number", [-1, 64])
def test_there_are_no_other_codes(number: int) -> None:
    with pytest.raises(IndexError):
        inner_cells(number)


def scenes() -> list[Pixels]:
    return [np.asarray(cv2.resize(one, (640, 480)), np.uint8) for one in (pictures.no_face(), pictures.one_face())]


@pytest.mark.parametrize("blur", [0.0, 0.7, 1.2])
@pytest.mark.parametrize("angle", [0.0, 40.0])
def test_thirty_two_pixels_are_enough(detector: MarkerDetector, angle: float, blur: float) -> None:
    rng = np.random.default_rng(5)
    for number, background in zip(range(0, 64, 8), scenes() * 4, strict=True):
        for quality in (50, 70):
            at = int(rng.integers(60, 580)), int(rng.integers(60, 420))
            rgb = put(background, number, 32, angle, float(rng.uniform(-180, 180)), at)
            values = detector.look(decode(seen(rgb, blur, quality, rng)), {}, {})
            assert values["ids"] == [number]
            ((x, y, width, height),) = values["boxes"]
            assert x <= at[0] <= x + width and y <= at[1] <= y + height
            assert 18 <= width <= 50 and 24 <= height <= 50


@pytest.mark.slow
def test_every_code_is_read(detector: MarkerDetector) -> None:
    rng = np.random.default_rng(6)
    for number in range(len(CODES)):
        rgb = put(scenes()[0], number, 28, 20.0, 5.0, (300, 200))
        assert detector.look(decode(seen(rgb, 0.7, 60, rng)), {}, {})["ids"] == [number]


def test_where_there_is_none_none_is_read(detector: MarkerDetector) -> None:
    rng = np.random.default_rng(7)
    for background in scenes():
        for blur in (0.0, 1.0):
            assert detector.look(decode(seen(background, blur, 60, rng)), {}, {}) == {"ids": [], "boxes": []}
    squares = np.kron(np.indices((12, 16)).sum(axis=0) % 2, np.ones((40, 40)))  # a chessboard
    board = np.repeat((squares * 200 + 25).astype(np.uint8)[..., None], 3, axis=2)
    assert detector.look(decode(seen(board, 0.0, 70, rng)), {}, {})["ids"] == []
