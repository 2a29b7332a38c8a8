"""What the server does with the database it finds at its start."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from store.database.migrate import upgrade
from store.database.opening import DatabaseUnusable, open_database
from store.session import Database
from store.users import count_users
from tests.store.makers import make_user


def address_of(path: Path) -> str:
    return f"sqlite:///{path}"


def filled(path: Path, users: int = 1) -> Path:
    database = open_database(address_of(path))
    with database.session() as db:
        db.add_all(make_user(f"p{number}@school.example") for number in range(users))
    database.close()
    return path


def refusal(path: Path) -> str:
    with pytest.raises(DatabaseUnusable) as refused:
        open_database(address_of(path))
    return str(refused.value)


def test_a_new_one_is_made_and_taken_up_again(address: str) -> None:
    open_database(address).close()
    database = open_database(address)
    with database.read() as db:
        assert count_users(db) == 0
    database.close()


def test_a_new_one_stands_alone_in_its_folder(tmp_path: Path) -> None:
    filled(tmp_path / "deep" / "exam.db")
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["exam.db"]


def test_an_empty_file_is_no_new_installation(tmp_path: Path) -> None:
    path = tmp_path / "exam.db"
    path.touch()
    assert "is empty" in refusal(path)
    assert path.stat().st_size == 0
    path.unlink()
    open_database(address_of(path)).close()


def test_an_empty_file_beside_its_last_changes_leaves_those_alone(tmp_path: Path) -> None:
    path, log = tmp_path / "exam.db", tmp_path / "exam.db-wal"
    path.touch()
    log.write_bytes(b"changes")
    assert "is empty" in refusal(path)
    path.unlink()
    assert "exam.db-wal" in refusal(path)
    assert log.read_bytes() == b"changes"


def test_a_database_without_our_tables_is_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "exam.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE shopping (what TEXT)")
    other.close()
    assert "no database of Examonitor" in refusal(path)


@pytest.mark.parametrize("content", [b"\x00" * 8192, b"PK\x03\x04" + b"x" * 8192, b"x", b"SQLite format 3\x00"])
def test_what_is_no_database_is_called_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "exam.db"
    path.write_bytes(content)
    assert "is damaged" in refusal(path) and ".recover" in refusal(path)
    assert path.read_bytes() == content, "nothing is written over what may still be saved"


def test_damage_inside_is_found_at_the_start(tmp_path: Path) -> None:
    path = filled(tmp_path / "exam.db", users=500)
    content = bytearray(path.read_bytes())
    half = len(content) // 2 // 4096 * 4096
    content[half:] = b"\x55" * (len(content) - half)
    path.write_bytes(content)
    assert "is damaged" in refusal(path)


def test_a_database_of_a_newer_version_is_refused(address: str) -> None:
    upgrade(address)
    database = Database(address)
    with database.session() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'next-year'"))
    database.close()
    with pytest.raises(DatabaseUnusable, match="another version"):
        open_database(address)


def test_one_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_part: Path, _path: Path) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("store.database.opening.put_in_place", fail)
    assert "No space left" in refusal(tmp_path / "exam.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["nonsense", "oracle9://x", "postgresql+psycopg://exam@/postgres?host=/nowhere"])
def test_an_address_that_leads_nowhere_is_told_without_a_traceback(address: str) -> None:
    with pytest.raises(DatabaseUnusable):
        open_database(address)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable) as refused:
        open_database(f"postgresql+psycopg://exam:hush@/postgres?host={tmp_path}")
    assert "hush" not in str(refused.value)
