"""A region of a picture into a model's input, on both implementations; the numpy twin is the specification."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from detection.frames import _frameops_py, frameops
from detection.frames.frameops import FrameOps
from tests.detection.frames.test_frameops import TWIN, compiled, picture


@pytest.fixture(params=["python", "cython"])
def ops(request: pytest.FixtureRequest) -> FrameOps:
    return FrameOps(_frameops_py if request.param == "python" else compiled())


AREAS = [
    ((0, 0, 47, 33), (0, 0, 40, 30)),
    ((0, 0, 47, 33), (3, 5, 37, 25)),
    ((5, 7, 21, 19), (1, 2, 33, 17)),
    ((46, 32, 1, 1), (39, 29, 1, 1)),
    ((0, 0, 1, 33), (0, 0, 40, 1)),
    ((10, 10, 8, 8), (8, 8, 8, 8)),
]


@pytest.mark.parametrize(("region", "place"), AREAS)
def test_planes_are_those_of_the_twin(ops: FrameOps, region: frameops.Area, place: frameops.Area) -> None:
    ours, expected = np.full((2, 3, 30, 40), 7, np.float32)
    ops.fill_planes(picture((33, 47, 3)), region, place, ours)
    TWIN.fill_planes(picture((33, 47, 3)), region, place, expected)
    assert np.allclose(ours, expected, rtol=0, atol=1e-6)


def test_planes_are_the_pixels_where_nothing_is_resized(ops: FrameOps) -> None:
    bgr, planes = picture((30, 45, 3)), np.full((3, 30, 50), 7, np.float32)
    ops.fill_planes(bgr, (5, 0, 40, 30), (2, 0, 40, 30), planes)
    assert np.allclose(planes[:, :, 2:42] * 255, bgr[:, 5:, ::-1].transpose(2, 0, 1), rtol=0, atol=1e-4)
    assert (planes[:, :, :2] == 7).all() and (planes[:, :, 42:] == 7).all()


@pytest.mark.parametrize("size", [(640, 480), (416, 312), (100, 31), (1000, 700)])
def test_planes_are_within_one_level_of_opencvs(ops: FrameOps, size: tuple[int, int]) -> None:
    bgr, planes = picture((480, 640, 3)), np.zeros((3, size[1], size[0]), np.float32)
    ops.fill_planes(bgr, (0, 0, 640, 480), (0, 0, *size), planes)
    usual = cv2.dnn.blobFromImage(cv2.resize(bgr, size), 1 / 255, swapRB=True)[0]
    assert np.abs(planes - usual).max() * 255 <= 1


def test_planes_take_read_only_pictures_and_views(ops: FrameOps) -> None:
    bgr, (ours, expected) = picture((40, 60, 3)), np.zeros((2, 3, 20, 20), np.float32)
    bgr.flags.writeable = False
    view = bgr[::2, ::-3]
    ops.fill_planes(view, (0, 0, 20, 20), (0, 0, 20, 20), ours)
    TWIN.fill_planes(view.copy(), (0, 0, 20, 20), (0, 0, 20, 20), expected)
    assert np.allclose(ours, expected, rtol=0, atol=1e-6)


INSIDE = (0, 0, 8, 8)


@pytest.mark.parametrize(
    "wrong", [(-1, 0, 4, 4), (0, -1, 4, 4), (0, 0, 0, 4), (0, 0, 4, 0), (5, 0, 4, 4), (0, 5, 4, 4)]
)
def test_planes_refuse_areas_outside(ops: FrameOps, wrong: frameops.Area) -> None:
    bgr, planes = picture((8, 8, 3)), np.zeros((3, 8, 8), np.float32)
    for region, place in ((wrong, INSIDE), (INSIDE, wrong)):
        with pytest.raises(ValueError, match="does not lie in"):
            ops.fill_planes(bgr, region, place, planes)


@pytest.mark.parametrize(
    "planes",
    [
        np.zeros((8, 8), np.float32),
        np.zeros((1, 8, 8), np.float32),
        np.zeros((3, 8, 8), np.float64),
        np.zeros((3, 8, 16), np.float32)[..., ::2],
    ],
    ids=lambda array: f"{array.shape}-{array.dtype}",
)
def test_planes_refuse_other_targets(ops: FrameOps, planes: npt.NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="planes are"):
        ops.fill_planes(picture((8, 8, 3)), INSIDE, INSIDE, planes)


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 4)])
def test_planes_refuse_what_is_not_bgr(ops: FrameOps, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="BGR picture"):
        ops.fill_planes(np.zeros(shape, np.uint8), INSIDE, INSIDE, np.zeros((3, 8, 8), np.float32))
