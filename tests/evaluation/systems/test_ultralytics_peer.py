"""Ultralytics' own predictor as a peer: through a real process, with an Ultralytics made by the test."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from detection.models.export_yolo import environment_python
from evaluation.systems import ultralytics_peer
from evaluation.systems.ultralytics_peer import PeerError, Predictor, find_python

ULTRALYTICS = """
import types
import numpy as np

class YOLO:
    def __init__(self, weights, task):
        print("loading", weights)
        if "gone" in weights:
            raise FileNotFoundError(weights)
        self.predictor = types.SimpleNamespace(imgsz=[320, 320])

    def predict(self, picture, imgsz, conf, verbose, device):
        print("a line that is no answer")
        if picture.max() > 250:
            raise SystemExit(3)
        seen = [(67.0, 0.4), (67.0, picture.max() / 250), (0.0, 0.99)] if picture.max() else []
        rows = [(number, score) for number, score in seen if score >= conf]
        boxes = types.SimpleNamespace(
            cls=np.array([number for number, _ in rows]),
            conf=np.array([score for _, score in rows]),
            xyxy=np.zeros((len(rows), 4)),
        )
        return [types.SimpleNamespace(boxes=boxes)]
"""


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter whose Ultralytics is the one above."""
    (tmp_path / "there" / "ultralytics").mkdir(parents=True)
    (tmp_path / "there" / "ultralytics" / "__init__.py").write_text(ULTRALYTICS)
    found = tmp_path / "python"
    found.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path / "there"}" exec "{sys.executable}" "$@"\n')
    found.chmod(0o755)
    return found


def grey(value: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((48, 64, 3), value, np.uint8)


def test_the_surest_phone_is_told_with_the_times_and_the_size(python: Path) -> None:
    predictor = Predictor(python, Path("yolo.pt"))
    looks = [predictor.look(grey(value)) for value in (0, 50, 200)]
    predictor.close()
    assert [look.surest for look in looks] == pytest.approx([0.0, 0.4, 0.8])
    assert all(look.ms > 0 and look.cpu_ms >= 0 for look in looks)
    assert predictor.side == 320


def test_a_model_that_cannot_be_loaded_is_explained(python: Path) -> None:
    with pytest.raises(PeerError, match=r"FileNotFoundError: gone\.pt"):
        Predictor(python, Path("gone.pt"))


def test_a_process_that_ends_is_no_answer(python: Path) -> None:
    predictor = Predictor(python, Path("yolo.pt"))
    with pytest.raises(PeerError):
        predictor.look(grey(255))
    with pytest.raises(PeerError):
        predictor.look(grey(0))
    predictor.close()


def test_it_is_found_where_it_is_named_or_where_models_are_exported(python: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert find_python(cache, {}) is None
    assert find_python(cache, {ultralytics_peer.VARIABLE: str(python)}) == python
    exporting = environment_python(cache)
    exporting.parent.mkdir(parents=True)
    exporting.symlink_to(python)
    assert find_python(cache, {}) == exporting


def test_an_interpreter_without_ultralytics_does_not_count(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    assert find_python(tmp_path, {ultralytics_peer.VARIABLE: str(bare)}) is None
    assert find_python(tmp_path, {ultralytics_peer.VARIABLE: str(tmp_path / "nowhere")}) is None


def test_nothing_is_left_behind(python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    predictor = Predictor(python, Path("yolo.pt"))
    assert os.listdir(tmp_path / "temporary")
    predictor.close()
    assert not os.listdir(tmp_path / "temporary")
