"""Tuning without a source and measuring on it: what was tuned cannot have seen what it is measured on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detection.detectors.objects import PHONE_FROM
from evaluation.figures.section import Section
from evaluation.subjects.left_out import Scored, Turned, add_phones, add_poses, best_limit, fitted


def test_the_limit_is_the_one_that_tells_phones_best() -> None:
    told = [Scored("a", True, 0.9), Scored("a", True, 0.5), Scored("b", False, 0.4), Scored("b", False, 0.0)]
    assert best_limit(told) == 0.5
    assert best_limit([Scored("a", True, 0.01)]) == PHONE_FROM, "the detector tells nothing below"
    assert best_limit([]) == PHONE_FROM


def test_a_source_is_judged_by_what_the_others_taught() -> None:
    """Phones in source b have scores that only other things have elsewhere.

    Left out, b is judged from 0.9 and neither is found; a and c are judged from 0.3, as b teaches: each has one wrong.
    """
    section = Section("")
    rest = [Scored("a", True, 0.9), Scored("c", True, 0.9), Scored("a", False, 0.4), Scored("c", False, 0.5)]
    add_phones(section, [*rest, Scored("b", True, 0.3), Scored("b", True, 0.35)])
    assert section.figures["phone left out recall"].value == 0.5
    assert section.figures["phone left out precision"].value == 0.5


def faces(source: str, per_yaw: float, count: int = 12) -> list[Turned]:
    chance = np.random.default_rng(len(source))
    shifted = chance.uniform(-0.4, 0.4, (count, 2))
    return [Turned(source, -per_yaw * a, 100.0 * (0.5 - (0.5 + b)), a, 0.5 + b) for a, b in shifted]


def test_a_fit_finds_what_faces_were_made_with() -> None:
    per_yaw, per_pitch, level = fitted(faces("a", 90.0))
    assert (per_yaw, per_pitch, level) == pytest.approx((90.0, 100.0, 0.5))


def test_poses_of_a_source_are_measured_by_the_fit_of_the_others() -> None:
    section = Section("")
    add_poses(section, [*faces("a", 60.0), *faces("bb", 120.0)])
    left_out = section.figures["coarse yaw left out error"].value
    assert left_out == pytest.approx(np.mean([60 * abs(f.sideways) for f in faces("a", 1.0) + faces("bb", 1.0)]))
    assert section.figures["coarse pitch left out error"].value == pytest.approx(0.0, abs=1e-6)


def test_nothing_is_made_of_nothing() -> None:
    section = Section("")
    add_phones(section, [])
    add_poses(section, [])
    assert section.rows == [] and math.isfinite(best_limit([]))
