"""What holds for every way to tell somebody."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.ground import Ground
from notify.ways import WAYS
from notify.ways.base import Way
from settings import load_settings
from store.users import User
from tests.notify.conftest import ANA


@pytest.mark.parametrize("way", WAYS.values(), ids=lambda way: way.name)
class TestEveryWay:
    def test_it_has_a_name_of_its_own_and_a_label(self, way: Way) -> None:
        assert way.name.isidentifier() and [one.name for one in WAYS.values()].count(way.name) == 1
        assert way.label[:1].isupper()

    def test_it_says_why_it_cannot_be_used_or_nothing(self, way: Way, tmp_path: Path) -> None:
        told = way.obstacle(load_settings({}, data_dir=tmp_path))
        assert told == "" or told.endswith(".")

    def test_its_targets_are_json_and_webhooks_have_no_person(self, way: Way, ground: Ground) -> None:
        with ground.database.read() as session:
            targets = way.targets(session, session.get_one(User, ANA))
        assert all(isinstance(value, str | int) for target in targets for value in target.values())
        assert way.is_personal or targets == []
