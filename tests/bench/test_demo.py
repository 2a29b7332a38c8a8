"""The demonstration's folder, link and schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.demo import MARK, demo_folder, demo_settings
from bench.demo_acts import CAST, QUIET, ROUND_S
from bench.demo_pages import Entrance
from bench.pictures import Scene
from settings import load_settings


def test_a_second_demonstration_leaves_the_first_ones_folder_alone(tmp_path: Path) -> None:
    with demo_folder(tmp_path) as first:
        (first / "examonitor.db").write_text("kept")
        with demo_folder(tmp_path) as second:
            assert (first.name, second.name) == ("demo", "demo-2")
        assert (first / "examonitor.db").exists()
    with demo_folder(tmp_path) as again:
        assert [path.name for path in again.iterdir()] == [MARK]


def test_a_folder_that_no_demonstration_made_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("years of work")
    with pytest.raises(SystemExit, match="move it away"), demo_folder(tmp_path):
        pass
    assert (tmp_path / "demo" / "thesis.txt").exists()


def test_the_demonstration_uses_its_own_database_and_the_usual_models(tmp_path: Path) -> None:
    usual = load_settings({"EXAM_DATABASE_URL": "postgresql://school/real"}, data_dir=tmp_path)
    ours = demo_settings(usual, tmp_path / "demo")
    assert ours.database() == f"sqlite:///{tmp_path / 'demo' / 'examonitor.db'}"
    assert ours.models_dir == usual.model_cache()


def test_the_link_lets_one_person_in_once() -> None:
    entrance = Entrance("secret", 7, "room")
    token = entrance.path().rpartition("/")[2]
    assert entrance.use("forged") is None
    assert Entrance("another secret", 7, "room").use(token) is None
    assert entrance.use(token) == 7
    assert entrance.use(token) is None


def test_within_the_first_minute_every_kind_of_trouble_begins() -> None:
    acts = [act for part in CAST for act in part.acts if act.start < 45]
    assert {act.scene for act in acts} == set(Scene)
    assert any(act.offline for act in acts)
    assert any(act.page == "hidden" for act in acts)
    assert any(act.camera == "unplugged" for act in acts)
    assert sum(bool(part.words) for part in CAST) >= 2
    assert all(act.end <= ROUND_S for part in CAST for act in part.acts)


def test_a_part_is_quiet_between_its_acts() -> None:
    leaver = next(part for part in CAST if any(act.scene is Scene.ABSENT for act in part.acts))
    start = leaver.acts[0].start
    assert leaver.act_at(start - 1) is QUIET
    assert leaver.act_at(start) is leaver.acts[0]
