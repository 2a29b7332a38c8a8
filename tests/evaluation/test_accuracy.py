"""Accuracy does not fall: figures on the shared pictures against those that were kept; and their arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.types import AlertKind
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from evaluation import baseline, goals, report_page
from evaluation.figures.intervals import Figure, accepted_at, drawn, f1, scores, separation, share
from evaluation.figures.labelled_data import as_still, rows, shaken
from evaluation.figures.section import Section
from evaluation.run import Measured, ratios
from evaluation.subjects import faces, identities, phones, poses, states, timing
from evaluation.systems.ours import Clock, Watcher
from tests.detection import pictures

# ------------------------------------------------------------------------------------ arithmetic


def test_a_share_has_wilsons_interval() -> None:
    figure = share(81, 263)  # the example of Newcombe (1998)
    assert (figure.low, figure.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert (share(0, 20).low, share(20, 20).high) == pytest.approx((0.0, 1.0))
    assert math.isnan(share(0, 0).value)


def test_scores_count_what_was_said_against_what_is_so() -> None:
    told = scores([(True, True)] * 6 + [(True, False)] * 2 + [(False, True)] * 3 + [(False, False)] * 9)
    assert told.precision.value == pytest.approx(6 / 9)
    assert told.recall.value == pytest.approx(6 / 8)
    assert told.f1.value == pytest.approx(12 / 17)
    assert told.f1.low < told.f1.value < told.f1.high


def test_where_there_is_nothing_to_find_nothing_was_missed() -> None:
    assert f1(np.zeros((4, 2))) == 1.0
    assert math.isnan(drawn(np.zeros((0, 2)), f1).value)


def test_a_perfect_score_is_not_certain() -> None:
    few, many = scores([(True, True)] * 5), scores([(True, True)] * 500)
    assert few.f1.value == few.f1.high == 1.0
    assert few.f1.low < 0.6 < 0.99 < many.f1.low


def test_ratios_below_one_are_better() -> None:
    metrics = {"phone f1": 0.9, "yaw error": 3.0, "objects ms": 40.0, "alone": 1.0}
    theirs = {"phone f1": 0.6, "yaw error": 4.0, "ms": 80.0}
    told = ratios(metrics, {"YOLO11n INT8, plain 640": theirs})
    assert sorted(round(value, 2) for value in told.values()) == [0.5, 0.67, 0.75]


def test_an_interval_is_the_same_in_every_run_and_narrows_with_more_pictures() -> None:
    few, many = [(True, True)] * 8 + [(True, False)] * 2, [(True, True)] * 80 + [(True, False)] * 20
    assert scores(few) == scores(few)
    assert scores(many).f1.low > scores(few).f1.low


def test_the_curve_is_measured_by_pairs() -> None:
    same, other = np.array([0.1, 0.2, 0.3]), np.array([0.25, 0.4, 0.5, 0.6])
    assert separation(same, other) == pytest.approx(11 / 12)
    assert separation(same, same) == pytest.approx(0.5)
    assert accepted_at(0.0, same, other) == pytest.approx(0.25)
    assert accepted_at(0.5, same, other) == 0.0


def test_only_what_fell_below_its_interval_is_named() -> None:
    before = {name: Figure(0.9, 0.8, 0.95, 50) for name in ("f1", "yaw error", "gone")}
    assert baseline.fallen({"f1": Figure(0.8, 0, 1, 50), "yaw error": Figure(0.5, 0, 1, 50)}, before) == []
    worse = baseline.fallen({"f1": Figure(0.79, 0, 1, 50), "yaw error": Figure(0.96, 0, 1, 50)}, before)
    assert [line.split(":")[0] for line in worse] == ["f1", "yaw error"]
    assert len(baseline.fallen({"f1": share(0, 0)}, before)) == 1


def test_figures_are_kept_and_read_again(tmp_path: Path) -> None:
    baseline.keep({"f1": Figure(0.9, 0.8, 0.95, 50), "nothing": share(0, 0)}, tmp_path / "kept.json")
    assert baseline.read(tmp_path / "kept.json") == {"f1": Figure(0.9, 0.8, 0.95, 50)}


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure(0.95, 0.9, 0.99, 50), "yes"),
        (Figure(0.95, 0.93, 0.99, 50), "yes, by the interval too"),
        (Figure(0.91, 0.8, 0.99, 50), "no"),
    ],
)
def test_a_goal_is_kept_missed_or_not_measured(figure: Figure, verdict: str) -> None:
    told = {row[0]: row[3] for row in goals.rows({"phone f1": figure})}
    assert told.pop("phone, single pictures: F1") == verdict
    assert set(told.values()) == {""}


def test_segments_of_a_clip_are_read() -> None:
    assert poses.segments("0.0-5.2 center; 5.6-10.0 image_left") == [(0.0, 5.2, "center"), (5.6, 10.0, "image_left")]


# ------------------------------------------------------------------------------------ a folder of one's own


@pytest.fixture(scope="module")
def watcher(face_models: ModelShelf) -> Iterator[Watcher]:
    made = Watcher(ModelShelf(face_models.cache), ("face", "picture", "landmarks"))
    yield made
    made.close()


@pytest.fixture
def own_media(tmp_path: Path) -> Path:
    """A media folder with three pictures of scikit-image."""
    (tmp_path / "faces").mkdir()
    shown = {"one": pictures.one_face(), "multiple": pictures.two_faces(), "none": pictures.no_face()}
    for label, rgb in shown.items():
        (tmp_path / "faces" / f"{label}.jpg").write_bytes(pictures.jpeg(rgb, 640, 90))
    lines = ["file,label,note", *(f"{label}.jpg,{label},glasses" for label in shown), "gone.jpg,one,"]
    (tmp_path / "faces" / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_any_folder_with_labels_is_measured(watcher: Watcher, own_media: Path) -> None:
    section = faces.single(watcher, own_media, {"nobody": lambda _picture: 0}, (320,))
    assert section.figures["no_face 320 f1"].value == section.figures["several 320 f1"].value == 1.0
    assert section.peers["nobody"]["no_face 320 f1"] == pytest.approx(0.5)
    confirmed = faces.confirmed(watcher, own_media).figures
    assert confirmed["no_face confirmed recall"].value == confirmed["several confirmed precision"].value == 1.0


def test_conditions_and_states_are_measured(watcher: Watcher, own_media: Path) -> None:
    conditions = faces.by_condition(watcher, own_media)
    assert conditions.figures["face found"].value == 1.0
    assert "glasses: noted" in [row[0] for row in conditions.rows]
    found = states.measure(watcher, own_media).figures
    assert {name: figure.value for name, figure in found.items()} == dict.fromkeys(found, 1.0)


def test_folders_that_are_not_there_are_left_out(watcher: Watcher, tmp_path: Path) -> None:
    assert rows(tmp_path, "faces") == []
    assert phones.single(watcher, tmp_path, {}).rows == []
    assert phones.sureness(watcher, tmp_path).rows == []
    assert identities.measure(watcher, tmp_path).rows == []


def test_a_shaken_picture_shows_the_same_and_never_repeats(watcher: Watcher) -> None:
    stills = list(shaken(decode(pictures.jpeg(pictures.no_face(), 320)).bgr, 12, 1.0, 1))
    assert len({still.jpeg for still in stills}) == 12
    assert watcher.alerts(stills, ("face", "picture")) == {AlertKind.FACE_NOT_FOUND}


def test_the_page_and_the_report_hold_every_section(watcher: Watcher, own_media: Path, face_models: ModelShelf) -> None:
    watcher.look(as_still(decode(pictures.jpeg(pictures.one_face(), 320)).bgr))
    times = timing.measure(watcher, own_media, [], Clock())
    told = Measured([faces.single(watcher, own_media, {}, (320,)), Section("Nothing"), times], watcher.clock)
    text = report_page.page(told, face_models)
    assert "| Examonitor: face " in text
    assert "## No face, several faces: single pictures" in text
    assert "## Nothing" not in text
    assert "face_full_range" in text
    assert told.report().metrics["several 320 f1"] == 1.0
    assert told.report().metrics["face ms"] > 0


# ------------------------------------------------------------------------------------ the kept figures


@pytest.fixture(scope="module")
def all_eyes(face_models: ModelShelf, models_dir: Path) -> Iterator[Watcher]:
    made = Watcher(ModelShelf(face_models.cache, [*face_models.folders, models_dir]))
    yield made
    made.close()


@pytest.fixture(scope="module")
def before() -> dict[str, Figure]:
    return baseline.read()


def test_faces_are_counted_as_well_as_they_were(watcher: Watcher, media_dir: Path, before: dict[str, Figure]) -> None:
    assert baseline.fallen(faces.single(watcher, media_dir, {}, (640, 320)).figures, before) == []


def test_pictures_are_refused_and_accepted_as_they_were(
    watcher: Watcher, media_dir: Path, before: dict[str, Figure]
) -> None:
    assert baseline.fallen(states.measure(watcher, media_dir).figures, before) == []


def test_phones_are_seen_as_well_as_they_were(all_eyes: Watcher, media_dir: Path, before: dict[str, Figure]) -> None:
    assert baseline.fallen(phones.single(all_eyes, media_dir, {}).figures, before) == []


def test_what_is_critical_is_as_sure_as_it_was(all_eyes: Watcher, media_dir: Path, before: dict[str, Figure]) -> None:
    figures = phones.sureness(all_eyes, media_dir).figures
    assert figures["phone critical wrongly"].value == 0.0
    assert baseline.fallen(figures, before) == []


def test_poses_are_as_near_as_they_were(all_eyes: Watcher, media_dir: Path, before: dict[str, Figure]) -> None:
    assert baseline.fallen(poses.angles(all_eyes, media_dir, None).figures, before) == []
    assert baseline.fallen(poses.directions(all_eyes, media_dir).figures, before) == []


def test_people_are_told_apart_as_well_as_they_were(
    all_eyes: Watcher, media_dir: Path, before: dict[str, Figure]
) -> None:
    assert baseline.fallen(identities.measure(all_eyes, media_dir).figures, before) == []
