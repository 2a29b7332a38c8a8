"""How the benchmarks turn what they saw into figures and words."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from pathlib import Path

import pytest

from bench.capacity import School, Step, main, measure_step, report_of, verdict
from bench.load import jain, make_cameras, percentile
from detection.frames.frameops import parse_jpeg_header
from simulation.cameras import Absentee, Album, age_s, drawn_album, real_pictures, stamped
from simulation.pictures import Camera, Scene


@pytest.fixture(scope="module")
def album() -> dict[Scene, list[bytes]]:
    return drawn_album(0, count=2)


def test_a_percentile_lies_at_its_place() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0], 0.99) == 1.0
    assert math.isnan(percentile([], 0.5))


def test_fairness_is_one_for_equals_and_small_for_one_who_gets_all() -> None:
    assert jain([2.0, 2.0, 2.0]) == 1.0
    assert jain([4.0, 0.0, 0.0, 0.0]) == 0.25
    assert math.isnan(jain([0.0, 0.0]))


def test_a_stamp_tells_its_age_and_the_picture_stays_a_picture(album: dict[Scene, list[bytes]]) -> None:
    picture = stamped(album[Scene.PRESENT][0])
    age = age_s(picture)
    assert age is not None and age >= 0
    assert parse_jpeg_header(picture)[:2] == (320, 240)
    assert age_s(album[Scene.PRESENT][0]) is None


def test_an_album_shows_its_pictures_in_turn(album: dict[Scene, list[bytes]]) -> None:
    camera = Album(album[Scene.PRESENT])
    shown = [camera.jpeg(0.0, 320, 0.6)[-100:] for _ in range(4)]
    assert shown[0] == shown[2] != shown[1] == shown[3]


def test_an_absentee_leaves_and_notes_when(album: dict[Scene, list[bytes]]) -> None:
    camera = Absentee(album, present=5.0, absent=5.0, start=100.0)
    there = [picture[2:] for picture in album[Scene.PRESENT]]
    seen = [camera.jpeg(now, 320, 0.6)[-len(there[0]) :] for now in (99.0, 104.9, 105.1, 106.0, 110.1, 115.5)]
    assert [any(picture.endswith(one[-200:]) for one in there) for picture in seen] == [1, 1, 0, 0, 1, 0]
    assert len(camera.left_at) == 2


def test_one_student_in_four_leaves_the_participant(album: dict[Scene, list[bytes]]) -> None:
    kinds = [type(camera) for camera in make_cameras(9, album[Scene.PRESENT])]
    assert [kind is Absentee for kind in kinds] == [True, False, False, False] * 2 + [True]


def test_real_pictures_are_those_with_one_face_where_labels_say_so(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(Camera(1, "A").jpeg(Scene.PRESENT, 0.0, width=640))
    assert len(real_pictures(tmp_path)) == 2
    (tmp_path / "labels.csv").write_text("file,n_faces\na.jpg,1\nb.jpg,0\n")
    found = real_pictures(tmp_path)
    assert [parse_jpeg_header(picture)[:2] for picture in found] == [(320, 240)]


def step(students: int, age: float = 0.1, alert: float = 0.2, looks: float = 1.0, others: float = 0.0) -> Step:
    """A step of a ramp."""
    used = {"web": 10.0, "workers": 50.0, "load": 5.0}
    return Step(students, age, alert, looks, 1.0, others, used, {"web": 100.0, "workers": 300.0, "load": 50.0})


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (step(60, age=1.5), "1.5 s old"),
        (step(60, alert=2.0), "took 2.0 s"),
        (step(60, looks=0.5), "0.50 times a second"),
    ],
)
def test_a_verdict_names_the_last_good_step_and_what_broke(broken: Step, words: str) -> None:
    said = list(verdict([step(20), step(40), broken]))
    assert said[0] == "This machine carries 40 students at the same time."
    assert said[1].startswith("With 60 students") and words in said[1]
    assert "400 MB" in said[3]
    assert report_of([step(20), step(40), broken]).metrics["students"] == 40


def test_a_verdict_says_when_nothing_broke_and_when_others_used_the_machine() -> None:
    assert "More were not tried in the time: the limit is higher." in list(verdict([step(20)]))
    assert "Other programs used 80 %" in list(verdict([step(20, others=80.0)]))[-1]


def test_a_machine_that_is_too_weak_is_told_so() -> None:
    said = list(verdict([step(5, looks=0.2)]))
    assert said[0].startswith("This machine does not carry 5 students")
    assert report_of([step(5, looks=0.2)]).metrics == {"students": 0}


class PausingSchool(School):
    """A school that was measured already, one step after the other."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = iter(steps)

    async def measure(self) -> Step:
        return next(self._steps)


def test_a_bad_moment_is_measured_again_before_it_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert asyncio.run(measure_step(PausingSchool([step(20, looks=0.8), step(20)]))).problem() is None
    assert asyncio.run(measure_step(PausingSchool([step(20, looks=0.8), step(20, looks=0.7)]))).problem()
    assert capsys.readouterr().out.count("too many") == 3


def test_the_command_prints_a_table_and_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def measured(*_given: object) -> list[Step]:
        return [step(20), step(40, looks=0.5)]

    modes: list[str] = []

    def served(mode: str) -> contextlib.nullcontext[None]:
        modes.append(mode)
        return contextlib.nullcontext()

    monkeypatch.setattr("bench.capacity.Served", served)
    monkeypatch.setattr("bench.capacity.ramp", measured)
    assert main(["--json", "--mode", "threading"]) == 0
    assert modes == ["threading"]
    said = capsys.readouterr().out
    assert "This machine carries 20 students" in said
    assert json.loads(said.splitlines()[-1])["metrics"]["students"] == 20
