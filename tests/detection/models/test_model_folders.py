"""Where the server looks for what it needs: data belongs to the data folder, model files to the installation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import settings
from detection.models.shelf import Model, ModelShelf, sha256_of
from settings import Settings, load_settings

WEIGHTS = b"weights"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, and no folder beside it."""
    place = tmp_path / "school" / "examonitor"
    place.mkdir(parents=True)
    monkeypatch.setattr(settings, "REPOSITORY", place)
    return place


def shelf_of(told: Settings, tmp_path: Path) -> ModelShelf:
    sample = tmp_path / "sample"
    sample.write_bytes(WEIGHTS)
    model = Model("face", "faces", "no faces", "face.tflite", len(WEIGHTS), sha256_of(sample), "Apache-2.0", ())
    return ModelShelf(told.model_cache(), told.model_folders(), [model])


def put(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "face.tflite").write_bytes(WEIGHTS)
    return folder / "face.tflite"


def test_a_data_folder_elsewhere_finds_what_was_fetched(installation: Path, tmp_path: Path) -> None:
    usual = load_settings({}, data_dir=installation / "var")
    fetched = put(usual.model_cache())
    elsewhere = load_settings({}, data_dir=tmp_path / "elsewhere")
    assert shelf_of(elsewhere, tmp_path).locate("face") == fetched
    assert fetched.is_relative_to(installation / "var" / "models"), "where existing installations have them"


def test_what_was_fetched_into_a_data_folder_is_still_found(installation: Path, tmp_path: Path) -> None:
    fetched = put(tmp_path / "elsewhere" / "models")
    assert shelf_of(load_settings({}, data_dir=tmp_path / "elsewhere"), tmp_path).locate("face") == fetched


def test_the_folder_that_is_set_goes_first(installation: Path, tmp_path: Path) -> None:
    put(installation / "var" / "models")
    chosen = put(tmp_path / "chosen")
    told = load_settings({"EXAM_MODELS_DIR": str(tmp_path / "chosen")}, data_dir=tmp_path / "elsewhere")
    assert shelf_of(told, tmp_path).locate("face") == chosen


def test_an_installation_that_is_read_only_fetches_into_the_data_folder(
    installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = put(installation / "var" / "models")
    monkeypatch.setattr(os, "access", lambda place, mode: not Path(place).is_relative_to(installation))
    told = load_settings({}, data_dir=tmp_path / "elsewhere")
    assert told.model_cache() == tmp_path / "elsewhere" / "models"
    assert shelf_of(told, tmp_path).locate("face") == shipped
