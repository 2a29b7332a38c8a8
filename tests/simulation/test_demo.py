"""The demonstration's folder, link and schedule."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from core.types import AlertKind, ObservationKind, Role
from detection.detectors.scene import signature
from detection.frames.decode import decode
from settings import load_settings
from simulation.demo import MARK, demo_folder, demo_settings
from simulation.demo_acts import CAST, QUIET, ROUND_S, Act
from simulation.demo_pages import Entrance
from simulation.demo_students import RoomPhone, Webcam, announce
from simulation.pictures import Scene
from tests.detection.courtroom import Courtroom, observe, of, picture


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


# ------------------------------------------------------------------------------------------- the phone in the room

ROOM_PHONES = [number for number, part in enumerate(CAST) if Role.ROOM in part.phones]


def is_accused(camera: Webcam | RoomPhone, webcam: Webcam, acts: Sequence[Act], patch: pytest.MonkeyPatch) -> bool:
    """Play a round before a phone in the room that has no sensor, and say whether it is taken to be moved."""
    court = Courtroom()
    for second in range(0, round(ROUND_S), 2):
        patch.setattr("simulation.demo_students.time.monotonic", partial(float, second))
        webcam.show(next((act.scene for act in acts if act.is_on(second)), Scene.PRESENT))
        gray = decode(camera.jpeg(float(second), 480, 0.6)).small_gray
        state = "dark" if webcam.scene is Scene.DARK else "ok"
        seen = observe(ObservationKind.SCENE, second, signature=signature(gray))
        court.feed(*of("room", picture(state, second), seen))
    return AlertKind.CAMERA_MOVED in court.kinds


@pytest.mark.slow
@pytest.mark.parametrize("number", ROOM_PHONES)
def test_a_phone_that_nobody_touches_is_accused_of_nothing(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    webcam = Webcam(number, CAST[number].name)
    everything = [Act(20.0 * at, 20.0 * at + 15, scene) for at, scene in enumerate(Scene, 1)]
    assert not is_accused(RoomPhone(number, webcam), webcam, everything, monkeypatch)
    # what the webcam shows does change as a whole
    assert is_accused(webcam, webcam, everything, monkeypatch)


# ------------------------------------------------------------------------------------------- calling the teacher


class Arriving:
    """Somebody who is seen when asked for the so many-th time."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def is_seen(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    links: list[str] = []
    monkeypatch.setattr("simulation.demo_students.STEP_S", 0.0)
    monkeypatch.setattr("simulation.demo_students.os.nice", lambda _niceness: 0)
    monkeypatch.setattr("simulation.demo_students.webbrowser.open", links.append)
    return links


def test_the_teacher_is_called_when_everybody_is_seen(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    class Waiting(Arriving):
        @property
        def is_seen(self) -> bool:
            assert (opened, capsys.readouterr().out) == ([], "")
            return super().is_seen

    students = [Waiting(3), Waiting(9)]
    asyncio.run(announce(students, "come", "http://here"))
    assert (opened, capsys.readouterr().out) == (["http://here"], "come\n")
    assert all(student.looks < 0 for student in students), "each was asked for until seen"


def test_a_teacher_is_not_kept_waiting_for_ever(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(announce([Arriving(1 << 62)], "come", "", within=0.0))
    assert (opened, capsys.readouterr().out) == ([], "come\n")
