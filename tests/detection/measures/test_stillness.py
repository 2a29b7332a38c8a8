"""A face that never moves: photos are found under noise and new compression, living faces are left alone."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from core.types import AlertKind, Frame, PictureState
from detection import detectors
from detection.analysis.gate import Gate
from detection.analysis.pipeline import Pipeline
from detection.measures.stillness import (
    LEAST_SECONDS,
    MOST_GAP,
    MOST_SIDE,
    STILL_UNTIL,
    WINDOW,
    Patch,
    Stillness,
    face_cells,
    read_patch,
    sway,
)
from detection.models.shelf import ModelShelf
from detection.tools.recordings import read_stills
from tests.detection.courtroom import ROOM, START, STUDENT, Courtroom, picture
from tests.detection.pictures import Pixels, jpeg, one_face

Look = Callable[[float], Any]
REPLACED = AlertKind.CAMERA_REPLACED
CONTRAST = 40.0  # grey levels, of the made faces
GRID = 40, 30


def face(second: float, moved: float = 0.0, noise: float = 0.5, light: float = 0.0, left: int = 14) -> list[Any]:
    """What a picture tells of a made face whose cells sway by `moved` of its contrast."""
    random = np.random.default_rng(int(second * 1000))
    shape = np.random.default_rng(1).normal(0, 1, (12, 12))
    sway_now = np.random.default_rng(2).normal(0, 1, (12, 12)) * np.sin(second / 3) * moved * 2**0.5
    grey = 120 + CONTRAST * (shape + sway_now) * (1 + light) + 30 * light + random.normal(0, noise, shape.shape)
    told = np.clip(np.round(grey), 0, 255).astype(np.uint8)
    return [*GRID, left, 8, 12, told.tobytes().hex()]


def watch(cells: Look, seconds: int, every: float = 1.0, start: float = 0.0, **more: Any) -> Courtroom:
    court = Courtroom()
    for number in range(int(seconds / every)):
        second = start + number * every
        court.feed(picture("ok", second, cells=cells(second), **more))
        court.tick(second + 0.1)
    return court


# ---------------------------------------------------------------------------------------------- made observations


def test_a_photo_is_told_with_its_numbers_after_its_time_and_as_a_suspicion() -> None:
    court = watch(face, 120)
    assert court.kinds == [REPLACED]
    (alert,) = court.raised
    assert LEAST_SECONDS <= alert.raised_at - START <= WINDOW + 10
    assert alert.numbers["state"] == "still" and alert.numbers["moved"] < alert.numbers["moved_limit"]
    said = alert.text % alert.numbers
    assert "may be a photo" in said and f"limit {round(1000 * STILL_UNTIL)}" in said


@pytest.mark.parametrize("moved", [0.06, 0.15, 0.5])
def test_a_head_that_sways_a_little_is_alive(moved: float) -> None:
    assert watch(partial(face, moved=moved), 300).raised == []


def test_one_movement_in_the_window_is_life_enough() -> None:
    assert watch(lambda at: face(at, moved=0.5 if at % 60 < 3 else 0.0), 300).raised == []


def test_light_that_changes_is_not_movement() -> None:
    assert watch(lambda at: face(at, light=0.15 * np.sin(at / 4)), 120).kinds == [REPLACED]


def test_it_ends_when_the_face_moves() -> None:
    court = watch(lambda at: face(at, moved=0.0 if at < 120 else 0.6), 160)
    assert court.kinds == [REPLACED] and court.open == []


@pytest.mark.parametrize("state", [state for state in PictureState if state is not PictureState.OK])
def test_what_cannot_be_seen_is_never_called_a_photo(state: PictureState) -> None:
    court = Courtroom()
    for second in range(200):
        court.feed(picture(str(state), second, cells=face(second)))
        court.tick(second + 0.1)
    assert REPLACED not in court.kinds


@pytest.mark.parametrize("gap", [None, "no cells"])
def test_a_face_that_goes_and_comes_begins_anew(gap: str | None) -> None:
    def cells(at: float) -> Any:
        return gap and [*face(at)[:4], 0, ""] if at % 60 < 2 else face(at)

    assert watch(cells, 400).raised == []


def test_looks_far_apart_and_pictures_of_another_size_begin_anew() -> None:
    assert watch(face, 600, every=MOST_GAP + 1).raised == []
    assert watch(lambda at: face(at) if at // 60 % 2 else [80, 60, *face(at)[2:]], 400).raised == []


def test_what_is_said_again_of_an_earlier_picture_proves_nothing() -> None:
    assert watch(face, 200, reused=True).raised == []


def test_looks_every_five_seconds_are_enough() -> None:
    assert watch(face, 200, every=5.0).kinds == [REPLACED]


def test_a_face_without_contrast_is_not_judged() -> None:
    dull = np.full((12, 12), 90, np.uint8).tobytes().hex()
    assert watch(lambda _at: [*GRID, 14, 8, 12, dull], 200).raised == []


def test_a_face_that_wanders_through_the_picture_moved() -> None:
    assert sway([made(0, left=0), made(1, left=12)]) is None


def made(at: float, **more: Any) -> Patch:
    patch = read_patch(at, face(at, **more))
    assert patch is not None
    return patch


def test_memory_is_bounded() -> None:
    stillness = Stillness()
    for number in range(5000):
        stillness.add(made(number / 100))
    assert stillness.judge() is None and len(stillness._patches) <= 200


@pytest.mark.parametrize(
    "box", [[0, 0, 640, 480], [-50, -50, 100, 100], [600, 440, 200, 200], [300, 200, 1, 1], [900, 900, 10, 10]]
)
def test_cells_lie_inside_the_picture(box: list[int]) -> None:
    gray = np.arange(60 * 80, dtype=np.uint8).reshape(60, 80)
    columns, rows, left, top, wide, cells = face_cells(gray, box, 640)
    assert (columns, rows) == (80, 60) and 0 <= wide <= MOST_SIDE
    patch = read_patch(0.0, [columns, rows, left, top, wide, cells])
    if patch is not None:
        high, across = patch.values.shape
        assert np.array_equal(patch.values, gray[top : top + high, left : left + across])


# ---------------------------------------------------------------------------------------------- the real pipeline


@pytest.fixture(scope="module")
def pipeline(face_models: ModelShelf) -> Iterator[Callable[[], Pipeline]]:
    looking = [detectors.make(name, face_models) for name in ("face", "picture")]
    for detector in looking:
        detector.load()
    yield lambda: Pipeline(looking, Gate())
    for detector in looking:
        detector.close()


def judged(pipeline: Pipeline, shown: Iterator[Pixels], seconds: int, width: int, noise: float) -> Courtroom:
    """What comes of pictures shown once a second to a camera with noise, sent at changing quality."""
    court, random = Courtroom(), np.random.default_rng(3)
    for second, rgb in enumerate(islice(shown, seconds)):
        small = cv2.resize(rgb, (width, round(width * rgb.shape[0] / rgb.shape[1])), interpolation=cv2.INTER_AREA)
        seen = np.clip(small + random.normal(0, noise, small.shape), 0, 255).astype(np.uint8)
        sent, at = jpeg(seen, width, int(random.integers(50, 61))), START + second
        frame = Frame(ROOM, STUDENT, second, at, at, sent, width, seen.shape[0])
        court.feed(*pipeline.analyse(frame))
        court.tick(second + 0.1)
    return court


@pytest.mark.slow
@pytest.mark.parametrize(("width", "noise"), [(320, 3.0), (320, 6.0), (640, 10.0)])
def test_a_drawn_face_that_stays_is_found(pipeline: Callable[[], Pipeline], width: int, noise: float) -> None:
    court = judged(pipeline(), cycle([one_face()]), 110, width, noise)
    assert court.kinds == [REPLACED] and court.raised[0].numbers["state"] == "still"


def test_no_living_face_of_the_clips_is_called_a_photo(pipeline: Callable[[], Pipeline], media_dir: Path) -> None:
    for clip, label in clips(media_dir):
        if "still" not in label:
            court = judged(pipeline(), cycle(clip), 110, 320, 1.0)
            assert REPLACED not in court.kinds, label


def test_photos_of_the_clips_and_faces_are_found_under_noise(pipeline: Callable[[], Pipeline], media_dir: Path) -> None:
    stills = [clip[0] for clip, label in clips(media_dir) if "still" in label]
    photos = [*stills, *islice(single_faces(media_dir), 6)]
    found = [REPLACED in judged(pipeline(), cycle([photo]), 110, 640, 4.0).kinds for photo in photos]
    assert sum(found) >= len(found) - 1, found


def clips(folder: Path) -> Iterator[tuple[list[Pixels], str]]:
    with (folder / "clips" / "labels.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            shown = [_rgb(still.jpeg) for still in read_stills(folder / "clips" / row["file"], 0.5)]
            yield shown, row["label"]


def single_faces(folder: Path) -> Iterator[Pixels]:
    with (folder / "faces" / "labels.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["n_faces"] == "1":
                yield _rgb((folder / "faces" / row["file"]).read_bytes())


def _rgb(content: bytes) -> Pixels:
    bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert bgr is not None
    return np.asarray(bgr[..., ::-1], dtype=np.uint8)
