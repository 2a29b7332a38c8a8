"""The same person again, somebody else, and pictures that prove nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from core.types import ObservationKind
from detection import detectors
from detection.detectors.base import Detector, Values
from detection.detectors.identity import OTHER_FROM, SAME_UNTIL, SPREAD, compare, distance_to, usable_face
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from tests.detection import pictures


class Guard:
    """The face detector and the identity detector, one after the other as in the pipeline."""

    def __init__(self, models: ModelShelf) -> None:
        self._face: Detector = detectors.make("face", models)
        self._identity: Detector = detectors.make("identity", models)
        self._face.load()
        self._identity.load()

    def look(self, jpeg: bytes, **context: Any) -> Values:
        picture = decode(jpeg)
        found = {ObservationKind.FACES: self._face.look(picture, {}, {})}
        return self._identity.look(picture, found, context)

    def close(self) -> None:
        self._face.close()
        self._identity.close()


@pytest.fixture(scope="module")
def guard(face_models: ModelShelf) -> Iterator[Guard]:
    made = Guard(face_models)
    yield made
    made.close()


def portrait(width: int = 512) -> bytes:
    return pictures.jpeg(pictures.one_face(), width)


def test_nothing_is_computed_or_said_without_an_enrolment(guard: Guard) -> None:
    assert guard.look(portrait()) == {"distance": None, "match": "unsure", "reason": "not enrolled"}


def test_the_enrolled_person_is_known_again_smaller_and_darker(guard: Guard) -> None:
    face = guard.look(portrait(), enrol=True)["embedding"]
    assert len(face) == 128
    darker = pictures.jpeg((pictures.one_face() * 0.6).astype(np.uint8), 360)
    answer = guard.look(darker, references=[face])
    assert (answer["match"], "embedding" in answer) == ("yes", False)


def test_a_doubtful_face_is_looked_at_in_the_mirror_too(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    face = np.array(guard.look(portrait(), enrol=True)["embedding"])
    looks = []
    describe = type(guard._identity)._describe  # type: ignore[attr-defined]

    def counted(self: Any, pixels: Any, box: Any) -> Any:
        looks.append(box)
        return describe(self, pixels, box)

    monkeypatch.setattr(type(guard._identity), "_describe", counted)
    away = np.zeros(128)
    away[0] = 1.0
    for share, times in ((0.0, 1), (0.6, 2), (1.2, 1)):
        looks.clear()
        answer = guard.look(portrait(), references=[(face + share * away).tolist()])
        assert len(looks) == times and answer["distance"] == pytest.approx(share, abs=0.25)
    assert looks[0] == looks[-1]


@pytest.mark.parametrize(("make", "reason"), [(pictures.no_face, "no face"), (pictures.two_faces, "several faces")])
def test_a_picture_that_proves_nothing_is_unsure(guard: Guard, make: Any, reason: str) -> None:
    answer = guard.look(pictures.jpeg(make(), 640), references=[[0.0] * 128])
    assert (answer["match"], answer["reason"]) == ("unsure", reason)


def test_a_face_in_the_dark_is_unsure_and_not_a_mismatch(guard: Guard) -> None:
    dark = pictures.jpeg((pictures.one_face() * 0.12).astype(np.uint8), 512)
    answer = guard.look(dark, references=[[1.0] * 128])
    assert answer["match"] == "unsure"


@pytest.mark.parametrize(
    ("distance", "match"), [(0.0, "yes"), (SAME_UNTIL, "yes"), (0.6, "unsure"), (OTHER_FROM, "no"), (1.2, "no")]
)
def test_between_the_limits_nothing_is_claimed(distance: float, match: str) -> None:
    numbers = np.zeros(128)
    numbers[0] = distance
    assert compare(numbers, [[0.0] * 128])["match"] == match


def test_several_references_are_one_middle_and_the_scale_stays_that_of_one() -> None:
    """Pictures of one person scatter about a middle; another one is as far, however many references there are."""
    chance = np.random.default_rng(4)
    scatter = np.sqrt(SPREAD / 128)
    by_count = {}
    for count in (1, 3, 6):
        found = []
        for _ in range(400):
            person = chance.normal(0, 0.1, 128)
            references = person + chance.normal(0, scatter, (count, 128))
            found.append(distance_to(person + chance.normal(0, scatter, 128), references.tolist()))
        by_count[count] = (float(np.mean(found)), float(np.std(found)))
    means = [middle for middle, _ in by_count.values()]
    assert max(means) - min(means) < 0.01
    assert by_count[6][1] < by_count[3][1] < by_count[1][1], "and it is told more exactly"


STRAIGHT = {"yaw": 0.0, "pitch": 0.0}


@pytest.mark.parametrize(
    ("turned", "reason"),
    [
        ({}, ""),
        ({"yaw": None, "pitch": None}, ""),
        *(({"yaw": yaw}, "") for yaw in (35.0, -35.0)),
        *(({"yaw": yaw}, "turned away") for yaw in (35.1, -35.1, 60.0)),
        *(({"pitch": pitch}, "") for pitch in (30.0, -30.0)),
        *(({"pitch": pitch}, "turned away") for pitch in (30.1, -30.1)),
    ],
)
def test_a_face_that_is_turned_away_is_compared_with_nothing(turned: dict[str, Any], reason: str) -> None:
    found = {
        ObservationKind.FACES: {"boxes": [[100, 100, 120, 120]]},
        ObservationKind.LANDMARKS: {**STRAIGHT, **turned},
    }
    box, why = usable_face(decode(pictures.jpeg(pictures.flat(128), 640)), found)
    assert (why, box is None) == (reason, bool(reason))


def test_real_people_are_told_apart(guard: Guard, media_dir: Path) -> None:
    faces = list(real_faces(guard, media_dir))
    pairs = [(a == b, float(np.linalg.norm(x - y))) for (a, x), (b, y) in combinations(faces, 2)]
    same, other = [d for is_same, d in pairs if is_same], [d for is_same, d in pairs if not is_same]
    ranked = np.searchsorted(np.sort(same), other).mean() / len(same)
    assert ranked >= 0.99, "the area under the curve"
    assert np.mean(np.array(other) <= SAME_UNTIL) < 0.002, "others who would pass as the student"
    assert np.mean(np.array(same) >= OTHER_FROM) < 0.02, "students who would be called somebody else"


def real_faces(guard: Guard, media_dir: Path) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    with (media_dir / "identity" / "labels.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            bgr = cv2.imread(str(media_dir / "identity" / row["file"]))
            assert bgr is not None
            scale = min(1.0, 640 / bgr.shape[1])
            small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            values = guard.look(cv2.imencode(".jpg", small)[1].tobytes(), enrol=True)
            if "embedding" in values:
                yield row["label"], np.array(values["embedding"])
