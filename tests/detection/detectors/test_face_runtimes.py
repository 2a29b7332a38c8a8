"""What runs the BlazeFace models: the same faces from each, in any part of a picture; and the decoding that is ours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from detection.detectors import face_runtimes
from detection.detectors.face_runtimes.base import FULL_RANGE, SHORT_RANGE, FaceModel
from detection.detectors.face_runtimes.openvino_runtime import GRIDS, anchors, blend, shares
from detection.frames.decode import Picture, decode
from detection.models.shelf import FACE_RUNTIME, ModelShelf
from settings import FACE_RUNTIMES, load_settings
from tests.detection import pictures


def test_anchors_are_the_middles_of_cells_row_by_row() -> None:
    assert anchors([(2, 1)]).tolist() == [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
    assert anchors([(1, 3)]).tolist() == [[0.5, 0.5]] * 3
    assert (len(anchors(GRIDS[FULL_RANGE])), len(anchors(GRIDS[SHORT_RANGE]))) == (2304, 896)


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


# ------------------------------------------------------------------------------------ every runtime


def loaded(runtime: str, model: str, models: ModelShelf, threshold: float = 0.5) -> FaceModel:
    path = models.locate(model)
    assert path is not None
    return face_runtimes.load(runtime, model, path, threshold)


@pytest.fixture(scope="module", params=list(face_runtimes.FACE_RUNTIMES))
def blaze(request: pytest.FixtureRequest, face_models: ModelShelf) -> Iterator[FaceModel]:
    made = loaded(request.param, FULL_RANGE, face_models)
    yield made
    made.close()


def whole(picture: Picture) -> tuple[int, int, int, int]:
    return 0, 0, picture.width, picture.height


def test_places_are_in_pixels_of_the_whole_picture_wherever_the_part_lies(blaze: FaceModel) -> None:
    picture = decode(pictures.jpeg(pictures.two_faces(), 640))
    both = blaze.look(picture, whole(picture))
    (left,) = blaze.look(picture, (0, 0, 320, picture.height))
    (right,) = blaze.look(picture, (320, 0, 320, picture.height))
    assert len(both) == 2
    for alone in (left, right):
        near = min(both, key=lambda face: abs(face.box[0] - alone.box[0]))
        assert alone.box == pytest.approx(near.box, abs=8)
        eyes = [x for x, _ in alone.points[:2]]
        assert alone.box[0] < min(eyes) < max(eyes) < alone.box[0] + alone.box[2]


def test_an_earlier_picture_leaves_no_trace(blaze: FaceModel) -> None:
    wide = decode(pictures.jpeg(pictures.two_faces(), 640))
    first = blaze.look(wide, whole(wide))
    tall = decode(pictures.jpeg(pictures.one_face()[:, 150:300], 100))
    blaze.look(tall, whole(tall))
    assert blaze.look(wide, whole(wide)) == first


def test_the_surest_comes_first_and_none_is_below_the_threshold(face_models: ModelShelf) -> None:
    picture = decode(pictures.jpeg(pictures.two_faces(), 640))
    for runtime in face_runtimes.FACE_RUNTIMES:
        model = loaded(runtime, FULL_RANGE, face_models, 0.3)
        scores = [face.score for face in model.look(picture, whole(picture))]
        model.close()
        assert len(scores) >= 2 and scores == sorted(scores, reverse=True) and scores[-1] >= 0.3


@pytest.mark.parametrize("name", [FULL_RANGE, SHORT_RANGE])
def test_all_see_the_same_face_in_the_same_place(face_models: ModelShelf, name: str) -> None:
    picture = decode(pictures.jpeg(pictures.one_face()[:250, 80:400], 320))  # near, as short range wants it
    found = []
    for runtime in face_runtimes.FACE_RUNTIMES:
        model = loaded(runtime, name, face_models)
        found.append(model.look(picture, whole(picture))[0])
        model.close()
    for other in found[1:]:
        assert other.score == pytest.approx(found[0].score, abs=0.05)
        assert other.box == pytest.approx(found[0].box, abs=4)
        assert np.array(other.points) == pytest.approx(np.array(found[0].points), abs=3)


def test_the_settings_name_what_is_registered() -> None:
    assert set(FACE_RUNTIMES) == set(face_runtimes.FACE_RUNTIMES)
    assert load_settings({}).face_runtime == FACE_RUNTIME
    with pytest.raises(KeyError):
        face_runtimes.load("torch", FULL_RANGE, pictures.NOWHERE, 0.5)


LOADED_USED_CLOSED = """
import sys
from pathlib import Path
import numpy as np
from detection import detectors
from detection.frames.decode import Picture
from detection.models.shelf import ModelShelf
detector = detectors.make("face", ModelShelf(Path(sys.argv[1]), [Path(sys.argv[2])], face_runtime=sys.argv[3]))
detector.load()
print("loaded", file=sys.stderr)
detector.look(Picture(np.full((240, 320, 3), 128, np.uint8)), {}, {})
detector.close()
"""


@pytest.mark.slow
@pytest.mark.parametrize("runtime", list(face_runtimes.FACE_RUNTIMES))
def test_it_says_nothing_on_the_command_line(face_models: ModelShelf, runtime: str) -> None:
    folders = [str(face_models.cache), str([*face_models.folders, face_models.cache][0])]
    command = [sys.executable, "-c", LOADED_USED_CLOSED, *folders, runtime]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "loaded\n")
