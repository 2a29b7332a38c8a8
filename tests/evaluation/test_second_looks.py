"""Ways to look again at a doubtful phone: what they are weighed by, with models that say what they are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detection.detectors.objects import PHONE
from detection.detectors.yolo import DetectedObject
from detection.frames.frameops import Area
from detection.models.shelf import ModelShelf
from evaluation.figures.phone_views import View, changed
from evaluation.subjects.second_looks import NOW, WAYS, Looks, closer_below, measure, threshold_for, weigh, wrongly

BGR = np.repeat(np.arange(200, dtype=np.uint8)[None, :, None], 150, axis=0).repeat(3, axis=2)


class Model:
    """Says one thing of pictures that get lighter to the right, another of mirrored ones, and counts its looks."""

    def __init__(self, straight: list[DetectedObject], mirrored: list[DetectedObject]) -> None:
        self.straight, self.mirrored = straight, mirrored
        self.looks = 0

    def look(self, bgr: Any, region: Area, size: tuple[int, int]) -> list[DetectedObject]:
        self.looks += 1
        return self.straight if bgr[0, 0, 0] < bgr[0, -1, 0] else self.mirrored


def phone(left: float, score: float) -> DetectedObject:
    return DetectedObject(PHONE, score, left, 20, left + 60, 80)


def looks(*models: Model) -> Looks:
    return Looks(models, BGR)  # type: ignore[arg-type]


def test_a_doubt_is_the_mean_of_all_looks() -> None:
    model = Model([phone(10, 0.1)], [phone(130, 0.3)])  # 130 of 200, seen from the other side, is 10
    assert weigh(looks(model), WAYS["one look"]) == pytest.approx(0.1)
    assert weigh(looks(model), WAYS["mirrored"]) == pytest.approx(0.2)
    assert weigh(looks(model), WAYS[NOW]) == pytest.approx(0.2)


def test_what_is_elsewhere_in_the_mirror_counts_as_nothing() -> None:
    assert weigh(looks(Model([phone(10, 0.1)], [phone(10, 0.9)])), WAYS["mirrored"]) == pytest.approx(0.05)


@pytest.mark.parametrize("score", [0.01, 0.2, 0.9])
def test_without_doubt_nothing_is_looked_at_again(score: float) -> None:
    model = Model([phone(10, score)], [])
    assert weigh(looks(model), WAYS[NOW]) == score
    assert model.looks == 1
    assert weigh(looks(Model([], [])), WAYS[NOW]) == 0.0


def test_the_other_model_is_asked_where_a_way_says_so() -> None:
    first, second = Model([phone(10, 0.1)], []), Model([phone(10, 0.5)], [])
    assert weigh(looks(first, second), WAYS["by the other model"]) == pytest.approx(0.3)


def test_nothing_is_looked_at_twice() -> None:
    model = Model([phone(10, 0.1)], [phone(130, 0.3)])
    shared = looks(model)
    assert weigh(shared, WAYS["mirrored"]) == weigh(shared, closer_below(0)) == weigh(shared, WAYS["mirrored"])
    assert model.looks == 2


def test_the_threshold_lets_one_of_a_hundred_pass() -> None:
    threshold = threshold_for([score / 1000 for score in range(200)])
    assert [score for score in range(200) if score / 1000 >= threshold] == [198, 199]
    assert threshold_for([]) == 1.0
    assert wrongly([(False, True), (False, False), (False, False), (False, False)]).value == 0.25


def test_without_pictures_there_is_nothing_to_tell(tmp_path: Path) -> None:
    section = measure(ModelShelf(tmp_path), tmp_path)
    assert not section.rows and not section.figures


def test_changed_views_keep_what_they_show() -> None:
    view = View(np.full((480, 640, 3), 90, np.uint8), True, "someone", "webcam")
    views = list(changed(view, 1))
    assert {(one.phone, one.subject, one.kind) for one in views} == {(True, "someone", "webcam")}
    assert [one.bgr.shape[1] for one in views[:5]] == [640, 320, 640, 640, 480]
    assert all(540 < one.bgr.shape[1] < 612 for one in views[5:])
    assert views[3].bgr.mean() == pytest.approx(54, abs=1)
