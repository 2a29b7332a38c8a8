"""Real pictures as a student's own phones film them: what the rules of each channel make of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.types import AlertKind
from detection.measures.channels import ON_PHONES
from detection.models.shelf import ModelShelf
from evaluation.figures.labelled_data import Row, rows
from evaluation.subjects.phone_cameras import alerts_of
from evaluation.systems.ours import Watcher


@pytest.fixture(scope="module")
def watcher(face_models: ModelShelf, models_dir: Path) -> Iterator[Watcher]:
    made = Watcher(
        ModelShelf(face_models.cache, [models_dir]), {name for looks in ON_PHONES.values() for name in looks}
    )
    assert made.missing == []
    yield made
    made.close()


def desks(media_dir: Path) -> list[Row]:
    found = [row for row in rows(media_dir, "phone") if row.more.get("kind") == "desk_view"]
    assert len(found) >= 15
    return found


@pytest.mark.parametrize("channel", ["head", "room"])
def test_a_phone_on_the_desk_is_seen_and_arms_and_the_exams_laptop_are_no_alert(
    watcher: Watcher, media_dir: Path, channel: str
) -> None:
    for number, row in enumerate(desks(media_dir)):
        expected = {AlertKind.PHONE_DETECTED} if row.label == "phone" else set()
        assert alerts_of(watcher, row, number, channel) == expected, row.path.name


def test_people_in_front_of_the_head_camera_are_seen(watcher: Watcher, media_dir: Path) -> None:
    people = [row for row in rows(media_dir, "phone") if row.more.get("kind") == "webcam"]
    seen = [AlertKind.SECOND_PERSON in alerts_of(watcher, row, number, "head") for number, row in enumerate(people)]
    assert len(people) >= 16 and sum(seen) >= 15
