"""Whether a camera that stands in a room was moved, on real pictures: other light is nothing, another view is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.types import ObservationKind
from detection.detectors.scene import SceneDetector
from detection.frames.decode import decode
from detection.measures.scenes import COLUMNS, ROWS, middle, signature_of, still_there
from detection.models.shelf import ModelShelf
from detection.rules.camera_moved import LEAST_STILL
from tests.detection import pictures
from tests.detection.pictures import NOWHERE, Pixels

SHAPE = 720, 540
LARGE = 960, 720


def rooms() -> list[Pixels]:
    """Large views, of which a camera sees the middle."""
    views = [pictures.no_face(), pictures.two_faces(), np.rot90(pictures.no_face())]
    return [np.asarray(cv2.resize(view, LARGE), np.uint8) for view in views]


def view(room: Pixels, shift: int = 0, turn: float = 0.0) -> Pixels:
    """What the camera sees of it, shifted by pixels (of 720) and turned by degrees."""
    middle_of = LARGE[0] / 2, LARGE[1] / 2
    turned = cv2.warpAffine(room, cv2.getRotationMatrix2D(middle_of, turn, 1.0), LARGE)
    return np.asarray(turned[90:630, 120 + shift : 840 + shift], np.uint8)


def signature(rgb: Pixels, seed: int = 1) -> list[int]:
    noise = np.random.default_rng(seed).normal(0, 4, rgb.shape)
    taken = np.clip(rgb + noise, 0, 255).astype(np.uint8)
    values = SceneDetector(ModelShelf(NOWHERE)).look(decode(pictures.jpeg(taken, 640)), {}, {})
    found = signature_of(values)
    assert found is not None
    return list(found)


def still(before: Pixels, now: Pixels) -> float:
    share = still_there(signature(before), signature(now, 2))
    assert share is not None
    return share


@pytest.mark.parametrize("room", rooms())
def test_other_light_changes_nothing(room: Pixels) -> None:
    lit = view(room)
    ramp = np.linspace(0.6, 1.4, SHAPE[0])[None, :, None]
    assert still(lit, lit) >= 0.95
    assert still(lit, pictures.dimmed(lit, 0.5)) >= 0.9
    assert still(lit, pictures.dimmed(lit, 1.3)) >= 0.8
    assert still(lit, np.clip(lit * ramp, 0, 255).astype(np.uint8)) >= 0.85


@pytest.mark.parametrize("room", rooms())
def test_somebody_who_comes_in_leaves_enough_of_it(room: Pixels) -> None:
    with_visitor = view(room)
    visitor = cv2.resize(pictures.one_face()[:, 100:400], (SHAPE[0] // 3, 440))
    with_visitor[100:540, 30 : 30 + SHAPE[0] // 3] = visitor
    assert still(view(room), with_visitor) >= LEAST_STILL


@pytest.mark.parametrize("room", rooms())
def test_another_view_leaves_little(room: Pixels) -> None:
    assert still(view(room), view(room, shift=110)) < LEAST_STILL
    assert still(view(room), view(room, turn=15)) < LEAST_STILL
    assert still(view(room), np.asarray(cv2.flip(view(room), 0), np.uint8)) < LEAST_STILL


def test_a_wall_says_nothing() -> None:
    assert still_there([128] * (COLUMNS * ROWS), signature(view(rooms()[0]))) is None


def test_what_most_looks_have_in_common() -> None:
    assert middle([[1, 200, 3], [1, 4, 3], [1, 6, 90]]) == [1, 6, 3]


def test_a_picture_that_cannot_be_judged_has_no_signature() -> None:
    dark = {ObservationKind.PICTURE: {"state": "dark"}}
    picture = decode(pictures.jpeg(pictures.no_face()))
    assert SceneDetector(ModelShelf(NOWHERE)).look(picture, dark, {}) == {"signature": None}
    assert signature_of({"signature": None}) is None
    assert signature_of({"signature": [1, 2]}) is None
