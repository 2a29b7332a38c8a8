"""The learned second stage: what it reads, what it may do, and which files it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data

from detection.detectors import second_stage
from detection.detectors.objects import PHONE, ObjectDetector
from detection.detectors.phone_features import NAMES, features, of_picture
from detection.detectors.second_stage import FILE, SecondStage, StageError, load, lower, save
from detection.detectors.yolo import DetectedObject
from detection.frames.decode import Picture, decode
from detection.models import exported, number_files
from detection.models.shelf import ModelShelf, sha256_of
from tests.detection.phone_pictures import held

MODEL = exported.SHIPPED / "model.xml"
FAR = 1e6  # a reach that has everything within it
WALLET = 5  # a picture whose wallet the model surely takes for a phone


def stage(bias: float, **weights: float) -> SecondStage:
    """A stage that weighs only the named features."""
    weighed = np.array([weights.get(name, 0.0) for name in NAMES])
    return SecondStage(np.zeros(len(NAMES)), np.ones(len(NAMES)), weighed, bias, FAR, sha256_of(MODEL), "made")


def seen(
    left: float, top: float, right: float, bottom: float, score: float = 0.5, label: str = PHONE
) -> DetectedObject:
    return DetectedObject(label, score, left, top, right, bottom)


@pytest.fixture
def cat() -> Picture:
    return Picture(np.ascontiguousarray(np.asarray(skimage.data.chelsea())[..., ::-1]))


# ------------------------------------------------------------------------------------ features


def test_each_feature_is_a_number_wherever_the_box_is(cat: Picture) -> None:
    whole, corner, sliver = (0, 0, cat.width, cat.height), (-20, -20, 5, 5), (cat.width - 1, 10, cat.width + 9, 300)
    for box in (whole, corner, sliver, (50, 50, 50, 50)):
        numbers = features(cat, seen(*box), [])
        assert numbers.shape == (len(NAMES),) and np.isfinite(numbers).all(), box


def test_features_say_what_the_detector_said_and_where() -> None:
    picture = Picture(np.full((100, 200, 3), 128, np.uint8))
    others = [seen(40, 20, 80, 40, 0.7, "remote"), seen(0, 0, 100, 100, 0.9, "person")]
    told = dict(zip(NAMES, features(picture, seen(40, 20, 80, 40), others), strict=True))
    assert told["score"] == pytest.approx(0.0)
    assert told["area"] == pytest.approx(math.log(800 / 20000))
    assert told["length"] == told["lying"] == pytest.approx(math.log(2))
    assert (told["across"], told["down"], told["cut"]) == (pytest.approx(0.2), pytest.approx(0.3), 0.0)
    assert (told["rival"], told["on_person"]) == (0.7, 1.0)
    assert told["edges"] == 0.0 and told["light_step"] == pytest.approx(0.0, abs=1e-9)


def test_a_turned_picture_has_the_same_edges(cat: Picture) -> None:
    square = cat.bgr[:300, :300]
    upright = of_picture(square, seen(0, 0, 300, 300))
    lying = of_picture(np.ascontiguousarray(np.rot90(square)), seen(0, 0, 300, 300))
    assert lying == pytest.approx(upright, abs=0.02)


# ------------------------------------------------------------------------------------ what it may do


@pytest.mark.parametrize(("chance", "left"), [(1.0, 0.8), (0.5, 0.8), (0.25, 0.4), (0.0, 0.0)])
def test_a_score_is_lowered_and_never_raised(chance: float, left: float) -> None:
    assert lower(0.8, chance) == pytest.approx(left)


def test_a_sum_beyond_all_bounds_is_still_a_chance() -> None:
    x = np.zeros(len(NAMES))
    assert [stage(bias).chance(x) for bias in (-1e6, 0.0, 1e6)] == [pytest.approx(0), 0.5, pytest.approx(1)]


def test_what_is_unlike_all_that_was_judged_is_left_alone() -> None:
    made = replace(stage(-9.0), reach=2.0)
    assert made.chance(np.full(len(NAMES), 1.9)) < 0.001
    assert made.chance(np.full(len(NAMES), -2.1)) == 1.0


def test_the_surest_is_first_after_lowering_too(cat: Picture) -> None:
    phones = [seen(0, 0, 100, 100, 0.9), seen(200, 200, 260, 260, 0.6)]
    lowered = stage(-6.2, area=-2.0).lowered(cat, phones, [])
    assert [one.left for one in lowered] == [200, 0] and lowered[1].score < 0.6


@pytest.fixture(scope="module")
def looks() -> Callable[[Path | None], list[dict[str, Any]]]:
    """What the shipped model sees of some pictures, with what lies in a folder of learned things."""
    sent = [decode(held(seed, is_phone)[0]) for seed in (2, WALLET, 23) for is_phone in (True, False)]

    def look(learned: Path | None) -> list[dict[str, Any]]:
        detector = ObjectDetector(ModelShelf(Path("nowhere"), learned=learned))
        detector.load()
        return [dict(detector.look(picture, {})) for picture in sent]

    return look


@pytest.mark.slow
def test_without_a_file_and_with_a_damaged_one_all_is_as_it_was(
    looks: Callable[[Path | None], list[dict[str, Any]]], tmp_path: Path
) -> None:
    usual = looks(None)
    assert any(one["label"] == PHONE for look in usual for one in look["objects"])
    assert looks(tmp_path) == usual
    (tmp_path / FILE).write_text("{")
    assert looks(tmp_path) == usual


@pytest.mark.slow
def test_with_a_file_phones_are_lowered_or_gone_and_the_rest_stays(
    looks: Callable[[Path | None], list[dict[str, Any]]], tmp_path: Path
) -> None:
    usual = looks(None)
    save(stage(-0.6), tmp_path / FILE)
    changed, share = looks(tmp_path), 2 / (1 + math.exp(0.6))
    for before, after in zip(usual, changed, strict=True):
        others = [[one for one in look["objects"] if one["label"] != PHONE] for look in (before, after)]
        assert others[0] == others[1]
        phones = [[one["score"] for one in look["objects"] if one["label"] == PHONE] for look in (before, after)]
        assert phones[1] == pytest.approx([one * share for one in phones[0]][: len(phones[1])], abs=0.002)
    save(stage(-40.0), tmp_path / FILE)
    assert not any(one["label"] == PHONE for look in looks(tmp_path) for one in look["objects"])


# ------------------------------------------------------------------------------------ the file


def test_a_stage_is_read_as_it_was_written_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "learned" / FILE
    save(stage(0.0), path)
    save(stage(0.25, score=1.5), path)
    read = load(path, MODEL)
    assert (read.bias, read.weights[0], read.note) == (0.25, 1.5, "made")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == [FILE], "nothing unfinished stays"


DAMAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no second stage": lambda told: told.update(format="pickle"),
    "has version 2": lambda told: told.update(version=2),
    "it was changed": lambda told: told.update(bias=told["bias"] + 1),
    "cannot be used: 'sha256'": lambda told: told.pop("sha256"),
}


@pytest.mark.parametrize("why", DAMAGES)
def test_a_file_that_was_changed_is_refused_in_words(why: str, tmp_path: Path) -> None:
    path = tmp_path / FILE
    save(stage(0.0), path)
    told = json.loads(path.read_text())
    DAMAGES[why](told)
    path.write_text(json.dumps(told))
    with pytest.raises(StageError, match=why):
        load(path, MODEL)


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("not one for each feature", {"weights": np.zeros(3)}),
        ("numbers that are none", {"centre": np.full(len(NAMES), math.inf)}),
        ("numbers that are none", {"weights": np.full(len(NAMES), math.nan)}),
        ("numbers that are none", {"bias": math.nan}),
        ("numbers that are none", {"reach": math.inf}),
        ("scale is not positive", {"scale": np.zeros(len(NAMES))}),
        ("learned with another model", {"detector": "0" * 64}),
        ("other features", {"features": NAMES[1:]}),
    ],
)
def test_content_that_cannot_be_used_is_refused_though_its_sum_fits(
    why: str, changed: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / FILE
    save(stage(0.0), path)
    told = {name: value for name, value in json.loads(path.read_text()).items() if name != "sha256"}
    told.update({name: np.asarray(value).tolist() for name, value in changed.items()})
    path.write_text(json.dumps({**told, "sha256": number_files.digest(told)}))
    with pytest.raises(StageError, match=why):
        load(path, MODEL)


def test_numbers_that_are_none_are_not_written(tmp_path: Path) -> None:
    save(stage(0.0), tmp_path / FILE)
    with pytest.raises(ValueError, match="JSON"):
        save(stage(math.nan), tmp_path / FILE)
    assert load(tmp_path / FILE, MODEL).bias == 0.0, "the earlier file stays"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 60_000, b"[]", b" " * 100_001])
def test_what_is_no_such_file_at_all_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StageError):
        load(tmp_path / FILE, MODEL)


def test_nothing_learned_is_no_fault_and_a_damaged_file_is_told(tmp_path: Path) -> None:
    assert second_stage.find(None, MODEL) is None and second_stage.find(tmp_path, MODEL) is None
    detector = ObjectDetector(ModelShelf(Path("nowhere"), learned=tmp_path))
    assert detector.reduced() is None
    (tmp_path / FILE).write_text("{")
    assert "what was learned about phones is left out" in str(detector.reduced())
    save(stage(0.0), tmp_path / FILE)
    assert detector.reduced() is None
