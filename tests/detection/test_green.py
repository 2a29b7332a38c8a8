"""The same engine and runtime in a process that eventlet has patched, as the server's is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from detection.models import ModelShelf
from tests.detection import pictures

ROOT = Path(__file__).resolve().parents[2]


def test_detection_works_and_recovers_under_eventlet(tmp_path: Path, face_models: ModelShelf) -> None:
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(pictures.jpeg(pictures.one_face()))
    folders = [str(folder) for folder in face_models.folders]
    command = [
        *(sys.executable, "-m", "tests.detection.green_server"),
        *(str(picture), str(face_models.cache), *folders),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["counts"], told["restarts"]) == ([1], 2)
    assert told["longest_gap"] < 5.0, "nothing in the process waited for a worker in a way that stops all else"
