"""The drawn pictures show the real detectors what they are drawn to show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.types import ObservationKind, PictureState
from detection.detectors.face import FaceDetector
from detection.detectors.picture import PictureDetector
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from settings import load_settings
from simulation.pictures import Camera, Scene

STUDENTS = range(9)


@pytest.fixture(scope="module")
def shelf() -> ModelShelf:
    settings = load_settings()
    shelf = ModelShelf(settings.model_cache(), settings.model_folders())
    if set(shelf.missing()) & {"face_full_range", "face_short_range"}:
        pytest.skip("the face models are not there: `python app.py models fetch`")
    return shelf


@pytest.fixture(scope="module")
def face(shelf: ModelShelf) -> Iterator[FaceDetector]:
    detector = FaceDetector(shelf)
    detector.load()
    yield detector
    detector.close()


@pytest.fixture(scope="module")
def cameras() -> list[Camera]:
    return [Camera(number, f"Student {number}") for number in STUDENTS]


@pytest.mark.parametrize(
    ("scene", "faces", "state"),
    [
        (Scene.PRESENT, 1, PictureState.OK),
        (Scene.SECOND_PERSON, 2, PictureState.OK),
        (Scene.ABSENT, 0, PictureState.OK),
        (Scene.COVERED, 0, PictureState.COVERED),
        (Scene.DARK, 0, PictureState.DARK),
    ],
)
@pytest.mark.parametrize("width", [320, 640])
def test_the_detectors_agree_with_the_drawing(
    face: FaceDetector,
    cameras: list[Camera],
    shelf: ModelShelf,
    scene: Scene,
    faces: int,
    state: PictureState,
    width: int,
) -> None:
    seen = []
    for number, camera in enumerate(cameras):
        picture = decode(camera.jpeg(scene, 2.9 * number, width=width))
        found = face.look(picture, {}, {})
        judged = PictureDetector(shelf).look(picture, {ObservationKind.FACES: found}, {})
        seen.append((found["count"], judged["state"]))
    assert seen == [(faces, state)] * len(cameras)


def test_a_drawn_person_moves_and_never_repeats_a_picture(cameras: list[Camera]) -> None:
    taken = {cameras[0].jpeg(Scene.PRESENT, moment / 5) for moment in range(20)}
    assert len(taken) == 20


def test_somebody_who_leaves_slides_out_of_the_picture(face: FaceDetector, cameras: list[Camera]) -> None:
    counts = [face.look(decode(cameras[1].jpeg(Scene.ABSENT, 1.0, since)), {}, {})["count"] for since in (0.0, 2.0)]
    assert counts == [1, 0]


def test_a_name_in_another_script_is_no_trouble() -> None:
    assert Camera(0, "Žofie 李 🙂").jpeg(Scene.PRESENT, 0.0).startswith(b"\xff\xd8")
