"""Several pictures of the check against several looks: what is counted, and for whom."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.figures.section import Section
from evaluation.subjects.identities import Floats, add_confirmed, against_all


def people(count: int, apart: float, pictures: int = 5) -> dict[str, Floats]:
    """Somebody in each direction, `apart` from the middle, whose pictures scatter a little."""
    chance = np.random.default_rng(7)
    found = {}
    for number in range(count):
        middle = np.zeros(128)
        middle[number] = apart
        found[f"person {number}"] = middle + chance.normal(0, 0.015, (pictures, 128))
    return found


def figures(near: dict[str, Floats], far: dict[str, Floats] | None = None) -> Section:
    section, names = Section(""), list(near)
    scored = {name: against_all(name, near, far or near, names) for name in names}
    add_confirmed(section, "everybody", scored)
    return section


def test_every_choice_of_references_is_compared_with_everybody() -> None:
    faces = people(4, 1.0)
    same, other = against_all("person 0", faces, faces, list(faces))
    assert (len(same), len(other)) == (10, 30), "three of five pictures, and three other people each time"
    assert same.max() < 0.5 < other.min()


def test_people_who_differ_are_never_confused_and_the_interval_is_that_of_people() -> None:
    section = figures(people(10, 1.0))
    far = section.figures["identity far confirmed, everybody"]
    assert far.value == 0.0 and far.high == pytest.approx(0.278, abs=0.001)
    assert [row[1] for row in section.rows] == ["0.000 (0.000 to 0.278)"] * 3


def test_people_who_hardly_differ_are_confused_and_it_is_told() -> None:
    section = figures(people(6, 0.05))
    assert section.figures["identity far confirmed, everybody"].value > 0.5
    assert str(section.rows[2][1]).startswith("1.000"), "another person is not noticed"
