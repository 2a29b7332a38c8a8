"""`app.py learn --phones` on a real data folder: verdicts in, a second stage out, and back to the stock detector."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.types import AlertKind
from detection.detectors.objects import PHONE, ObjectDetector
from detection.detectors.second_stage import FILE
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from detection.rules.phone_seen import MAY_BE_OWN
from rooms.setup.room_settings import RoomSettings
from settings import REPOSITORY, load_settings
from tests.detection.phone_pictures import held
from tests.flows.live_server import server_environment
from tests.rooms.stage import Stage

STUDENTS, EACH = 6, 6
"""Each of them has so many phones and as many wallets, all judged rightly."""


def learn(folder: Path, *options: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command as an administrator does."""
    environ = server_environment(
        EXAM_DATABASE_URL=f"sqlite:///{folder / 'stage.db'}", EXAM_MEDIA_DIR=str(folder / "no media")
    )
    command = [sys.executable, "-W", "ignore", "app.py", "learn", "--phones", "--data-dir", str(folder), *options]
    return subprocess.run(
        command, cwd=REPOSITORY, env=environ, input=answer, capture_output=True, text=True, check=False, timeout=110
    )


def judged_room(folder: Path, students: int, **changed: Any) -> None:
    """Keep a room in which a teacher judged phone alerts."""
    stage = Stage(folder, RoomSettings(learn_phones=True))
    for student in range(students):
        participant = stage.admitted(f"Student {student}", f"s{student}")
        for number in range(2 * EACH):
            seed, is_phone = student * EACH + number // 2, number % 2 == 0
            jpeg, box = held(seed, is_phone)
            alert = f"{participant.id[:20]}-{number}"
            values = {"id": alert, "kind": AlertKind.PHONE_DETECTED, "evidence": jpeg, "marks": ((PHONE, *box),)}
            stage.alert_service.alert_raised(stage.alert(participant, **values | changed))
            stage.verdicts.review(stage.room, alert, "acknowledged" if is_phone else "dismissed", None, (1, "Ana"))
    stage.database.close()


def scores(folder: Path, is_phone: bool) -> list[float]:
    """How sure the server would be of things that it never learned from."""
    settings = load_settings({}, data_dir=folder)
    detector = ObjectDetector(ModelShelf(folder / "models", learned=settings.learned()))
    detector.load()
    looks = [detector.look(decode(held(seed, is_phone)[0]), {}) for seed in range(100, 120)]
    return [max((one["score"] for one in look["objects"] if one["label"] == PHONE), default=0.0) for look in looks]


@pytest.mark.timeout(300)
def test_verdicts_teach_when_an_administrator_says_so(tmp_path: Path) -> None:
    judged_room(tmp_path, STUDENTS)
    path, usual = tmp_path / "learned" / FILE, scores(tmp_path, is_phone=False)
    asked = learn(tmp_path, answer="n\n")
    assert asked.returncode == 0 and "Nothing was written" in asked.stdout, asked
    assert not path.exists(), "never by itself"
    done = learn(tmp_path, "--yes")
    assert done.returncode == 0 and "Restart the server" in done.stdout, done
    assert "judged alerts, before" in done.stdout and "judged alerts, after" in done.stdout
    assert "EXAM_MEDIA_DIR) is not there" in done.stdout
    assert path.stat().st_mode & 0o777 == 0o600
    assert sum(scores(tmp_path, is_phone=False)) < 0.6 * sum(usual), "wallets are told from phones"
    gone = learn(tmp_path, "--forget")
    assert gone.returncode == 0 and not path.exists(), gone
    assert scores(tmp_path, is_phone=False) == usual
    assert "Nothing was learned" in learn(tmp_path, "--forget").stdout


def test_too_few_verdicts_are_refused_in_a_sentence(tmp_path: Path) -> None:
    judged_room(tmp_path, 1)
    refused = learn(tmp_path, "--yes")
    assert refused.returncode == 1 and "At least 20 are needed, 5 of each verdict" in refused.stderr, refused
    assert not (tmp_path / "learned").exists()


def test_alerts_that_may_be_of_the_students_own_phone_teach_nothing(tmp_path: Path) -> None:
    judged_room(tmp_path, 2, text=MAY_BE_OWN)
    refused = learn(tmp_path, "--yes")
    assert refused.returncode == 1 and "0 judged phone alerts can be used" in refused.stderr, refused


def test_a_folder_without_a_server_is_refused_and_stays_empty(tmp_path: Path) -> None:
    refused = learn(tmp_path)
    assert refused.returncode == 1 and "0 judged phone alerts can be used" in refused.stderr, refused
    assert list(tmp_path.iterdir()) == []
