"""The student's own status line: only where the room says so, only what changed, and never a word of accusation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rooms.intake.status_line import camera_word
from rooms.live.participant import Student
from rooms.setup.room_settings import RoomSettings
from tests.rooms.intake.test_sensor_levels import arm, running
from tests.rooms.stage import Stage


@pytest.fixture
def told_stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, RoomSettings(status_line=True, phones_allowed=("arm",)))


def told(stage: Stage, sid: str = "s1") -> list[Any]:
    return stage.told(sid, "status", "/student")


def see(stage: Stage, participant: Student, **seen: Any) -> None:
    participant.browser.camera = "on"
    for name, value in seen.items():
        setattr(participant.picture, name, value)
    stage.status_line.look_around()


def test_a_room_that_does_not_ask_for_it_tells_nothing(stage: Stage) -> None:
    see(stage, running(stage), state="ok", faces=1)
    assert told(stage) == []


def test_camera_and_arm_are_told_and_only_changes_after_that(told_stage: Stage) -> None:
    participant = running(told_stage)
    see(told_stage, participant, state="ok", faces=1)
    see(told_stage, participant)
    assert told(told_stage) == [{"camera": "fine", "arm": None}]
    arm(told_stage, participant, 4.0)
    see(told_stage, participant)
    assert told(told_stage)[-1] == {"camera": "fine", "arm": 100}
    see(told_stage, participant, faces=0)
    assert told(told_stage)[-1]["camera"] == "empty"


def test_a_student_hears_of_nobody_else(told_stage: Stage) -> None:
    first, second = running(told_stage), running(told_stage, "Ali", "s2")
    first.browser.camera = second.browser.camera = "on"
    see(told_stage, first, state="ok", faces=1)
    see(told_stage, second, state="dark", faces=0)
    assert (told(told_stage, "s1"), told(told_stage, "s2")) == (
        [{"camera": "fine", "arm": None}],
        [{"camera": "fine", "arm": None}, {"camera": "unclear", "arm": None}],
    )


def test_nothing_is_told_before_the_exam_or_in_a_pause(told_stage: Stage) -> None:
    participant = told_stage.admitted()
    see(told_stage, participant, state="ok", faces=1)
    assert told(told_stage) == []
    told_stage.lifecycle.set_state("r1", "running", "Ana")
    told_stage.lifecycle.set_state("r1", "paused", "Ana")
    see(told_stage, participant)
    assert told(told_stage) == []


def test_a_page_that_was_loaded_again_is_told_anew(told_stage: Stage) -> None:
    participant = running(told_stage)
    see(told_stage, participant, state="ok", faces=1)
    told_stage.sockets.sent.clear()
    told_stage.admission.welcome(told_stage.room, participant)
    see(told_stage, participant)
    assert told(told_stage) == [{"camera": "fine", "arm": None}]


@pytest.mark.parametrize(
    ("camera", "picture", "faces", "word"),
    [
        ("on", "ok", 1, "fine"),
        ("on", "unknown", None, "fine"),
        ("on", "ok", 3, "fine"),
        ("on", "ok", 0, "empty"),
        ("on", "dark", 0, "unclear"),
        ("denied", "ok", 1, "off"),
    ],
)
def test_the_camera_in_one_word(stage: Stage, camera: str, picture: str, faces: int | None, word: str) -> None:
    participant = stage.admitted()
    participant.browser.camera = camera
    participant.picture.state, participant.picture.faces = picture, faces
    assert camera_word(participant) == word
