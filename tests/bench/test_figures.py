"""How the benchmarks turn what they saw into figures and words."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.capacity.__main__ import main
from bench.capacity.school import School, measure_step, paces_of
from bench.capacity.steps import FULL, HALF, Pace, Step, best_of
from bench.capacity.words import report_of, verdict
from bench.load import Span, jain, make_cameras, percentile
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


WANTED = {"face": 1.0, "landmarks": 1.0, "objects": 2.0, "identity": 45.0}


def step(students: int, slower: float = 1.0, **changed: float) -> Step:
    """A step of a ramp; heavy looks come `slower` times as seldom as they should."""
    used = {"web": 10.0, "workers": 50.0, "load": 5.0}
    paces = {name: Pace(every, every * (1.0 if name == "face" else slower)) for name, every in WANTED.items()}
    found = Step(students, 0.1, 0.2, 1.0, 1.0, 0.0, used, {"web": 100.0, "workers": 300.0, "load": 50.0}, paces)
    return replace(found, **changed)  # type: ignore[arg-type]  # each field gets what it is of


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (step(60, tile_age_p95=1.5), "1.5 s old"),
        (step(60, alert_p95=2.0), "took 2.0 s"),
        (step(60, alert_p95=math.nan), "alerts took nan s"),
        (step(60, slower=1.3), "objects was looked at every 2.6 s instead of 2 s (limit 2.5)"),
        (step(60, fairness=0.9), "more often than others"),
        (step(60, overloaded=True), "called itself overloaded"),
        (step(60, stretch=1.1), "1.10 times as far apart"),
    ],
)
def test_a_verdict_names_the_last_good_step_and_what_broke(broken: Step, words: str) -> None:
    said = list(verdict([step(20), step(40), broken]))
    assert said[0] == "This machine carries 40 students at the same time at full pace."
    assert said[1].startswith("With 60 students") and words in said[1]
    assert any("400 MB" in line for line in said)
    assert report_of([step(20), step(40), broken]).metrics["students"] == 40


def test_both_figures_the_limits_that_broke_and_the_goals_missed_are_for_programs_too() -> None:
    steps = [step(60), step(100, slower=2.2, stretch=2.0), step(125, slower=2.6, stretch=2.6)]
    report = report_of(steps)
    assert (report.metrics["students"], report.metrics["students_half_pace"]) == (60, 100)
    assert report.missed == ["students: 60 of 80", "students_half_pace: 100 of 150"]
    told = json.loads(report.as_json())["metrics"]
    assert told["limits"]["interval_objects_s"] == {"value": 4.4, "bound": 2.5, "holds": False}
    assert told["limits"]["tile_age_p95_s"]["holds"] and told["limits_at_students"] == 100
    assert told["looks"]["objects"]["every"] == 2.0
    said = "\n".join(verdict(steps))
    assert "With heavy looks at half pace it carries 100." in said and "With 125 students" in said


def test_half_pace_excuses_heavy_looks_and_nothing_else() -> None:
    assert step(60, slower=2.0, stretch=2.0).problem(FULL)
    assert step(60, slower=2.0, stretch=2.0).problem(HALF) is None
    assert step(60, overloaded=True).problem(HALF)
    slow_faces = replace(step(60), paces={"face": Pace(1.0, 1.5)})
    assert "face was looked at every 1.5 s" in str(slow_faces.problem(HALF))


def test_what_came_after_a_step_that_broke_does_not_count() -> None:
    assert best_of([step(20), step(40, slower=2.0), step(60)]) == step(20)
    assert best_of([step(20, slower=2.0)]) is None


def test_a_server_that_tells_nothing_of_its_detectors_is_judged_by_its_looks() -> None:
    silent = replace(step(60), paces={}, looks=0.5)
    assert [limit.name for limit in silent.limits()] == ["tile_age_p95_s", "alert_p95_s", "looks_per_student_second"]
    assert "0.50 times a second" in str(silent.problem())


def test_the_interval_counts_students_who_were_never_looked_at() -> None:
    def facts(at: float, looks: int) -> dict[str, Any]:
        line = {"looks": looks, "said_again": looks // 4, "every": 2.0, "seconds": 2.0, "ms": 9.0}
        return {"at": at, "health": {"looks_by_detector": {"objects": line, "markers": line}}}

    span = Span(facts(100.0, 40), facts(120.0, 140), {}, 20.0)
    assert paces_of(span, students=20) == {"objects": Pace(2.0, 4.0, 0.25, 0.25, 9.0)}
    assert paces_of(Span(facts(100.0, 40), facts(120.0, 40), {}, 20.0), 20)["objects"].seconds == math.inf


def test_a_verdict_says_when_nothing_broke_and_when_others_used_the_machine() -> None:
    assert "More were not tried in the time: the limit is higher." in list(verdict([step(20)]))
    assert "Other programs used 80 %" in list(verdict([step(20, others=80.0)]))[-1]


def test_a_machine_that_is_too_weak_is_told_so() -> None:
    said = list(verdict([step(5, slower=9.0)]))
    assert said[0] == "This machine carries fewer than 5 students at the same time at full pace."
    assert report_of([step(5, slower=9.0)]).metrics["students"] == 0


class PausingSchool(School):
    """A school that was measured already, one step after the other."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = iter(steps)

    async def measure(self) -> Step:
        return next(self._steps)


def test_a_bad_moment_is_measured_again_before_it_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert asyncio.run(measure_step(PausingSchool([step(20, slower=1.3), step(20)]))).problem() is None
    assert asyncio.run(measure_step(PausingSchool([step(20, slower=1.3), step(20, slower=1.4)]))).problem()
    assert capsys.readouterr().out.count("half pace") == 3


def test_the_command_prints_a_table_and_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def measured(*_given: object) -> list[Step]:
        return [step(20), step(40, slower=1.5)]

    modes: list[str] = []

    def served(mode: str, _workers: int | None) -> contextlib.nullcontext[None]:
        modes.append(mode)
        return contextlib.nullcontext()

    monkeypatch.setattr("bench.capacity.__main__.Served", served)
    monkeypatch.setattr("bench.capacity.__main__.ramp", measured)
    assert main(["--json", "--mode", "threading"]) == 0
    assert modes == ["threading"]
    said = capsys.readouterr().out
    assert "This machine carries 20 students" in said
    assert json.loads(said.splitlines()[-1])["metrics"]["students"] == 20
