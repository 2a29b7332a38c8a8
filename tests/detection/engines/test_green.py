"""The same engine and runtime in a process that eventlet has patched, as the server's is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from detection.models.shelf import ModelShelf
from tests.detection import pictures
from tests.detection.fakes import eventually

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parents[2]


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


ORPHAN = """
import sys, threading
from pathlib import Path
from detection.engines.local import LocalEngine
from tests.detection.fakes import FakeListener, eventually
engine = LocalEngine(1, Path(sys.argv[1]), [], ["picture"])
engine.start(FakeListener())
eventually(engine.free)
print(engine.health()[0]["pid"], flush=True)
threading.Event().wait()
"""


def test_a_worker_ends_when_its_server_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ORPHAN, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        worker = psutil.Process(int(server.stdout.readline()))
        assert worker.is_running()
        server.kill()
    eventually(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
