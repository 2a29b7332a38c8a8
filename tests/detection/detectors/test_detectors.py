"""What every registered detector promises, and what each one sees on real pictures."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.phone_roles import CAMERA_ROLES
from core.types import ObservationKind, PictureState
from detection import detectors
from detection.detectors.base import Detector, Findings, Values
from detection.detectors.face_runtimes import FACE_RUNTIMES
from detection.frames.decode import Picture, decode
from detection.measures.channels import ON_PHONES, PACE, PHONES_ALONE, paces
from detection.models.shelf import FACE_RUNTIME, ModelShelf
from tests import media
from tests.detection import pictures
from tests.detection.pictures import Pixels

NOTHING: Findings = {}
SIZES = [(1, 1), (1, 300), (300, 1), (3, 2), (240, 320), (480, 640), (1080, 1920)]


EVERY = [(name, FACE_RUNTIME) for name in detectors.DETECTORS] + [
    ("face", runtime) for runtime in FACE_RUNTIMES if runtime != FACE_RUNTIME
]


@pytest.fixture(scope="module", params=EVERY, ids="-".join)
def detector(request: pytest.FixtureRequest, face_models: ModelShelf) -> Iterator[Detector]:
    name, runtime = request.param
    yield from loaded(name, run_by(runtime, face_models))


def run_by(runtime: str, models: ModelShelf) -> ModelShelf:
    return ModelShelf(models.cache, models.folders, face_runtime=runtime)


def loaded(name: str, models: ModelShelf) -> Iterator[Detector]:
    made = detectors.make(name, models)
    if reason := made.available():
        media.absent(f"{name}: {reason}", os.environ)
    made.load()
    yield made
    made.close()


def taken(rgb: Pixels, width: int = 320) -> Picture:
    return decode(pictures.jpeg(rgb, width))


# ------------------------------------------------------------------------------------ every detector


def test_it_is_registered_by_its_own_name(detector: Detector) -> None:
    assert detectors.DETECTORS[detector.name].endswith(type(detector).__name__)
    assert isinstance(detector.kind, ObservationKind)
    assert detector.every >= 0


@pytest.mark.parametrize("size", SIZES)
def test_any_size_gives_values_that_travel_as_json(detector: Detector, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (*size, 3), dtype=np.uint8)
    values = detector.look(Picture(noise), NOTHING, {})
    assert json.loads(json.dumps(values)) == values


def test_it_keeps_no_memory_from_picture_to_picture(detector: Detector) -> None:
    first = detector.look(taken(pictures.one_face()), NOTHING, {})
    detector.look(taken(pictures.flat(3)), NOTHING, {})
    assert detector.look(taken(pictures.one_face()), NOTHING, {}) == first


def test_it_leaves_the_picture_as_it_was(detector: Detector) -> None:
    picture = taken(pictures.one_face())
    before = picture.bgr.copy()
    detector.look(picture, NOTHING, {})
    assert (picture.bgr == before).all()


def test_without_models_it_says_what_is_missing(detector: Detector, tmp_path: Path) -> None:
    reason = detectors.make(detector.name, ModelShelf(tmp_path)).available()
    assert reason is None or "missing" in reason


def test_the_order_is_the_registrys() -> None:
    assert detectors.in_order(["picture", "face"]) == ["face", "picture"]
    with pytest.raises(KeyError):
        detectors.in_order(["nose"])


def test_who_looks_at_phones_is_registered_and_comes_after_what_it_needs() -> None:
    assert set(ON_PHONES) == set(PACE) == set(CAMERA_ROLES)
    for channel, looks in ON_PHONES.items():
        assert list(paces(channel, dict.fromkeys(detectors.DETECTORS, 1.0))) == detectors.in_order(looks)
        assert looks["picture"] == 0.0, "whether a picture can be judged is known for each"
    everybody = {*paces("webcam", dict.fromkeys(detectors.DETECTORS, 1.0)), *PHONES_ALONE}
    assert everybody == set(detectors.DETECTORS)


# ------------------------------------------------------------------------------------ faces


@pytest.fixture(scope="module", params=list(FACE_RUNTIMES))
def face(request: pytest.FixtureRequest, face_models: ModelShelf) -> Iterator[Detector]:
    yield from loaded("face", run_by(request.param, face_models))


@pytest.mark.parametrize("width", [160, 320, 640])
@pytest.mark.parametrize(
    ("rgb", "count"), [(pictures.one_face(), 1), (pictures.two_faces(), 2), (pictures.no_face(), 0)]
)
def test_faces_are_counted(face: Detector, rgb: Pixels, count: int, width: int) -> None:
    values = face.look(taken(rgb, width), NOTHING, {})
    assert values["count"] == len(values["boxes"]) == len(values["scores"]) == count


def test_the_box_is_where_the_face_is(face: Detector) -> None:
    (box,) = face.look(taken(pictures.one_face(), 512), NOTHING, {})["boxes"]
    x, y, width, height = box
    assert x < 225 < x + width and y < 115 < y + height, "the nose of the astronaut"
    assert 60 < width < 200 and 60 < height < 200


def test_a_face_that_fills_the_picture_is_found(face: Detector) -> None:
    assert face.look(taken(pictures.one_face()[20:220, 130:330]), NOTHING, {})["count"] == 1


def labels(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def counts(face: Detector, folder: Path, width: int) -> list[tuple[str, int, int]]:
    """(file, labelled, counted) of every picture in a folder."""
    found = []
    for row in labels(folder):
        bgr = np.asarray(cv2.imread(str(folder / row["file"])), dtype=np.uint8)
        counted = face.look(taken(bgr[..., ::-1], width), NOTHING, {})["count"]
        found.append((row["file"], int(row.get("n_faces") or 1), counted))
    return found


def precision_recall(pairs: list[tuple[bool, bool]]) -> tuple[float, float]:
    """Of (true, said) pairs; 1.0 where there was nothing to be wrong about."""
    hits = sum(true and said for true, said in pairs)
    said, true = sum(said for _, said in pairs), sum(true for true, _ in pairs)
    return (hits / said if said else 1.0), (hits / true if true else 1.0)


@pytest.mark.parametrize("width", [320, 640])
def test_labelled_pictures_are_counted_as_well_as_measured(face: Detector, media_dir: Path, width: int) -> None:
    """Measured: no face P 0.94 to 1.00, R 1.00; several P 1.00, R 0.93 to 1.00, by width and by mirroring."""
    found = counts(face, media_dir / "faces", width)
    nobody = precision_recall([(true == 0, said == 0) for _, true, said in found])
    several = precision_recall([(true > 1, said > 1) for _, true, said in found])
    assert nobody[0] >= 0.93 and nobody[1] == 1.0
    assert several[0] == 1.0 and several[1] >= 0.93


@pytest.mark.parametrize("folder", ["headpose", "identity"])
def test_nobody_who_is_there_is_called_absent(face: Detector, media_dir: Path, folder: str) -> None:
    """Heads turned by up to 71 degrees; a student who looks away is not absent."""
    assert [name for name, _, said in counts(face, media_dir / folder, 320) if said == 0] == []


# ------------------------------------------------------------------------------------ picture


@pytest.fixture(scope="module")
def picture_detector(face_models: ModelShelf) -> Iterator[Detector]:
    yield from loaded("picture", face_models)


def state(detector: Detector, rgb: Pixels, found: Findings = NOTHING, width: int = 320) -> PictureState:
    return PictureState(detector.look(taken(rgb, width), found, {})["state"])


@pytest.mark.parametrize("width", [160, 320, 640])
@pytest.mark.parametrize(
    ("rgb", "expected"),
    [
        (pictures.one_face(), PictureState.OK),
        (pictures.no_face(), PictureState.OK),
        (pictures.dimmed(pictures.one_face(), 0.35), PictureState.OK),
        (pictures.dimmed(pictures.no_face(), 0.06), PictureState.DARK),
        (pictures.flat(4), PictureState.DARK),
        (pictures.dimmed(pictures.no_face(), 6.0), PictureState.OVEREXPOSED),
        (pictures.flat(254), PictureState.OVEREXPOSED),
        (pictures.flat(60), PictureState.COVERED),
        (pictures.flat(140), PictureState.COVERED),
        (pictures.blurred(pictures.no_face(), 14), PictureState.BLURRED),
        (pictures.blurred(pictures.one_face(), 14), PictureState.BLURRED),
    ],
)
def test_the_state_is_recognised(picture_detector: Detector, rgb: Pixels, expected: PictureState, width: int) -> None:
    assert state(picture_detector, rgb, width=width) is expected


def test_a_face_that_was_found_settles_that_the_picture_can_be_judged(picture_detector: Detector) -> None:
    dark = pictures.dimmed(pictures.one_face(), 0.06)
    found: dict[ObservationKind, Values] = {ObservationKind.FACES: {"count": 1}}
    assert state(picture_detector, dark) is PictureState.DARK
    assert state(picture_detector, dark, found) is PictureState.OK


def test_an_exact_repeat_has_the_same_fingerprint_and_noise_another(picture_detector: Detector) -> None:
    still = pictures.one_face()
    moved = still.copy()
    moved[100:110, 100:110] += 3
    first, again, other = (
        picture_detector.look(taken(rgb), NOTHING, {})["fingerprint"] for rgb in (still, still, moved)
    )
    assert first == again != other
    assert first[:16] == other[:16], "the coarse half hardly changes"


@pytest.mark.parametrize("folder", ["faces", "phone", "headpose", "identity"])
def test_no_labelled_picture_is_called_unusable(
    face: Detector, picture_detector: Detector, media_dir: Path, folder: str
) -> None:
    """Dark skin, low light, backlight, empty dim rooms: all of them can be judged."""
    wrong = []
    for row in labels(media_dir / folder):
        bgr = np.asarray(cv2.imread(str(media_dir / folder / row["file"])), dtype=np.uint8)
        found = {ObservationKind.FACES: face.look(taken(bgr[..., ::-1]), NOTHING, {})}
        if state(picture_detector, bgr[..., ::-1], found) is not PictureState.OK:
            wrong.append(row["file"])
    assert wrong == []
