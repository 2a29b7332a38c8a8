"""How the phone model is made: pictures put together, cells chosen, a stage trained and put into one file."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from detection.detectors.objects import PHONE
from detection.detectors.yolo import BINS, Yolo, import_openvino, open_heads
from detection.models import exported
from evaluation.phone_model import judged, rendered, views
from evaluation.phone_model.assemble import CLASSES, assemble
from evaluation.phone_model.cells import AROUND, Cells, surroundings
from evaluation.phone_model.drawing import turned
from evaluation.phone_model.labelled import Example, read
from evaluation.phone_model.moving import Made, pasted
from evaluation.phone_model.stage import BATCH, WIDTHS, Stage, begin, fit, slopes_of
from evaluation.phone_model.taps import SIZE, STRIDES, Tapped, Taps, planes_of
from evaluation.phone_model.taps import cells as all_cells
from evaluation.phone_model.targets import UNKNOWN, targets
from evaluation.phone_model.training import Plan, Shard, Verdicts
from evaluation.phone_model.views import Album, make
from evaluation.train_phone import is_better, run

HEAD = ("file", "split", "label", "boxes", "licence_tier", "box_source")


def folder_of(tmp_path: Path, count: int = 4) -> Path:
    """Return a folder of drawn pictures as the training takes them: phones, other things, and the other split."""
    rng = np.random.default_rng(5)
    (tmp_path / "images").mkdir(parents=True)
    with (tmp_path / "labels.csv").open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(HEAD)
        for split, source in (("train", "drawn"), ("val", "wpa"), ("val", "coco"), ("val", "sf")):
            for number in range(count):
                is_phone = number % 2 == 0
                made = Made(np.full((240, 320, 3), 120, np.uint8))
                patch = turned((rendered.phone if is_phone else rendered.other)(rng), rng, 100)
                pasted(made, patch, (80, 60), is_phone, 0.0)
                file = f"images/{source}_{number}.jpg"
                cv2.imwrite(str(tmp_path / file), made.bgr)
                boxes = ";".join(" ".join(f"{x:.0f}" for x in box) for box in made.phones)
                tier = "C" if source == "sf" else "A"
                lines.writerow([file, split, "phone" if is_phone else "no_phone", boxes, tier, "source"])
    return tmp_path


def test_only_pictures_with_a_licence_are_read_and_fragments_of_boxes_left_out(tmp_path: Path) -> None:
    with (tmp_path / "labels.csv").open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(HEAD)
        lines.writerow(["images/a_1.jpg", "train", "phone", "0 0 50 50;10 10 20 20", "B", "pseudo_read"])
        lines.writerow(["images/a_2.jpg", "train", "phone", "10 10 20 20", "A", "source"])
        lines.writerow(["images/b_1.jpg", "train", "phone", "0 0 50 50", "C", "source"])
        lines.writerow(["images/c_1.jpg", "val", "no_phone", "", "A", ""])
    first, second = read(tmp_path, "train")
    assert (first.source, first.phone) == ("a", True)
    assert [one.boxes for one in (first, second)] == [((0, 0, 50, 50),), ((10, 10, 20, 20),)]
    assert [one.boxes_are_complete for one in (first, second)] == [False, True]
    assert [one.source for one in read(tmp_path, "train", ("C",))] == ["b"]
    assert [one.phone for one in read(tmp_path, "val")] == [False]


@pytest.mark.slow
def test_made_pictures_are_the_same_for_a_seed_and_their_phones_are_on_them(tmp_path: Path) -> None:
    album = Album(list(read(folder_of(tmp_path), "train")))
    first, second = ([make(album, rng) for _ in range(20)] for rng in map(np.random.default_rng, (3, 3)))
    assert all(
        (one.bgr == other.bgr).all() and one.phones == other.phones for one, other in zip(first, second, strict=True)
    )
    assert any(one.phones for one in first) and any(not one.phones for one in first)
    for one in first:
        height, width = one.bgr.shape[:2]
        for left, top, right, bottom in one.phones:
            assert 0 <= left < right <= width and 0 <= top < bottom <= height


@pytest.mark.parametrize("kind", [*views.MIXES["usual"], views.taken_away])
def test_every_kind_of_picture_can_be_made(tmp_path: Path, kind: views.Kind) -> None:
    album, rng = Album(list(read(folder_of(tmp_path), "train"))), np.random.default_rng(1)
    for size in views.CANVASES:
        assert kind(album, size, rng).bgr.shape == (size[1], size[0], 3)


def test_a_phone_in_whose_place_something_else_lies_is_no_phone(tmp_path: Path) -> None:
    album, rng = Album(list(read(folder_of(tmp_path), "train"))), np.random.default_rng(1)
    assert not any(views.swapped(album, (416, 312), rng).phones for _ in range(10))


def test_a_phone_that_is_pasted_over_becomes_unknown() -> None:
    made = Made(np.zeros((100, 100, 3), np.uint8), [(10.0, 10.0, 50.0, 50.0), (70.0, 70.0, 90.0, 90.0)])
    pasted(made, np.full((60, 60, 4), 255, np.uint8), (0, 0), phone=False, light=0.5)
    assert made.phones == [(70.0, 70.0, 90.0, 90.0)] and made.unknown == [(10.0, 10.0, 50.0, 50.0)]
    assert (made.bgr[:60, :60] > 100).all() and not made.bgr[60:, 60:].any()


@pytest.mark.parametrize("name", rendered.OTHERS)
def test_things_are_drawn_with_an_outline(name: str) -> None:
    patch = rendered.OTHERS[name][0](np.random.default_rng(2))
    assert patch.shape[2] == 4 and 0 < (patch[..., 3] > 0).mean() <= 1
    assert max(turned(patch, np.random.default_rng(2), 40).shape[:2]) in range(38, 44)


def tapped(boxes: np.ndarray, logits: np.ndarray) -> Tapped:
    return Tapped([], [], boxes.astype(np.float16), logits.astype(np.float16))


def test_the_cells_that_give_a_phones_box_best_are_to_say_phone() -> None:
    centres, strides = all_cells(SIZE)
    box = np.array([100, 100, 180, 200], np.float32)
    boxes = np.tile(np.array([0, 0, 5, 5], np.float32), (len(centres), 1))
    right = np.flatnonzero((np.abs(centres - (140, 150)) < 20).all(axis=1))[:3]
    boxes[right] = box
    logits = np.full(len(centres), -9.0)
    far = int(np.flatnonzero(centres[:, 0] > 350)[0])
    logits[far] = 0.0
    aims = targets(box[None], np.zeros((0, 4), np.float32), tapped(boxes, logits), centres, strides, complete=True)
    assert sorted(np.flatnonzero(aims == 1)) == sorted(right)
    assert (aims[np.flatnonzero((np.abs(centres - (140, 150)) <= (40, 50)).all(axis=1))] != 0).all()
    assert aims[far] == 0
    doubted = targets(box[None], np.zeros((0, 4), np.float32), tapped(boxes, logits), centres, strides, complete=False)
    assert doubted[far] == UNKNOWN, "where boxes are known to be missing, what the stock takes for a phone may be one"


def test_the_surroundings_are_the_mean_of_what_is_there() -> None:
    neck = np.zeros((5, 4, 4), np.uint8)
    neck[:, 0, 0] = 90
    told = surroundings(neck, 3)
    assert told.shape == neck.shape
    assert (told[:, 0, 0] == 22).all() and (told[:, 1, 1] == 10).all() and (told[:, 2, 2] == 0).all()


def some_cells(rng: np.random.Generator, count: int) -> Cells:
    codes = rng.integers(0, 256, (count, 12)).astype(np.uint8)
    aims = (codes[:, 0].astype(int) + codes[:, 1] > 255).astype(np.float32)
    return Cells(codes, rng.normal(-2, 0.1, count).astype(np.float32), aims)


@pytest.mark.slow
def test_a_stage_begins_as_the_stock_model_and_learns_what_it_does_not_know() -> None:
    rng = np.random.default_rng(4)
    cells, fresh = some_cells(rng, 8 * BATCH), some_cells(rng, 1000)
    stage = begin(cells, rng)
    assert np.allclose(stage.logits(fresh.codes, fresh.stock), fresh.stock)
    losses = fit(stage, cells, 60, rng, 2.0)
    assert losses[-1] < losses[0] / 2
    said = stage.logits(fresh.codes, fresh.stock) > 0
    assert (said == (fresh.aims > 0.5)).mean() > 0.9


def test_the_slopes_are_those_of_the_loss() -> None:
    """Without what is left out by chance and without the focus the slope must be the loss's own."""
    rng = np.random.default_rng(6)
    cells = some_cells(rng, 64)
    stage = begin(cells, rng)
    stage.layers = [
        ((w + rng.normal(0, 0.05, w.shape)).astype(np.float32), s.astype(np.float32)) for w, s in stage.layers
    ]
    one = np.ones(len(cells), np.float32)

    class Never:
        def random(self, shape: tuple[int, ...], _kind: type) -> np.ndarray:
            return np.ones(shape)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evaluation.phone_model.stage.FOCUS", 0.0)
        patch.setattr("evaluation.phone_model.stage.DROPPED", 0.0)
        given = cells.codes, cells.stock, cells.aims, one, Never()
        _, slopes = slopes_of(stage, *given)  # type: ignore[arg-type]
        for place in range(3):
            for at in ((0, 0), (3, 0)):
                weights, small = stage.layers[place][0], 1e-3
                weights[at] += small
                above = slopes_of(stage, *given)[0]  # type: ignore[arg-type]
                weights[at] -= 2 * small
                below = slopes_of(stage, *given)[0]  # type: ignore[arg-type]
                weights[at] += small
                assert (above - below) / (2 * small) == pytest.approx(slopes[place][0][at], abs=2e-3)


def test_scores_are_judged_picture_by_picture() -> None:
    scores, truth = np.array([3.0, 2.0, 1.0, 0.0], np.float32), np.array([True, False, True, False])
    assert judged.at(scores, truth, 1.0) == pytest.approx((2 / 3, 1.0, 0.8))
    assert judged.average_precision(scores, truth) == pytest.approx((1 + 2 / 3) / 2)
    threshold, told = judged.best(scores, truth)
    assert 0 < threshold < 1 and told.f1 == pytest.approx(0.8)
    assert judged.recall_at(scores, truth, 0.9) == 0.5 and judged.recall_at(scores, truth, 0.6) == 1.0
    assert judged.average_precision(scores, np.zeros(4, bool)) == 0.0


# ------------------------------------------------------------------------------------ with the stock model


@pytest.fixture(scope="module")
def stock(models_dir: Path) -> Path:
    return models_dir / "yolo11n_int8_openvino_model" / "yolo11n.xml"


def picture(seed: int = 3) -> np.ndarray:
    made = Made(np.full((312, 416, 3), 130, np.uint8))
    rng = np.random.default_rng(seed)
    pasted(made, turned(rendered.phone(rng), rng, 150), (120, 80), True, 0.0)
    return made.bgr


def some_stage(inputs: int, seed: int) -> Stage:
    rng = np.random.default_rng(seed)
    sizes = (inputs, *WIDTHS, 1)
    layers = [
        (rng.normal(0, n**-0.5, (n, m)).astype(np.float32), rng.normal(0, 0.2, m).astype(np.float32))
        for n, m in pairwise(sizes)
    ]
    return Stage(rng.uniform(0, 60, inputs).astype(np.float32), rng.uniform(10, 40, inputs).astype(np.float32), layers)


def answers(openvino: Any, model: Any) -> list[Any]:
    """Return the three grids that a model gives for one picture."""
    model.reshape([1, 3, SIZE[1], SIZE[0]])
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    told = compiled(planes_of(picture(), SIZE)[None])
    return [told[place][0] for place in range(len(STRIDES))]


def test_cut_to_an_exams_classes_the_stock_model_says_the_same(stock: Path, tmp_path: Path) -> None:
    assemble(stock, None, tmp_path)
    openvino = import_openvino()
    whole = answers(openvino, open_heads(openvino, openvino.Core().read_model(stock)))
    cut = answers(openvino, openvino.Core().read_model(tmp_path / "model.xml"))
    for ours, theirs in zip(cut, whole, strict=True):
        assert len(ours) == 4 * BINS + len(CLASSES)
        assert np.abs(ours[: 4 * BINS] - theirs[: 4 * BINS]).max() < 1e-3
        for place, number in enumerate(CLASSES):
            assert np.abs(ours[4 * BINS + place] - theirs[4 * BINS + number]).max() < 1e-3


def test_the_file_says_what_the_stages_say(stock: Path, tmp_path: Path) -> None:
    taps, bgr = Taps(stock), picture()
    seen = taps.look(bgr)
    stages = [
        some_stage(2 * len(n) + len(h), place) for place, (n, h) in enumerate(zip(seen.necks, seen.hidden, strict=True))
    ]
    assemble(stock, stages, tmp_path)
    openvino = import_openvino()
    told = answers(openvino, openvino.Core().read_model(tmp_path / "model.xml"))
    begun = 0
    for place, stage in enumerate(stages):
        maps = np.concatenate([seen.necks[place], surroundings(seen.necks[place], AROUND[place]), seen.hidden[place]])
        codes = maps.reshape(len(maps), -1).T
        stock_logits = seen.logits[begun : begun + len(codes)].astype(np.float32)
        begun += len(codes)
        expected = stage.logits(codes, stock_logits)
        assert np.abs(told[place][4 * BINS].ravel() - expected).max() < 0.15  # codes of the mean are rounded


def test_the_whole_way_from_pictures_to_a_model_that_is_taken(stock: Path, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "pictures")
    out = tmp_path / "made"
    run(Plan(folder, stock, tmp_path / "kept", [Shard("usual", 6, 1), Shard("held", 4, 1)], 1), out)
    made = exported.read(out)
    assert made is not None and made.names[0] == PHONE
    yolo = Yolo(made.path, made.names, dict.fromkeys(made.names.values(), 0.001))
    assert yolo.look(picture(), (0, 0, 416, 312), SIZE)
    assert len(list((tmp_path / "kept").glob("*1/done"))) == 2


def verdicts(ours: dict[str, list[float]]) -> Verdicts:
    """Return verdicts on one phone and one other thing of each source, of which the stock model knows no difference."""
    sources = [source for source in ours for _ in range(2)]
    truth = np.array([True, False] * len(ours))
    stock = np.array([0.0, 1.0, 1.0, 0.0], np.float32)
    return Verdicts(sources, truth, stock, np.array([value for pair in ours.values() for value in pair], np.float32))


def test_only_what_loses_on_no_source_is_shipped() -> None:
    assert is_better(verdicts({"wpa": [1.0, 0.0], "coco": [1.0, 0.0]}))
    assert not is_better(verdicts({"wpa": [1.0, 0.0], "coco": [0.0, 1.0]})), "better here, worse there"
    assert not is_better(verdicts({"wpa": [0.0, 1.0], "coco": [1.0, 0.0]})), "no better anywhere"


def test_an_example_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no picture"):
        Example(tmp_path / "none.jpg", "x", False, (), True).pixels()
    assert STRIDES == (8, 16, 32)
