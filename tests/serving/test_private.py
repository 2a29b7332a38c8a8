"""What the server keeps is readable by the account that runs it alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from serving.private import keep_private
from settings import Settings, load_settings


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """Begin as most machines do, and leave the tests' own as it was."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def settings_in(folder: Path, **changed: object) -> Settings:
    return load_settings({}, data_dir=folder / "var", log_file=folder / "logs" / "server.log", **changed)


def test_a_new_folder_and_what_is_written_in_it_are_the_owners_alone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    keep_private(settings)
    (settings.data_dir / "evidence").mkdir()
    (settings.data_dir / "evidence" / "a1.jpg").write_bytes(b"picture")
    assert mode(settings.data_dir) == mode(settings.data_dir / "evidence") == 0o700
    assert mode(settings.data_dir / "evidence" / "a1.jpg") == 0o600


def test_what_an_older_version_left_readable_is_mended(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    old = settings.data_dir / "evidence" / "room" / "a1.jpg"
    old.parent.mkdir(parents=True)
    settings.log_file.parent.mkdir()
    kept = [old, settings.data_dir / "examonitor.db", settings.log_file, settings.log_file.with_suffix(".log.1")]
    for path in kept:
        path.write_bytes(b"old")
        path.chmod(0o644)
    tool = settings.data_dir / "tool"
    tool.write_bytes(b"#!/bin/sh")
    tool.chmod(0o755)
    keep_private(settings)
    assert [oct(mode(path)) for path in kept] == ["0o600"] * len(kept)
    assert mode(old.parent) == mode(old.parent.parent) == mode(tool) == 0o700
    assert mode(settings.log_file.parent) == 0o755, "the folder around the log is not ours"


def test_a_database_elsewhere_is_kept_private_too(tmp_path: Path) -> None:
    database = tmp_path / "elsewhere.db"
    for path in (database, tmp_path / "elsewhere.db-wal"):
        path.write_bytes(b"rows")
    keep_private(settings_in(tmp_path, database_url=f"sqlite:///{database}"))
    assert mode(database) == mode(tmp_path / "elsewhere.db-wal") == 0o600
    keep_private(settings_in(tmp_path, database_url="postgresql://school/exam"))


def test_what_a_link_leads_to_is_left_alone(tmp_path: Path) -> None:
    settings, elsewhere = settings_in(tmp_path), tmp_path / "models"
    elsewhere.mkdir()
    (elsewhere / "shared.tflite").write_bytes(b"model")
    settings.data_dir.mkdir()
    (settings.data_dir / "models").symlink_to(elsewhere)
    keep_private(settings)
    assert mode(elsewhere) == 0o755 and mode(elsewhere / "shared.tflite") == 0o644


def test_the_server_begins_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []

    def serve_nobody(application: object, settings: Settings) -> int:
        modes.extend(mode(path) for path in settings.data_dir.rglob("*"))
        modes.append(mode(settings.data_dir))
        return 0

    monkeypatch.setattr(app, "serve", serve_nobody)
    monkeypatch.setattr(app.logs, "configure_logs", lambda path: None)
    monkeypatch.setattr(app, "create_app", lambda settings: settings.secret())
    assert app.main(["run", "--data-dir", str(tmp_path / "var")]) == 0
    assert sorted(map(oct, modes)) == ["0o600", "0o700"]
