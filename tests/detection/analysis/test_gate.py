"""The gate: a calm picture is not looked at again, and nothing that matters slips through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from core.types import Frame, ObservationKind
from detection.analysis.gate import LONGEST, SPREAD, Gate
from detection.analysis.pipeline import Pipeline
from detection.detectors.base import Context, Findings, Values
from detection.detectors.picture import PictureDetector
from detection.frames.decode import Picture
from detection.models.shelf import ModelShelf
from simulation.pictures import Camera, Scene
from tests.detection import pictures
from tests.detection.pictures import Pixels

WIDTHS = (160, 320, 640)
CHANCE = np.random.default_rng(11)
NOISE = CHANCE.normal(0, 1, (700, 1100, 3)).astype(np.float32)


class Eye:
    """Counts its looks."""

    name: ClassVar[str] = "eye"
    kind: ClassVar[ObservationKind] = ObservationKind.OBJECTS
    every: ClassVar[float] = 0.0

    def __init__(self, models: ModelShelf | None = None) -> None:
        self.looks = 0

    def available(self) -> str | None:
        return None

    def load(self) -> None: ...

    def close(self) -> None: ...

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        self.looks += 1
        return {"number": self.looks}


class Rare(Eye):
    """A detector whose results are never said again."""

    name: ClassVar[str] = "rare"
    kind: ClassVar[ObservationKind] = ObservationKind.IDENTITY


def noisy(rgb: Pixels, sigma: float = 4.0) -> Pixels:
    """The picture with a sensor's noise, never the same twice."""
    (height, width), (y, x) = rgb.shape[:2], CHANCE.integers(0, 80, 2)
    return np.clip(rgb + sigma * NOISE[y : y + height, x : x + width], 0, 255).astype(np.uint8)


def frame(rgb: Pixels, at: float, width: int = 320, participant: str = "ana", channel: str = "webcam") -> Frame:
    return pictures.frame(pictures.jpeg(rgb, width), participant, at, channel=channel)


def gated(*detectors: Eye, most: int = 16) -> Pipeline:
    return Pipeline(detectors or (Eye(),), Gate(most))


def values(pipeline: Pipeline, frame: Frame, **more: object) -> Values:
    return pipeline.analyse(frame, **more)[0].values  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------ what is said again


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("sigma", [2.0, 8.0, 14.0])
def test_a_still_scene_with_a_sensors_noise_is_looked_at_once(width: int, sigma: float) -> None:
    eye, scene = Eye(), pictures.one_face()
    pipeline = gated(eye)
    seen = [values(pipeline, frame(noisy(scene, sigma), at / 10, width)) for at in range(20)]
    assert eye.looks == 1
    assert seen[0] == {"number": 1}
    assert seen[10] == {"number": 1, "reused": True, "age": 1.0}


def test_a_result_ages() -> None:
    eye, scene = Eye(), pictures.one_face()
    pipeline = gated(eye)
    ages = [values(pipeline, frame(scene, float(at))).get("age", 0.0) for at in range(30)]
    limit = LONGEST[ObservationKind.OBJECTS]
    assert limit * (1 - SPREAD) - 1 <= max(ages) < limit
    assert 5 <= eye.looks <= 7


def test_time_that_runs_backwards_is_no_age() -> None:
    eye = Eye()
    pipeline = gated(eye)
    for at in (100.0, 50.0):
        values(pipeline, frame(pictures.one_face(), at))
    assert eye.looks == 2


def test_what_is_looked_for_rarely_is_looked_for_each_time() -> None:
    rare = Rare()
    pipeline = gated(rare)
    for at in range(3):
        assert "reused" not in values(pipeline, frame(pictures.one_face(), float(at)))
    assert rare.looks == 3


def test_each_detector_compares_with_the_picture_that_it_saw_itself() -> None:
    """One looks at A and B, the other at A alone: back at A the first must look, the second need not."""
    often, seldom = Eye(), Eye()
    seldom.name, seldom.kind = "seldom", ObservationKind.FACES  # type: ignore[misc]
    pipeline = gated(often, seldom)
    first, other = pictures.one_face(), pictures.one_face()[:, ::-1]
    pipeline.analyse(frame(first, 0.0))
    pipeline.analyse(frame(other, 1.0), ["eye"])
    pipeline.analyse(frame(first, 2.0))
    assert (often.looks, seldom.looks) == (3, 1)


def test_a_look_that_was_asked_for_is_made() -> None:
    eye = Eye()
    pipeline = gated(eye)
    values(pipeline, frame(pictures.one_face(), 0.0))
    assert values(pipeline, frame(pictures.one_face(), 1.0), fresh=["eye"]) == {"number": 2}


def test_new_knowledge_makes_old_results_void() -> None:
    eye = Eye()
    pipeline = gated(eye)
    for at, context in enumerate(({}, {"eye": {"glasses": True}}, {"eye": {"glasses": True}})):
        values(pipeline, frame(pictures.one_face(), float(at)), context=context)
    assert eye.looks == 2


def test_what_one_camera_of_a_student_sees_is_not_said_of_another() -> None:
    pipeline = gated()
    desk, face = pictures.no_face(), pictures.one_face()
    for at, (channel, rgb) in enumerate([("webcam", face), ("head", desk), ("room", desk)] * 3):
        seen = values(pipeline, frame(rgb, at / 4, channel=channel))
        assert seen["number"] == ("webcam", "head", "room").index(channel) + 1
        assert ("reused" in seen) is (at >= 3)


def test_a_code_that_changes_is_looked_for_in_every_picture() -> None:
    assert ObservationKind.MARKERS not in LONGEST and ObservationKind.SCENE not in LONGEST


def test_participants_channels_and_sizes_are_not_mixed_up() -> None:
    eye = Eye()
    pipeline = gated(eye)
    still = frame(pictures.one_face(), 0.0)
    for other in (
        still,
        replace(still, participant="ben"),
        replace(still, channel="phone"),
        frame(pictures.one_face(), 0.0, width=640),
    ):
        values(pipeline, other)
    assert eye.looks == 4


def test_the_longest_unused_is_forgotten() -> None:
    eye = Eye()
    pipeline = gated(eye, most=2)
    for participant in ("ana", "ben", "cem", "ana"):
        values(pipeline, frame(pictures.one_face(), 0.0, participant=participant))
    assert eye.looks == 4


def test_a_frozen_picture_keeps_its_fingerprint_and_a_calm_one_does_not() -> None:
    """Whether looked at or said again: the judge compares them over time."""
    still, calm = Pipeline([PictureDetector(ModelShelf(pictures.NOWHERE))], Gate()), pictures.one_face()
    frozen = [values(still, frame(calm, float(at))) for at in range(12)]
    moving = [values(still, frame(noisy(calm), float(at), participant="ben")) for at in range(12)]
    assert len({seen["fingerprint"] for seen in frozen}) == 1
    assert len({seen["fingerprint"] for seen in moving}) == 12
    for looks in (frozen, moving):
        assert {seen.get("reused", False) for seen in looks} == {True, False}


# ------------------------------------------------------------------------------------ what must be noticed


def with_patch(rgb: Pixels, size: tuple[int, int], level: int) -> Pixels:
    """A flat thing held into the picture's lower half; size in shares of a thousand of the picture's."""
    changed = rgb.copy()
    height, width = size[0] * rgb.shape[0] // 1000, size[1] * rgb.shape[1] // 1000
    top, left = rgb.shape[0] * 6 // 10, rgb.shape[1] * 55 // 100
    changed[top : top + height, left : left + width] = level
    return changed


COFFEE, ASTRONAUT = pictures.no_face(), pictures.one_face()
EVENTS: dict[str, Callable[[], tuple[Pixels, Pixels]]] = {
    "lights out": lambda: (ASTRONAUT, pictures.dimmed(ASTRONAUT, 0.1)),
    "light on": lambda: (pictures.dimmed(ASTRONAUT, 0.5), pictures.dimmed(ASTRONAUT, 0.6)),
    "lens covered": lambda: (ASTRONAUT, pictures.flat(60)),
    "phone raised": lambda: (COFFEE, with_patch(COFFEE, (120, 50), 25)),
    "white phone in the dark": lambda: (
        pictures.dimmed(COFFEE, 0.25),
        with_patch(pictures.dimmed(COFFEE, 0.25), (120, 50), 70),
    ),
    "turned": lambda: (ASTRONAUT, ASTRONAUT[:, ::-1]),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("event", EVENTS)
def test_what_happens_is_looked_at_at_once(event: str, width: int) -> None:
    before, after = EVENTS[event]()
    eye = Eye()
    pipeline = gated(eye)
    for at in range(3):
        values(pipeline, frame(noisy(before), at / 10, width))
    assert "reused" not in values(pipeline, frame(noisy(after), 0.4, width))
    assert eye.looks == 2


@pytest.fixture(scope="module")
def camera() -> Camera:
    return Camera(1, "Ana")


@pytest.mark.parametrize("scene", [scene for scene in Scene if scene is not Scene.PRESENT])
def test_people_who_come_and_go_are_looked_at(camera: Camera, scene: Scene) -> None:
    eye = Eye()
    pipeline = gated(eye)
    values(pipeline, pictures.frame(camera.jpeg(Scene.PRESENT, 0.0), at=0.0))
    assert "reused" not in values(pipeline, pictures.frame(camera.jpeg(scene, 0.0), at=0.5))


def test_what_changes_slowly_adds_up() -> None:
    """Dusk: each picture is like the one before, and after a while not like the one that was looked at."""
    eye = Eye()
    pipeline = gated(eye)
    for step in range(40):
        values(pipeline, frame(noisy(pictures.dimmed(ASTRONAUT, 1 - step / 100)), step / 100))
    assert eye.looks > 5


# ------------------------------------------------------------------------------------ inside and beside the face


class FaceAt(Eye):
    """Finds faces where the test says."""

    name: ClassVar[str] = "face"
    kind: ClassVar[ObservationKind] = ObservationKind.FACES

    def __init__(self, *boxes: list[int]) -> None:
        super().__init__()
        self.boxes = [list(box) for box in boxes]

    def look(self, picture: Picture, found: Findings, context: Context) -> Values:
        return {"count": len(self.boxes), "boxes": [list(box) for box in self.boxes]}


FACE = [128, 48, 64, 80]  # in a picture 320 wide and 240 high


def desk(*patches: tuple[int, int, int, int, int]) -> Pixels:
    """A desk with flat things on it: left, top, width, height and grey level of each."""
    rgb = np.asarray(pictures.dimmed(pictures.no_face(), 0.8)[:240, :320]).copy()
    for left, top, width, height, level in patches:
        rgb[top : top + height, left : left + width] = level
    return rgb


LIPS = (144, 96, 32, 24, 240)
BEFORE: tuple[tuple[int, int, int, int, int], ...] = ((*FACE[:2], *FACE[2:], 120),)  # type: ignore[assignment]


def looks_after(first: Pixels, then: Pixels, face: FaceAt, moved: list[list[int]] | None = None, **more: str) -> int:
    """How often objects are looked for in two pictures, a second apart."""
    eye = Eye()
    pipeline = gated(face, eye)
    pipeline.analyse(frame(noisy(first), 0.0, **more))  # type: ignore[arg-type]
    face.boxes = face.boxes if moved is None else moved
    pipeline.analyse(frame(noisy(then), 1.0, **more))  # type: ignore[arg-type]
    return eye.looks


def test_lips_that_move_are_no_reason_to_look_for_objects() -> None:
    before, after = desk(*BEFORE), desk(*BEFORE, LIPS)
    assert looks_after(before, after, FaceAt(FACE)) == 1
    assert looks_after(before, after, FaceAt()) == 2, "without a face anything may be an object"
    assert looks_after(before, after, FaceAt(FACE), channel="head") == 2, "the phone on the head sees others' faces"


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param((60, 180, 24, 40, 20), id="on the desk"),
        pytest.param((194, 80, 24, 40, 20), id="at the ear"),
        pytest.param((150, 90, 24, 150, 20), id="before the face, with an arm below"),
        pytest.param((112, 70, 24, 40, 235), id="half beside the face"),
    ],
)
def test_a_thing_beside_the_face_or_held_before_it_is_looked_for(thing: tuple[int, int, int, int, int]) -> None:
    assert looks_after(desk(*BEFORE), desk(*BEFORE, thing), FaceAt(FACE)) == 2


def test_a_face_that_moved_or_has_company_is_another_picture() -> None:
    before, after = desk(*BEFORE), desk(*BEFORE, LIPS)
    assert looks_after(before, after, FaceAt(FACE), [[FACE[0] + 30, *FACE[1:]]]) == 2
    assert looks_after(before, after, FaceAt(FACE), [FACE, [10, 10, 40, 40]]) == 2
    assert looks_after(before, after, FaceAt(FACE), []) == 2


def test_a_face_that_fills_the_picture_hides_too_much() -> None:
    near = [60, 10, 200, 220]
    assert looks_after(desk((*near, 120)), desk((*near, 120), LIPS), FaceAt(near)) == 2  # type: ignore[arg-type]


def test_beside_a_moving_face_results_age_all_the_same() -> None:
    eye, face = Eye(), FaceAt(FACE)
    pipeline = gated(face, eye)
    for at in range(30):
        pipeline.analyse(frame(noisy(desk(*BEFORE, *([LIPS] if at % 2 else []))), float(at)))
    assert 5 <= eye.looks <= 7


def test_a_look_for_objects_that_was_asked_for_is_made_beside_a_moving_face() -> None:
    eye, face = Eye(), FaceAt(FACE)
    pipeline = gated(face, eye)
    pipeline.analyse(frame(desk(*BEFORE), 0.0))
    pipeline.analyse(frame(desk(*BEFORE, LIPS), 1.0), fresh=["eye"])
    assert eye.looks == 2
