"""The secret key: kept whole or not at all, and never short."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from settings import LEAST_SECRET, REPOSITORY, SettingsError, load_settings


def secret_in(folder: Path) -> str:
    return load_settings({}, data_dir=folder).secret()


def test_a_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    made = secret_in(tmp_path / "new")
    assert len(made) == 64
    assert secret_in(tmp_path / "new") == made
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["secret.key"]


@pytest.mark.parametrize("kept", [b"", b"\n", b"x" * (LEAST_SECRET - 1), b"\xff\xfe" * 40])
def test_a_key_that_is_empty_short_or_damaged_is_refused_in_words(tmp_path: Path, kept: bytes) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(kept)
    with pytest.raises(SettingsError, match=r"secret\.key"):
        secret_in(tmp_path)
    assert path.read_bytes() == kept, "nothing is made anew behind the administrator's back"


def test_a_short_key_of_the_administrator_is_refused() -> None:
    with pytest.raises(SettingsError, match="EXAM_SECRET_KEY"):
        load_settings({"EXAM_SECRET_KEY": "short"}).secret()
    assert load_settings({"EXAM_SECRET_KEY": "s" * LEAST_SECRET}).secret() == "s" * LEAST_SECRET


def test_a_disk_that_is_full_while_the_key_is_made_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SettingsError, match="No space left"):
        secret_in(tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert len(secret_in(tmp_path)) == 64


def test_two_that_start_at_once_agree_on_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    first, second = secret_in(tmp_path), secret_in(tmp_path)
    assert first == second


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("secret.key", b"", "Settings: the secret key in"),
        ("examonitor.db", b"", "is empty"),
        ("examonitor.db", b"no database, " * 1000, "is damaged"),
    ],
)
def test_the_server_says_in_one_line_why_it_does_not_start(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    command = [sys.executable, "app.py", "--port", "0", "--data-dir", str(tmp_path)]
    environment = {"EXAM_LOG_FILE": str(tmp_path / "server.log"), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / name).read_bytes() == content


def test_the_key_of_evidence_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = load_settings({}, data_dir=tmp_path).signing_key()
    assert len(key) == 32
    assert load_settings({}, data_dir=tmp_path).signing_key() == key
    assert stat.S_IMODE((tmp_path / "evidence.key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["evidence.key"]


@pytest.mark.parametrize("damaged", [b"", b"0123", b"x" * 64])
def test_a_damaged_key_of_evidence_is_refused_in_words(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "evidence.key").write_bytes(damaged)
    with pytest.raises(SettingsError, match="the key of evidence in"):
        load_settings({}, data_dir=tmp_path).signing_key()
