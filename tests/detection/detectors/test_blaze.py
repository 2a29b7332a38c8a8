"""What is done around the BlazeFace models: anchors, overlap, blending; and faces in a part of a picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import openvino
import pytest

from detection.detectors.blaze import BlazeFace, anchors, blend, shares
from detection.detectors.face import FULL_GRIDS, FULL_RANGE, SHORT_GRIDS
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from tests.detection import pictures


def test_anchors_are_the_middles_of_cells_row_by_row() -> None:
    assert anchors([(2, 1)]).tolist() == [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
    assert anchors([(1, 3)]).tolist() == [[0.5, 0.5]] * 3
    assert (len(anchors(FULL_GRIDS)), len(anchors(SHORT_GRIDS))) == (2304, 896)


def box(left: float, top: float, right: float, bottom: float) -> list[list[float]]:
    return [[left, top], [right, bottom]]


def test_overlap_is_the_shared_part_of_both() -> None:
    others = np.array([box(0, 0, 2, 2), box(1, 0, 3, 2), box(2, 2, 4, 4), box(1, 1, 1, 1)], np.float32)
    assert shares(others[0], others) == pytest.approx([1, 1 / 3, 0, 0])


def test_boxes_of_one_face_are_blended_by_their_scores() -> None:
    places = np.array([box(0, 0, 10, 10), box(50, 0, 60, 10), box(1, 0, 11, 10)], np.float32)
    (sure, first), (less, second) = blend(np.array([0.9, 0.8, 0.3], np.float32), places, 0.3)
    assert (sure, less) == pytest.approx((0.9, 0.8))
    assert first[0] == pytest.approx([0.25, 0]) and second.tolist() == box(50, 0, 60, 10)
    assert list(blend(np.zeros(0, np.float32), np.zeros((0, 2, 2), np.float32), 0.3)) == []


@pytest.fixture(scope="module")
def blaze(face_models: ModelShelf) -> Iterator[BlazeFace]:
    path = face_models.locate(FULL_RANGE)
    assert path is not None
    yield BlazeFace(openvino, path, FULL_GRIDS, 0.5, 0.3)


def test_places_are_in_pixels_of_the_whole_picture_wherever_the_part_lies(blaze: BlazeFace) -> None:
    picture = decode(pictures.jpeg(pictures.two_faces(), 640))
    both = blaze.look(picture.bgr, (0, 0, picture.width, picture.height))
    (left,) = blaze.look(picture.bgr, (0, 0, 320, picture.height))
    (right,) = blaze.look(picture.bgr, (320, 0, 320, picture.height))
    assert len(both) == 2
    for alone in (left, right):
        near = min(both, key=lambda face: abs(face.box[0] - alone.box[0]))
        assert alone.box == pytest.approx(near.box, abs=8)
        eyes = [x for x, _ in alone.points[:2]]
        assert alone.box[0] < min(eyes) < max(eyes) < alone.box[0] + alone.box[2]


def test_an_earlier_picture_leaves_no_trace(blaze: BlazeFace) -> None:
    wide = decode(pictures.jpeg(pictures.two_faces(), 640))
    first = blaze.look(wide.bgr, (0, 0, wide.width, wide.height))
    tall = decode(pictures.jpeg(pictures.one_face()[:, 150:300], 100))
    blaze.look(tall.bgr, (0, 0, tall.width, tall.height))
    assert blaze.look(wide.bgr, (0, 0, wide.width, wide.height)) == first
