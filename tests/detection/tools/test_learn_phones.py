"""Learning from verdicts: when there is too little, who is left out, and what is seen again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from detection.detectors.phone_features import NAMES
from detection.models.shelf import ModelShelf
from detection.tools.learn_phones import (
    LEAST,
    LEAST_OF_EACH,
    LEAST_STUDENTS,
    Example,
    fit,
    left_out,
    see_again,
    standing,
    stock_detector,
    too_few,
)
from tests.detection.phone_pictures import Box, held


@dataclass(frozen=True)
class Verdict:
    picture: Path
    box: tuple[float, float, float, float]
    is_phone: bool = True
    participant: str = "ana"


def example(is_phone: bool, participant: str, told_by: float = 0.0, score: float = 0.4) -> Example:
    """One thing; its lightness tells what it is as far as `told_by` says."""
    x = np.zeros(len(NAMES))
    x[NAMES.index("light")] = told_by if is_phone else -told_by
    return Example(x, score, is_phone, participant)


def examples(right: int, wrong: int, students: int = LEAST_STUDENTS, told_by: float = 1.0) -> list[Example]:
    kinds = [True] * right + [False] * wrong
    return [example(kind, f"p{place % students}", told_by) for place, kind in enumerate(kinds)]


def test_the_least_is_enough() -> None:
    assert too_few(examples(LEAST - LEAST_OF_EACH, LEAST_OF_EACH)) is None


@pytest.mark.parametrize(
    ("right", "wrong"), [(0, 0), (LEAST - LEAST_OF_EACH - 1, LEAST_OF_EACH), (LEAST, LEAST_OF_EACH - 1), (0, 100)]
)
def test_less_is_refused_with_what_there_is(right: int, wrong: int) -> None:
    why = too_few(examples(right, wrong))
    assert why is not None and f"({right} right, {wrong} wrong)" in why and f"{LEAST_OF_EACH} of each" in why


def test_verdicts_on_too_few_students_are_refused() -> None:
    why = too_few(examples(20, 20, students=LEAST_STUDENTS - 1))
    assert why is not None and f"At least {LEAST_STUDENTS} students" in why


def test_what_tells_phones_is_learned_and_features_that_never_change_do_no_harm() -> None:
    made = fit(examples(12, 12), "the model", "a note")
    assert made.chance(example(True, "new", 1.0).x) > 0.65 > 0.35 > made.chance(example(False, "new", 1.0).x)
    assert (made.detector, made.note) == ("the model", "a note")


def test_many_verdicts_of_one_kind_do_not_outweigh_few_of_the_other() -> None:
    made = fit(examples(90, 6, told_by=0.0))
    assert made.chance(np.zeros(len(NAMES))) == pytest.approx(0.5, abs=0.01)


def test_nobody_is_judged_by_what_was_learned_from_them() -> None:
    given = examples(12, 12, students=4)
    odd = [Example(-one.x, one.score, one.is_phone, "odd") for one in given[:3]]  # whose phones look like other things
    after = left_out([*given, *odd])
    assert all(score == 0.4 for score in after[:12]) and all(score < 0.39 for score in after[12:24])
    assert all(score < 0.39 for score in after[24:]), "with their own pictures they would have been known"


def test_standing_counts_what_is_told_and_what_is_critical() -> None:
    found = standing([(True, 0.9), (True, 0.2), (True, 0.01), (False, 0.6), (False, 0.05)], 0.1)
    assert (found.phones, found.phones_told, found.phones_critical) == (3, 2, 1)
    assert (found.others, found.others_told, found.others_critical) == (2, 1, 1)
    assert found.balanced == pytest.approx((2 / 3 + 1 / 2) / 2) and found.f1 == pytest.approx(2 / 3)
    assert np.isnan(standing([(False, 0.5)], 0.1).ranking)


@pytest.mark.slow
def test_only_what_the_detector_sees_again_teaches(tmp_path: Path) -> None:
    jpeg, box = held(2, True)
    picture, broken = tmp_path / "a.jpg", tmp_path / "b.jpg"
    picture.write_bytes(jpeg)
    broken.write_bytes(b"no picture")
    elsewhere: Box = (0, 0, 40, 40)
    judged = [
        Verdict(picture, box),
        Verdict(picture, elsewhere),
        Verdict(broken, box),
        Verdict(tmp_path / "gone.jpg", box),
    ]
    detector, model = stock_detector(ModelShelf(tmp_path))
    (found,) = see_again(detector, judged)
    assert found.is_phone and found.participant == "ana" and found.score > detector.limits.told_from
    assert len(model) == 64
