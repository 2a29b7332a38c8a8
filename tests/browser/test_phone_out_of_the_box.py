"""A server that has nothing but the repository shows its teacher a phone, in real browsers on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import OPEN, Server
from tests.browser.people import Student, Teacher
from tests.browser.test_watching_eye import expect_alert, start
from tests.flows.live_server import LiveServer


@pytest.fixture
def bare_server(tmp_path: Path, media_dir: Path) -> Iterator[LiveServer]:
    """A server whose folder of models is empty; only the student's camera needs the shared media."""
    nothing = tmp_path / "no models"
    nothing.mkdir()
    running = Server(tmp_path / "data", "eventlet", EXAM_MODELS_DIR=str(nothing), **OPEN).start()
    yield running
    running.stop()


@pytest.mark.timeout(300)
def test_a_phone_is_seen_without_a_folder_of_models(
    bare_server: LiveServer, new_teacher: Callable[..., Teacher], new_student: Callable[..., Student]
) -> None:
    room = new_teacher(at=bare_server).open_room("Algebra", exam="# Question 1")
    student = new_student("Bo Chen", "phone", at=bare_server).create_participant(room.code)
    expect_alert(start(room), student.name, "Phone", "A phone was seen in")
