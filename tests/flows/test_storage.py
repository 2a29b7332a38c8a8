"""A disk that is really full and a database that is really locked, in the middle of an exam."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from core.types import AlertKind
from simulation.pictures import Scene
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import alert_of
from tests.flows.small_disk import SmallDisk, small_disk
from tests.flows.test_faults import QUICK

pytestmark = pytest.mark.both_modes

LOCKED_S = 4.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of the test's own."""
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk", os.environ) as made:
        yield made


@pytest.fixture
def on_small_disk(mode: str, disk: SmallDisk) -> Iterator[LiveServer]:
    """A server whose data lies on the small disk."""
    live = LiveServer(disk.folder, mode)
    try:
        yield live.start()
    finally:
        live.stop()


def health_of(server: LiveServer) -> tuple[int, str]:
    """Status and text of /healthz."""
    try:
        with urlopen(f"{server.url}/healthz", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def empty_write_ahead_log(server: LiveServer) -> None:
    """Leave SQLite no room in the file that it has already, so that each row needs space on the disk."""
    with contextlib.closing(sqlite3.connect(server.folder / "examonitor.db")) as own:
        wait_until(lambda: own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, "the log is empty")


def test_on_a_full_disk_teachers_hear_everything_and_nothing_is_lost(
    on_small_disk: LiveServer, disk: SmallDisk, begin: Begin
) -> None:
    server = on_small_disk
    room = begin(server, settings=QUICK)
    ada, ben = room.students
    assert health_of(server) == (HTTPStatus.OK, "ok\n")
    empty_write_ahead_log(server)
    disk.fill()
    for student in (ada, ben):
        student.ask("page", {"state": "hidden"})
    alerts = [room.teacher.wait_for("alert", alert_of(AlertKind.PAGE_HIDDEN, student)) for student in (ada, ben)]
    told = room.teacher.wait_for("storage", lambda told: not told["ok"] and told["waiting"] >= 1)
    assert "disk" in told["text"]
    refused = [
        room.teacher.ask("room", {"state": "paused"}),
        ada.ask("chat", {"client_id": "c1", "text": "the disk is full"}),
        room.teacher.ask("review", {"alert": alerts[-1]["id"], "verdict": "dismissed"}),
    ]
    assert [answer["error"]["code"] for answer in refused] == ["store_full"] * 3
    assert "disk is full" in refused[0]["error"]["text"]
    wait_until(lambda: health_of(server)[0] == HTTPStatus.SERVICE_UNAVAILABLE, "/healthz tells of it")
    assert "disk" in health_of(server)[1]
    listed = room.teacher.ask("history", {"what": "alerts"})["alerts"]
    assert {alert["id"] for alert in alerts} <= {alert["id"] for alert in listed}

    disk.make_space()
    room.teacher.forget()
    room.teacher.wait_for("storage", lambda told: told["ok"] and told["waiting"] == 0)
    assert health_of(server) == (HTTPStatus.OK, "ok\n")
    assert room.teacher.ask("room", {"state": "paused"})["room"]["state"] == "paused"
    assert ada.ask("chat", {"client_id": "c1", "text": "the disk is full"})["ok"]
    server.kill()
    with sqlite3.connect(server.folder / "examonitor.db") as kept:
        ids = {found for (found,) in kept.execute("SELECT id FROM alerts")}
    kept.close()
    assert {alert["id"] for alert in alerts} <= ids
    server.start()


def test_a_database_that_another_program_locks_stops_no_picture(
    own_server: LiveServer, begin: Begin, pictures: Mapping[Scene, bytes]
) -> None:
    room = begin(own_server)
    ada, ben = room.students
    answers: list[dict[str, object]] = []
    writing = threading.Thread(target=lambda: answers.append(ada.ask("chat", {"client_id": "c1", "text": "wait"})))
    with sqlite3.connect(own_server.folder / "examonitor.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        writing.start()
        began, longest, pace = time.monotonic(), 0.0, threading.Event()
        while time.monotonic() - began < LOCKED_S:
            sent = time.monotonic()
            assert ben.send(pictures[Scene.PRESENT]) == {"ok": True}
            longest = max(longest, time.monotonic() - sent)
            pace.wait(0.25)
        assert answers == [], "who writes waits for the lock"
        other.execute("ROLLBACK")
    other.close()
    writing.join()
    assert answers[0]["ok"], "and is served after it"
    assert longest < LOCKED_S / 2
