"""From a hidden page to an export that anybody verifies, on a real server; and what a killed one leaves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.types import AlertKind
from rooms.evidence.sealer import STOPPED
from settings import REPOSITORY
from simulation.example_room import PASSWORD
from simulation.pictures import Scene
from store.alerts import AlertRow
from store.session import Database
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import ExamRoom, PhoneBrowser, Student, _token_of
from tests.flows.test_faults import QUICK, Camera

pytestmark = [pytest.mark.both_modes, pytest.mark.timeout(240)]


def capsule_is(state: str, student: Student) -> Callable[[Any], bool]:
    """Fits an alert about a hidden page of this student whose capsule has come so far."""

    def fits(told: Any) -> bool:
        is_right = told["kind"] == AlertKind.PAGE_HIDDEN and told["participant"] == student.id
        return is_right and told["capsule"] is not None and told["capsule"]["state"] == state

    return fits


def logged_in(room: ExamRoom) -> PhoneBrowser:
    browser = PhoneBrowser(room.server.url)
    fields = {"email": room.seeded.teachers[0].email, "password": PASSWORD}
    browser.post("/login", **fields, csrf_token=_token_of(browser.get("/login")))
    return browser


def file_at(browser: PhoneBrowser, path: str) -> bytes:
    with browser._opener.open(browser.url + path, timeout=20) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return bytes(answer.read())


def verified(path: Path, *more: str) -> tuple[int, str]:
    """Verify an export as anybody does, in a process of its own."""
    command = [sys.executable, "-m", "evidence.verify", str(path), *more]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def test_a_hidden_page_becomes_evidence_that_anybody_verifies(
    server: LiveServer, begin: Begin, pictures: Mapping[Scene, bytes], tmp_path: Path
) -> None:
    room = begin(server, settings=QUICK)
    ada, ben = room.students
    with Camera(ada, pictures[Scene.PRESENT]):
        assert ada.ask("page", {"state": "hidden"}) == {"ok": True}
        room.teacher.wait_for("alert", capsule_is("pending", ada))
        assert ada.wait_for("capture", lambda told: told["width"] == 640)["fps"] >= 5
        sealed = room.teacher.wait_for("alert", capsule_is("sealed", ada))
    assert room.teacher.ask("room", {"state": "ended"})["ok"]
    kept = ben.wait_for("checkpoint")
    browser = logged_in(room)
    assert file_at(browser, sealed["capsule"]["address"]).startswith(b"PK\x03\x04")
    export, witness = tmp_path / "evidence.zip", tmp_path / "checkpoints.txt"
    export.write_bytes(file_at(browser, f"/rooms/{room.seeded.id}/evidence.zip"))
    witness.write_text("".join(told["note"] for told in ben.heard("checkpoint")))
    code, said = verified(export, "--key", kept["key"], "--witness", str(witness))
    assert code == 0, said
    assert "Nothing was changed" in said
    refuse_a_changed_byte(export)
    assert server.lines("evidence-sealed", room.seeded.code, "kind=PAGE_HIDDEN")
    assert server.lines("evidence-exported", room.seeded.code)


def refuse_a_changed_byte(export: Path) -> None:
    data = bytearray(export.read_bytes())
    data[len(data) // 2] ^= 1
    export.write_bytes(data)
    code, said = verified(export)
    assert code == 1
    assert said.startswith("Refused: ")


def is_kept(server: LiveServer, alert: str) -> bool:
    database = Database(server.settings.database())
    try:
        with database.read() as session:
            return session.get(AlertRow, alert) is not None
    finally:
        database.close()


def test_a_server_that_is_killed_before_it_seals_says_so_and_leaves_no_half_capsule(
    own_server: LiveServer, begin: Begin, pictures: Mapping[Scene, bytes]
) -> None:
    room = begin(own_server, settings=QUICK)
    ada = room.students[0]
    with Camera(ada, pictures[Scene.PRESENT]):
        assert ada.ask("page", {"state": "hidden"}) == {"ok": True}
        alert = room.teacher.wait_for("alert", capsule_is("pending", ada))
        wait_until(lambda: is_kept(own_server, alert["id"]), "teachers are told first, then the alert is kept")
    own_server.kill()
    half = own_server.folder / "capsules" / room.seeded.id / ".a1.exs.0.part"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    own_server.start()
    room.teacher.try_again()
    wait_until(lambda: own_server.lines("evidence-lost", "the server was stopped"), "it says what it lost")
    assert list(half.parent.iterdir()) == []
    alerts = room.teacher.ask("history", {"what": "alerts", "before": None})["alerts"]
    assert [one["capsule"]["why"] for one in alerts if one["kind"] == AlertKind.PAGE_HIDDEN] == [STOPPED]
