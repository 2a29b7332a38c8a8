"""Phones and other objects: the numbers around the model, then the model on real pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detection.detectors import objects, yolo
from detection.detectors.objects import (
    COCO,
    PHONE,
    STOCK,
    ObjectDetector,
    as_values,
    choose,
    input_size,
    mirrored_back,
    score_near,
    second_region,
)
from detection.detectors.regions import around, tiles
from detection.detectors.yolo import DetectedObject, fit, merge, overlap, read_grid, read_outputs, read_table
from detection.frames.decode import Picture
from detection.frames.frameops import Area
from detection.models import exported
from detection.models.shelf import ModelShelf
from evaluation.figures.phone_views import View, as_sent, labelled

NUMBERS = np.array([0, 67])
FLOORS = np.array([[0.4], [0.01]], np.float32)
Floats = NDArray[np.float32]


def thing(
    left: float, top: float, right: float, bottom: float, score: float = 0.5, label: str = PHONE
) -> DetectedObject:
    return DetectedObject(label, score, left, top, right, bottom)


# ------------------------------------------------------------------------------------ boxes


def test_boxes_that_share_half_of_their_area_overlap_by_a_third() -> None:
    assert overlap(thing(0, 0, 10, 10), thing(5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap(thing(0, 0, 10, 10), thing(10, 0, 20, 10)) == 0
    assert overlap(thing(0, 0, 10, 10), thing(0, 0, 10, 10)) == 1


def test_the_surest_of_overlapping_boxes_of_one_label_stays() -> None:
    first, second = thing(0, 0, 10, 10, 0.3), thing(1, 0, 11, 10, 0.6)
    book, far = thing(0, 0, 10, 10, 0.2, "book"), thing(40, 0, 50, 10, 0.1)
    assert merge([first, second, book, far]) == [second, book, far]


@pytest.mark.parametrize(
    ("region", "size", "place"),
    [
        ((0, 0, 640, 480), (416, 320), (0, 4, 416, 312)),
        ((9, 9, 480, 640), (416, 320), (88, 0, 240, 320)),
        ((0, 0, 1, 1), (416, 320), (48, 0, 320, 320)),
        ((0, 0, 2000, 1), (416, 320), (0, 159, 416, 1)),
    ],
)
def test_a_region_keeps_its_shape_in_the_middle_of_the_input(region: Area, size: yolo.Size, place: Area) -> None:
    assert fit(region, size) == place


def test_the_closer_look_has_the_pictures_shape_and_stays_inside() -> None:
    assert around(thing(310, 230, 330, 250), 640, 480) == (128, 96, 384, 288)
    assert around(thing(-5, 400, 20, 480), 640, 480) == (0, 192, 384, 288)
    assert around(thing(0, 0, 1, 1), 1, 1) == (0, 0, 1, 1)


@pytest.mark.parametrize("size", [(640, 480), (320, 240), (1, 1), (3, 1080)])
def test_tiles_cover_the_picture(size: tuple[int, int]) -> None:
    seen = np.zeros(size[::-1], bool)
    for left, top, width, height in tiles(*size):
        assert left + width <= size[0] and top + height <= size[1]
        seen[top : top + height, left : left + width] = True
    assert seen.all()


def test_a_box_is_told_in_whole_pixels_inside_the_picture() -> None:
    picture = Picture(np.zeros((48, 64, 3), np.uint8))
    values = as_values(thing(-3.4, 10.2, 70, 20.6, 0.12345), picture)
    assert values == {"label": PHONE, "box": [0, 10, 64, 11], "score": 0.123}


def test_pictures_lie_or_stand() -> None:
    assert input_size(640, 480) == input_size(300, 300) == (416, 320)
    assert input_size(480, 640) == (320, 416)


def test_what_was_seen_mirrored_lies_where_it_is() -> None:
    assert mirrored_back(thing(10, 20, 30, 60), (100, 50, 200, 150)) == thing(270, 70, 290, 110)
    assert mirrored_back(mirrored_back(thing(1, 2, 3, 4), (0, 0, 8, 8)), (0, 0, 8, 8)) == thing(1, 2, 3, 4)


def test_only_a_small_doubt_is_seen_closer() -> None:
    picture = Picture(np.zeros((480, 640, 3), np.uint8))  # 0.65 pixels of the input for each of its own
    small, large = thing(300, 200, 330, 230), thing(300, 200, 331, 231)
    assert second_region(small, picture) == around(small, 640, 480)
    assert second_region(large, picture) == (0, 0, 640, 480)


def test_the_second_look_counts_where_it_meets_the_doubt() -> None:
    doubt = thing(10, 10, 20, 20)
    closer = [thing(11, 11, 19, 19, 0.4), thing(0, 0, 5, 5, 0.9), thing(10, 10, 20, 20, 0.8, "book")]
    assert score_near(doubt, closer) == 0.4
    assert score_near(doubt, []) == 0


# ------------------------------------------------------------------------------------ what a model answers


def grid(number: int, logit: float, row: int, column: int, distances: tuple[int, int, int, int]) -> Floats:
    """A grid of 4 x 5 cells with one sure object: distances in cells to the left, top, right and bottom."""
    cells: Floats = np.full((64 + 80, 4, 5), -20, np.float32)
    cells[64 + number, row, column] = logit
    for side, distance in enumerate(distances):
        cells[16 * side + distance, row, column] = 20
    return cells


def test_a_grid_tells_boxes_in_pixels_of_the_input() -> None:
    boxes, scores, places = read_grid(grid(67, 0.0, 2, 3, (1, 2, 3, 1)), NUMBERS, 8, FLOORS)
    assert boxes[0] == pytest.approx([(3.5 - 1) * 8, (2.5 - 2) * 8, (3.5 + 3) * 8, (2.5 + 1) * 8], abs=1e-3)
    assert (scores.tolist(), places.tolist()) == ([0.5], [1])


def test_each_label_has_its_own_floor() -> None:
    for number, logit, found in ((0, -0.5, 0), (0, 0.5, 1), (67, -4, 1), (67, -5, 0), (3, 9, 0)):
        assert len(read_grid(grid(number, logit, 0, 0, (0, 0, 0, 0)), NUMBERS, 8, FLOORS)[0]) == found


def test_three_grids_are_read_together() -> None:
    outputs = [grid(67, 1.0, 1, 1, (1, 1, 1, 1)), grid(0, 2.0, 1, 1, (1, 1, 1, 1)), grid(5, 9.0, 1, 1, (1, 1, 1, 1))]
    _, scores, places = read_outputs(outputs, NUMBERS, (40, 32), FLOORS)
    assert places.tolist() == [1, 0] and scores[1] > scores[0]


def test_a_whole_model_answers_in_columns() -> None:
    table: Floats = np.zeros((84, 3), np.float32)
    table[:4, 1] = 50, 40, 20, 10
    table[4 + 67, 1] = 0.7
    boxes, scores, places = read_table(table, NUMBERS, FLOORS)
    assert boxes.tolist() == [[40, 35, 60, 45]] and places.tolist() == [1]
    assert scores.tolist() == pytest.approx([0.7])


def test_a_model_without_duplicates_answers_in_rows() -> None:
    rows: Floats = np.array([[1, 2, 3, 4, 0.3, 67], [1, 2, 3, 4, 0.3, 0], [5, 6, 7, 8, 0.9, 0], [0, 0, 1, 1, 0.9, 79]])
    boxes, _, places = read_outputs([rows.astype(np.float32)], NUMBERS, (640, 640), FLOORS)[:3]
    assert boxes.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]] and places.tolist() == [1, 0]


# ------------------------------------------------------------------------------------ deciding


class Scripted:
    """A model that says what it is told to, look by look, and remembers where it looked."""

    def __init__(self, *answers: list[DetectedObject]) -> None:
        self.answers = iter(answers)
        self.regions: list[Area] = []

    def look(self, bgr: Any, region: Area, size: yolo.Size) -> list[DetectedObject]:
        self.regions.append(region)
        return next(self.answers, [])


def told(model: Scripted, **context: Any) -> list[tuple[str, float]]:
    detector = ObjectDetector(ModelShelf(Path("nowhere"), (), ()))
    detector._yolo = model  # type: ignore[assignment]
    bgr = np.repeat(np.arange(640, dtype=np.uint16)[None, :, None], 480, axis=0).repeat(3, axis=2) % 251
    values = detector.look(Picture(bgr.astype(np.uint8)), {}, context)
    return [(one["label"], one["score"]) for one in values["objects"]]


def test_a_sure_phone_needs_one_look() -> None:
    model = Scripted([thing(100, 100, 200, 200, 0.6)])
    assert told(model) == [(PHONE, 0.6)]
    assert model.regions == [(0, 0, 640, 480)]


class Pictured(Scripted):
    """A scripted model that keeps what it was shown."""

    def __init__(self, *answers: list[DetectedObject]) -> None:
        super().__init__(*answers)
        self.pictures: list[Any] = []

    def look(self, bgr: Any, region: Area, size: yolo.Size) -> list[DetectedObject]:
        self.pictures.append(bgr)
        return super().look(bgr, region, size)


@pytest.mark.parametrize(("again", "expected"), [(0.5, [(PHONE, 0.3)]), (0.0, []), (0.04, [(PHONE, 0.07)])])
def test_a_doubtful_phone_is_looked_at_again_mirrored(again: float, expected: list[tuple[str, float]]) -> None:
    model = Pictured([thing(100, 100, 200, 200, 0.1)], [thing(450, 110, 530, 190, again)])
    assert told(model) == expected
    assert model.regions == [(0, 0, 640, 480)] * 2
    assert (model.pictures[1] == model.pictures[0][:, ::-1]).all()


def test_a_doubtful_phone_elsewhere_in_the_mirror_does_not_count() -> None:
    assert told(Scripted([thing(100, 100, 200, 200, 0.1)], [thing(100, 100, 200, 200, 0.9)])) == []


def test_a_small_doubtful_phone_is_looked_at_closer_too() -> None:
    doubt = thing(100, 100, 120, 120, 0.1)
    left, top, width, height = around(doubt, 640, 480)
    again = thing(left + width - 120, 100 - top, left + width - 100, 120 - top, 0.5)
    model = Pictured([doubt], [again])
    assert told(model) == [(PHONE, 0.3)]
    assert model.regions[1] == (0, 0, width, height)
    assert model.pictures[1].shape == (height, width, 3)


def test_other_things_need_no_second_look_but_some_size() -> None:
    near, shelf = thing(0, 0, 200, 200, 0.9, "book"), thing(300, 0, 320, 60, 0.9, "book")
    person = thing(5, 5, 20, 30, 0.5, "person")
    model = Scripted([near, shelf, person])
    assert told(model) == [("book", 0.9), ("person", 0.5)]
    assert len(model.regions) == 1


def test_the_room_says_what_is_watched_for() -> None:
    seen = [thing(0, 0, 200, 200, 0.9, "remote"), thing(300, 0, 500, 200, 0.8)]
    assert told(Scripted(seen)) == [(PHONE, 0.8)]
    assert told(Scripted(seen), labels=["remote"]) == [("remote", 0.9)]
    assert told(Scripted(seen), labels=[]) == []


def test_a_thorough_look_searches_in_tiles() -> None:
    hand = thing(500, 400, 520, 430, 0.9)
    model = Scripted([], [], [], [], [hand])
    assert told(model, thorough=True) == [(PHONE, 0.195)]
    assert model.regions[1:] == list(tiles(640, 480))
    assert told(Scripted([], [hand._replace(score=0.2)]), thorough=True) == []


def test_a_look_before_loading_is_an_error() -> None:
    detector = ObjectDetector(ModelShelf(Path("nowhere"), (), ()))
    with pytest.raises(RuntimeError, match="load"):
        detector.look(Picture(np.zeros((4, 4, 3), np.uint8)), {})


@pytest.fixture(scope="module")
def models(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> ModelShelf:
    return ModelShelf(tmp_path_factory.mktemp("cache"), [models_dir])


@pytest.fixture(scope="module")
def detector(models: ModelShelf) -> Iterator[ObjectDetector]:
    with closing(ObjectDetector(models)) as made:
        made.load()
        yield made


def test_with_nothing_but_the_repository_it_finds_phones(tmp_path: Path, media_dir: Path) -> None:
    detector = ObjectDetector(ModelShelf(tmp_path))
    assert detector.available() is None
    detector.load()
    bgr = np.asarray(cv2.imread(str(media_dir / "phone/phone_p029.jpg")), np.uint8)
    assert PHONE in {one["label"] for one in detector.look(Picture(bgr), {})["objects"]}


@pytest.fixture
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "SHIPPED", tmp_path / "exam_objects")


@pytest.mark.usefixtures("nothing_shipped")
def test_without_a_model_it_says_so(tmp_path: Path) -> None:
    empty = ObjectDetector(ModelShelf(tmp_path))
    assert "exam_objects" in (empty.available() or "")
    with pytest.raises(FileNotFoundError):
        empty.load()


@pytest.mark.usefixtures("nothing_shipped")
def test_a_stock_model_serves_where_ours_is_gone(models: ModelShelf) -> None:
    chosen = choose(models)
    assert chosen is not None and chosen.names == COCO and chosen.limits == STOCK


@pytest.mark.usefixtures("nothing_shipped")
def test_a_model_of_one_file_is_not_there(models_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "yolo11n_int8_openvino_model"
    folder.mkdir()
    (folder / "yolo11n.xml").symlink_to(models_dir / folder.name / "yolo11n.xml")
    assert ObjectDetector(ModelShelf(tmp_path / "cache", [tmp_path])).available()


def test_an_exported_model_goes_before_the_others(models: ModelShelf, models_dir: Path, tmp_path: Path) -> None:
    made = models_dir / "yolov8n_int8_openvino_model"
    names = {"0": "person", "62": "tv", "67": PHONE, "79": "toothbrush"}
    exported.keep(made, tmp_path, "yolo_phone", "yolo11s.pt", "int8", names)
    detector = ObjectDetector(ModelShelf(tmp_path, [models_dir]))
    chosen = choose(ModelShelf(tmp_path, [models_dir]))
    assert chosen is not None and chosen.path.parent.parent.parent == tmp_path
    assert chosen.names == {0: "person", 62: "tv", 67: PHONE} and chosen.limits == STOCK
    detector.load()
    assert detector.look(Picture(np.zeros((480, 640, 3), np.uint8)), {}) == {"objects": []}


def test_what_older_versions_exported_by_themselves_does_not_go_before_ours(models_dir: Path, tmp_path: Path) -> None:
    made = models_dir / "yolov8n_int8_openvino_model"
    exported.keep(made, tmp_path, "yolo_phone", "yolo11n.pt", "int8", {"67": PHONE})
    chosen = choose(ModelShelf(tmp_path))
    assert chosen is not None and chosen.path.parent == exported.SHIPPED


@pytest.mark.parametrize("name", ["yolo_phone", "yolo_phone_small"])
@pytest.mark.parametrize("size", [(416, 320), (320, 416), (224, 224)])
def test_an_opened_model_says_what_the_whole_one_says(
    models: ModelShelf, media_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: yolo.Size
) -> None:
    """At the size that it was exported for both can be asked; the opened one must agree at other sizes in kind."""
    path = models.locate(name)
    assert path is not None
    labels, floors = {0: "person", 67: PHONE}, {"person": 0.3, PHONE: 0.3}
    bgr = np.asarray(cv2.imread(str(media_dir / "phone/phone_p029.jpg")), np.uint8)
    region = (0, 0, bgr.shape[1], bgr.shape[0])
    opened = yolo.Yolo(path, labels, floors)
    monkeypatch.setattr(yolo, "open_heads", lambda openvino, model: model)
    whole = yolo.Yolo(path, labels, floors)
    own = yolo.fixed_size(whole._model)
    assert own is not None
    expected, same = whole.look(bgr, region, size), opened.look(bgr, region, own)
    assert [one.label for one in same] == [one.label for one in expected]
    for ours, theirs in zip(same, expected, strict=True):
        assert ours.score == pytest.approx(theirs.score, abs=0.05) and overlap(ours, theirs) > 0.9
    assert PHONE in {one.label for one in opened.look(bgr, region, size)}


def views_of(media_dir: Path, longest: int) -> list[View]:
    views = labelled(media_dir / "phone")
    return [View(as_sent(view.bgr, longest), view.phone, view.subject, view.kind) for view in views]


@pytest.mark.parametrize("longest", [320, 640])
def test_phones_are_found_and_little_else(detector: ObjectDetector, media_dir: Path, longest: int) -> None:
    found = missed = wrong = 0
    for view in views_of(media_dir, longest):
        values = detector.look(Picture(view.bgr), {})
        seen = any(one["label"] == PHONE for one in values["objects"])
        found, missed = found + (seen and view.phone), missed + (view.phone and not seen)
        wrong += seen and not view.phone
    assert found / (found + missed) >= 0.8
    assert found / (found + wrong) >= 0.75


def test_scores_are_sorted_and_boxes_lie_inside(detector: ObjectDetector, media_dir: Path) -> None:
    for view in views_of(media_dir, 320)[:12]:
        things = detector.look(Picture(view.bgr), {}, {"labels": list(objects.COCO.values())})["objects"]
        assert [one["score"] for one in things] == sorted((one["score"] for one in things), reverse=True)
        for one in things:
            left, top, width, height = one["box"]
            assert left >= 0 and top >= 0 and left + width <= 320 and top + height <= 320


def test_a_phone_that_is_small_in_the_picture_needs_the_thorough_look(
    detector: ObjectDetector, media_dir: Path
) -> None:
    views = [view for view in labelled(media_dir / "phone") if view.phone]
    canvas = [np.full((480, 640, 3), 128, np.uint8) for _ in views]
    for number, (view, room) in enumerate(zip(views, canvas, strict=True)):
        scale = 0.22 * min(640 / view.bgr.shape[1], 480 / view.bgr.shape[0])
        part = cv2.resize(view.bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        top, left = (480 - part.shape[0]) * (number % 2), (640 - part.shape[1]) * (number // 2 % 2)
        room[top : top + part.shape[0], left : left + part.shape[1]] = part
    usual, thorough = (sum(_sees(detector, room, wish) for room in canvas) for wish in (False, True))
    assert thorough > usual


def _sees(detector: ObjectDetector, bgr: NDArray[np.uint8], thorough: bool) -> bool:
    phones, _ = detector.weigh(Picture(bgr), thorough)
    return any(phone.score >= detector.limits.told_from for phone in phones)


@pytest.mark.parametrize(("able", "precision"), [(["FP32", "BF16", "INT8"], "bf16"), (["FP32"], "f32")])
def test_the_precision_is_the_cpus(able: list[str], precision: str) -> None:
    settings: Callable[[Any], dict[str, Any]] = yolo.Yolo._settings
    core = SimpleNamespace(get_property=lambda device, name: able)
    chosen = settings(SimpleNamespace(_core=core))
    assert chosen["INFERENCE_PRECISION_HINT"] == precision and chosen["INFERENCE_NUM_THREADS"] == 1
