"""Head poses against known angles, gaze against a clip with known times; with the model and without."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import cv2
import numpy as np
import pytest

from core.types import ObservationKind
from detection import detectors
from detection.detectors.base import Detector, Findings, Values
from detection.detectors.landmarks import head_angles
from detection.frames.decode import Picture, decode
from detection.models.shelf import ModelShelf
from tests.detection import pictures


class Eyes:
    """The face detector and the landmark detector, one after the other as in the pipeline."""

    def __init__(self, models: ModelShelf) -> None:
        self._all: list[Detector] = [detectors.make(name, models) for name in ("face", "landmarks")]
        for detector in self._all:
            detector.load()

    def look(self, picture: Picture) -> Values:
        found: dict[ObservationKind, Values] = {}
        for detector in self._all:
            found[detector.kind] = detector.look(picture, found, {})
        return found[ObservationKind.LANDMARKS]

    def close(self) -> None:
        for detector in self._all:
            detector.close()


@pytest.fixture(scope="module")
def eyes(face_models: ModelShelf, models_dir: Path) -> Iterator[Eyes]:
    made = Eyes(ModelShelf(face_models.cache, [*face_models.folders, models_dir]))
    yield made
    made.close()


@pytest.fixture(scope="module")
def coarse_eyes(face_models: ModelShelf) -> Iterator[Eyes]:
    made = Eyes(ModelShelf(face_models.cache))
    yield made
    made.close()


def known_poses(media_dir: Path, most_yaw: float = 60.0) -> Iterator[tuple[Picture, float, float]]:
    with (media_dir / "headpose" / "labels.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["yaw_deg"] and abs(float(row["yaw_deg"])) <= most_yaw:
                jpeg = (media_dir / "headpose" / row["file"]).read_bytes()
                yield decode(jpeg), float(row["yaw_deg"]), float(row["pitch_deg"])


def errors(eyes: Eyes, media_dir: Path) -> tuple[float, float]:
    told = [(eyes.look(picture), yaw, pitch) for picture, yaw, pitch in known_poses(media_dir)]
    seen = [(values, yaw, pitch) for values, yaw, pitch in told if values["yaw"] is not None]
    assert len(seen) >= len(told) - 1
    return mean(abs(v["yaw"] - yaw) for v, yaw, _ in seen), mean(abs(v["pitch"] - pitch) for v, _, pitch in seen)


def test_yaw_and_pitch_are_near_the_truth(eyes: Eyes, media_dir: Path) -> None:
    yaw, pitch = errors(eyes, media_dir)
    assert (yaw <= 6.0, pitch <= 6.0) == (True, True), (yaw, pitch)


def test_without_the_model_poses_are_coarse_and_marked_so(coarse_eyes: Eyes, media_dir: Path) -> None:
    yaw, pitch = errors(coarse_eyes, media_dir)
    assert (yaw <= 12.0, pitch <= 12.0) == (True, True), (yaw, pitch)


def test_a_portrait_is_read_without_the_model(coarse_eyes: Eyes) -> None:
    values = coarse_eyes.look(decode(pictures.jpeg(pictures.one_face(), 480)))
    assert values["coarse"] is True
    assert abs(values["yaw"]) < 40
    assert values["gaze"] is None


def test_a_mirrored_face_looks_the_other_way(coarse_eyes: Eyes) -> None:
    there = coarse_eyes.look(decode(pictures.jpeg(pictures.one_face(), 480)))
    mirrored = coarse_eyes.look(decode(pictures.jpeg(np.ascontiguousarray(pictures.one_face()[:, ::-1]), 480)))
    assert there["yaw"] == pytest.approx(-mirrored["yaw"], abs=6)


def test_nobody_has_no_pose(coarse_eyes: Eyes) -> None:
    assert coarse_eyes.look(decode(pictures.jpeg(pictures.no_face(), 320)))["yaw"] is None


def test_eyes_that_leave_the_screen_are_seen_while_the_head_is_still(eyes: Eyes, media_dir: Path) -> None:
    clip = cv2.VideoCapture(str(media_dir / "clips" / "clips_p002.mp4"))
    sides: dict[str, list[float]] = {"centre": [], "left": []}
    for number in range(225):
        read, frame = clip.read()
        if not read or number % 15:
            continue
        at = number / 15
        values = eyes.look(decode(cv2.imencode(".jpg", frame)[1].tobytes()))
        if values["gaze"] and not (5.0 < at < 6.2 or 9.8 < at < 10.9):
            sides["left" if 6 < at < 10 else "centre"].append(values["gaze"]["x"])
    clip.release()
    assert min(sides["left"]) > max(sides["centre"]) + 0.3


@pytest.mark.parametrize(("axis", "place"), [("y", 0), ("x", 1), ("z", 2)])
def test_each_angle_is_read_from_its_own_axis(axis: str, place: int) -> None:
    turn = np.radians(20.0)
    cos, sin = np.cos(turn), np.sin(turn)
    matrices = {
        "y": [[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]],
        "x": [[1, 0, 0], [0, cos, -sin], [0, sin, cos]],
        "z": [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]],
    }
    matrix = np.eye(4)
    matrix[:3, :3] = matrices[axis]
    expected = [0.0, 0.0, 0.0]
    expected[place] = -20.0
    assert head_angles(matrix) == pytest.approx(expected, abs=1e-6)


def test_nothing_is_made_of_nothing(coarse_eyes: Eyes) -> None:
    found: Findings = {}
    (landmarks,) = [d for d in coarse_eyes._all if d.name == "landmarks"]
    assert landmarks.look(Picture(np.zeros((4, 4, 3), np.uint8)), found, {})["yaw"] is None


MADE_USED_CLOSED = """
import sys
from pathlib import Path
from detection import detectors
from detection.models.shelf import ModelShelf
detector = detectors.make("landmarks", ModelShelf(Path("nowhere"), [Path(sys.argv[1])]))
assert detector.reduced() is None
detector.load()
print("loaded", file=sys.stderr)
detector.close()
"""


def test_its_library_says_nothing_on_the_command_line(models_dir: Path) -> None:
    command = [sys.executable, "-c", MADE_USED_CLOSED, str(models_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "loaded\n")
