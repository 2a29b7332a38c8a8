"""`analyse` and `replay` on pictures and videos made of scikit-image's: lines, words, errors, exit codes."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from core.types import AlertKind, ObservationKind
from detection.measures.channels import PHONES_ALONE, paces
from detection.models.shelf import ModelShelf
from detection.runtime.presets import preset_rules
from detection.tools import analyse_cli
from detection.tools.analyse import Analyst, Request
from detection.tools.analyse_report import as_line, as_words
from tests.detection import pictures
from tests.detection.recorded import exif_jpeg, picture_file, video_file

pytestmark = pytest.mark.slow

NORMAL = preset_rules("normal")
KEYS = {"file", "at", "picture", "faces", "head", "gaze", "identity", "objects", "attention"}


@pytest.fixture(scope="module")
def loaded(face_models: ModelShelf) -> Iterator[Analyst]:
    made = Analyst(ModelShelf(face_models.cache), errors=io.StringIO())
    yield made
    made.close()


@pytest.fixture
def analyst(loaded: Analyst) -> Analyst:
    loaded.out, loaded.errors = io.StringIO(), io.StringIO()
    return loaded


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    return picture_file(tmp_path / "portrait.jpg", pictures.one_face())


@pytest.fixture
def coffee(tmp_path: Path) -> Path:
    return picture_file(tmp_path / "coffee.jpg", pictures.no_face())


def told(analyst: Analyst, *files: Path, **request: Any) -> list[dict[str, Any]]:
    analyst.analyse(Request(files, as_json=True, **request))
    return [json.loads(line) for line in written(analyst.out)]


def written(stream: object) -> list[str]:
    assert isinstance(stream, io.StringIO)
    return stream.getvalue().splitlines()


def box(line: dict[str, Any]) -> list[int]:
    (face,) = line["faces"]
    found: list[int] = face["box"]
    return found


# ------------------------------------------------------------------------------------ lines


def test_a_portrait_is_one_line_with_everything(analyst: Analyst, portrait: Path) -> None:
    (line,) = told(analyst, portrait)
    assert line.keys() == KEYS
    assert (line["file"], line["at"], line["identity"]) == (str(portrait), 0.0, None)
    assert [found["label"] for found in line["objects"]] == ["person"]
    assert line["picture"].keys() == {"state", "luminance", "blur"}
    assert line["picture"]["state"] == "ok"
    assert line["head"].keys() == {"yaw", "pitch", "roll"}
    assert 0.5 < line["faces"][0]["score"] <= 1.0
    assert 0 <= line["attention"] <= 100


def test_nobody_is_nothing(analyst: Analyst, coffee: Path) -> None:
    (line,) = told(analyst, coffee)
    assert (line["faces"], line["head"], line["gaze"], line["attention"]) == ([], None, None, None)


def test_places_are_pixels_of_the_original_however_large(analyst: Analyst, portrait: Path, tmp_path: Path) -> None:
    larger = np.asarray(cv2.resize(pictures.one_face(), (3072, 3072)), dtype=np.uint8)
    small, large = told(analyst, portrait, picture_file(tmp_path / "large.jpg", larger))
    assert box(large) == pytest.approx([6 * value for value in box(small)], abs=40)


def test_a_turned_photo_is_read_as_it_is_shown(analyst: Analyst, portrait: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.jpg"
    turned.write_bytes(exif_jpeg(np.ascontiguousarray(np.rot90(pictures.one_face())), 6))
    upright, shown = told(analyst, portrait, turned)
    assert box(shown) == pytest.approx(box(upright), abs=8)


def test_a_video_is_a_line_for_each_sample(analyst: Analyst, tmp_path: Path) -> None:
    path = video_file(tmp_path / "a.avi", [pictures.one_face()] * 20)
    lines = told(analyst, path, every=0.5)
    assert [line["at"] for line in lines] == pytest.approx([0.0, 0.5, 1.0, 1.5])
    assert [len(line["faces"]) for line in lines] == [1] * 4


def test_attention_follows_a_video_and_starts_anew_with_each_file(analyst: Analyst, tmp_path: Path) -> None:
    leaves = [pictures.one_face()] * 10 + [pictures.no_face()[:, :512]] * 60
    height = min(one.shape[0] for one in leaves)
    path = video_file(tmp_path / "a.avi", [one[:height] for one in leaves])
    lines = told(analyst, path, path, every=1.0)
    scores = [line["attention"] for line in lines]
    assert scores[:7] == scores[7:]
    assert scores[0] > 60
    assert scores[1:7] == [None] * 6  # an empty chair has no attention


def test_words_say_the_same(analyst: Analyst, portrait: Path, coffee: Path) -> None:
    assert analyst.analyse(Request([portrait, coffee])) == 0
    first, second = written(analyst.out)
    assert "1 face; ok; head" in first
    assert "0 faces; ok" in second and "attention" not in second


def test_words_name_things_and_identity() -> None:
    facts: dict[ObservationKind, dict[str, Any]] = {
        ObservationKind.FACES: {"boxes": [[1, 2, 3, 4]], "scores": [0.9]},
        ObservationKind.OBJECTS: {"objects": [{"label": "cell phone", "box": [1, 2, 3, 4], "score": 0.66}]},
        ObservationKind.IDENTITY: {"distance": 0.8, "match": "no", "reason": None},
    }
    still = analyse_still(scale=0.5)
    line = as_line(Path("a.jpg"), still, facts, None)
    assert line["objects"] == [{"label": "cell phone", "box": [2, 4, 6, 8], "score": 0.66}]
    assert line["identity"] == {"distance": 0.8, "match": "no"}
    assert "identity no; cell phone 0.66" in as_words(line)


def analyse_still(scale: float) -> Any:
    return argparse.Namespace(at=0.0, scale=scale)


# ------------------------------------------------------------------------------------ enrolled and annotated


def test_the_enrolled_person_is_compared_in_each_sample(analyst: Analyst, portrait: Path, tmp_path: Path) -> None:
    video = video_file(tmp_path / "a.avi", [pictures.one_face()] * 15)
    lines = told(analyst, video, every=0.5, enrolled=portrait)
    assert [line["identity"]["match"] for line in lines] == ["yes"] * 3
    assert max(line["identity"]["distance"] for line in lines) < 0.3


def test_where_no_face_is_seen_identity_is_unsure(analyst: Analyst, portrait: Path, coffee: Path) -> None:
    (line,) = told(analyst, coffee, enrolled=portrait)
    assert line["identity"] == {"distance": None, "match": "unsure"}


def test_a_photo_without_a_usable_face_is_refused(analyst: Analyst, portrait: Path, coffee: Path) -> None:
    assert analyst.analyse(Request([portrait], enrolled=coffee)) == 1
    assert written(analyst.out) == []
    assert written(analyst.errors) == [f"{coffee}: this photo cannot be the reference: no face"]


def test_a_photo_that_cannot_be_read_is_refused(analyst: Analyst, portrait: Path, tmp_path: Path) -> None:
    assert analyst.analyse(Request([portrait], enrolled=tmp_path)) == 1
    assert analyst.replay([portrait], NORMAL, enrolled=tmp_path / "nowhere") == 1
    assert "no such file" in written(analyst.errors)[1]


def test_annotated_copies_are_kept_for_every_line(analyst: Analyst, portrait: Path, tmp_path: Path) -> None:
    same_name = picture_file(tmp_path / "portrait.png", pictures.one_face())
    video = video_file(tmp_path / "clip.avi", [pictures.one_face()] * 10)
    folder = tmp_path / "new" / "copies"
    assert analyst.analyse(Request([portrait, same_name, video], every=0.5, annotated=folder)) == 0
    assert len(list(folder.glob("*.jpg"))) == 4
    first = cv2.imread(str(folder / "001_portrait_0000.000.jpg"))
    assert first is not None
    assert np.abs(first.astype(int) - pictures.one_face()[..., ::-1]).max() > 100


def test_copies_that_cannot_be_kept_are_an_error(analyst: Analyst, portrait: Path) -> None:
    assert analyst.analyse(Request([portrait], annotated=portrait / "below")) == 1
    assert len(written(analyst.errors)) == 1


# ------------------------------------------------------------------------------------ what cannot be read


def test_unreadable_files_do_not_stop_the_rest(analyst: Analyst, portrait: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.jpg").write_text("no picture")
    bad = [tmp_path / "nowhere.jpg", tmp_path, tmp_path / "empty.mp4", tmp_path / "text.jpg"]
    assert analyst.analyse(Request([*bad, portrait], as_json=True)) == 1
    assert [json.loads(line)["file"] for line in written(analyst.out)] == [str(portrait)]
    errors = written(analyst.errors)
    assert [line.split(": ")[0] for line in errors] == [str(path) for path in bad]


def test_a_picture_that_breaks_off_is_still_looked_at_or_named(analyst: Analyst, portrait: Path) -> None:
    portrait.write_bytes(portrait.read_bytes()[:-2000])
    status = analyst.analyse(Request([portrait]))
    assert len(written(analyst.out)) + status == 1


def test_a_video_that_breaks_off_is_named_after_its_frames(analyst: Analyst, tmp_path: Path) -> None:
    path = video_file(tmp_path / "a.avi", [pictures.one_face(), pictures.two_faces()[:, 300:812]] * 25)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert analyst.analyse(Request([path])) == 1
    assert len(written(analyst.out)) in {2, 3}
    assert "cut off" in written(analyst.errors)[0]


# ------------------------------------------------------------------------------------ replay


def test_replay_prints_alerts_with_their_times(analyst: Analyst, tmp_path: Path) -> None:
    height = 400
    scenes = [pictures.one_face()] * 30 + [pictures.no_face()[:, :512]] * 120 + [pictures.one_face()] * 50
    path = video_file(tmp_path / "a.avi", [one[:height] for one in scenes])
    assert analyst.replay([path], NORMAL) == 0
    raised, over = written(analyst.out)
    assert f"{AlertKind.FACE_NOT_FOUND} warning  No face was seen for" in raised
    assert 7.9 <= float(raised.split()[1]) <= 9.5
    assert f"{AlertKind.FACE_NOT_FOUND} is over" in over
    assert float(over.split()[1]) == pytest.approx(15.0, abs=0.6)


def test_an_alert_that_lasts_to_the_end_is_ended_there(analyst: Analyst, tmp_path: Path) -> None:
    path = video_file(tmp_path / "a.avi", [pictures.no_face()] * 100)
    rules = analyse_cli.changed(NORMAL, [("FACE_NOT_FOUND", "hold", 2.0)])
    assert analyst.replay([path, tmp_path], rules, every=1.0) == 1
    raised, over = written(analyst.out)
    assert 2.9 <= float(raised.split()[1]) <= 4.1
    assert float(over.split()[1]) == pytest.approx(9.0)


def test_in_replay_every_detector_looks_as_often_as_in_a_room(analyst: Analyst) -> None:
    looked: dict[str, float] = {}
    wanted = paces("webcam", {detector.name: detector.every for detector in analyst.pipeline.detectors})
    due = [analyst._due(at, wanted, looked) for at in (0.0, 0.5, 1.0, 45.0)]
    assert due[0] == [one.name for one in analyst.pipeline.detectors if one.name not in PHONES_ALONE]
    assert due[1] == ["face", "picture"]
    assert due[2] == ["face", "picture", "landmarks"]
    assert "identity" in due[3]


def test_a_phones_pictures_are_read_as_a_phones(analyst: Analyst, portrait: Path, tmp_path: Path) -> None:
    empty = video_file(tmp_path / "a.avi", [pictures.no_face()] * 120)
    assert analyst.replay([empty], NORMAL, every=2.0) == 0
    assert any("FACE_NOT_FOUND" in line for line in written(analyst.out))
    analyst.out = io.StringIO()
    assert analyst.replay([empty], NORMAL, every=2.0, channel="head") == 0
    assert not any("FACE_NOT_FOUND" in line for line in written(analyst.out))
    analyst.out = io.StringIO()
    (line,) = told(analyst, portrait, channel="head")
    assert (line["head"], line["attention"], len(line["faces"])) == (None, None, 1)


# ------------------------------------------------------------------------------------ command line


def parsed(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    analyse_cli.add_commands(parser.add_subparsers(dest="command"))
    return parser.parse_args([str(argument) for argument in arguments])


def test_the_command_line_reaches_both(
    face_models: ModelShelf, portrait: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = ModelShelf(face_models.cache)
    video = video_file(tmp_path / "a.avi", [pictures.no_face()] * 60)
    assert analyse_cli.run_analyse(shelf, parsed("analyse", portrait, tmp_path / "no", "--json")) == 1
    seen = capsys.readouterr()
    assert json.loads(seen.out)["file"] == str(portrait)
    assert f"{tmp_path / 'no'}: no such file" in seen.err
    strict = parsed("replay", video, "--preset", "strict", "--set", "FACE_NOT_FOUND.hold=1.5", "--every", "0.5")
    assert analyse_cli.run_replay(shelf, strict) == 0
    assert "FACE_NOT_FOUND" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        ["--every", "0"],
        ["--every", "soon"],
        ["--set", "hold=3"],
        ["--set", "NOTHING.hold=3"],
        ["--set", "PHONE_DETECTED.hold=long"],
        ["--set", "PHONE_DETECTED.colour=3"],
        ["--preset", "wild"],
    ],
)
def test_wrong_options_are_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        parsed("replay", "a.mp4", *wrong)
    assert stop.value.code == 2


def test_single_settings_can_be_tried() -> None:
    given = parsed("replay", "a.mp4", "--set", "PHONE_DETECTED.hold=3", "--set", "TALKING.enabled=0")
    rules = analyse_cli.changed(NORMAL, given.changes)
    assert (rules["PHONE_DETECTED"].hold, rules["TALKING"].enabled) == (3.0, False)
    assert rules["PHONE_DETECTED"].confirm == NORMAL["PHONE_DETECTED"].confirm


def test_a_reader_that_had_enough_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    closed = []
    with os.fdopen(writing, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        status = analyse_cli._until_nobody_reads(lambda: out.write("x" * 100_000) and 0, lambda: closed.append(1))
        monkeypatch.undo()
    assert (status, closed) == (1, [1])
