"""No library that looks at pictures tells anybody about it: what a student shows stays where the school keeps it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from detection.models.shelf import ModelShelf
from tests import media

ROOT = Path(__file__).resolve().parent.parents[2]
LISTEN = """
import sys, time
heard = []
# a library that reports home opens a socket, or forks a process that does
calls = {"socket.connect", "socket.getaddrinfo", "os.fork"}
sys.addaudithook(lambda event, _: heard.append(event) if event in calls else None)
"""
LOAD_EVERY_DETECTOR = """
from pathlib import Path
from detection import detectors
from detection.models.shelf import ModelShelf

shelf = ModelShelf(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
for name in detectors.DETECTORS:
    made = detectors.make(name, shelf)
    if made.available() is None:
        made.load()
"""
TELL = """
time.sleep(0.5)  # reports are sent from a thread in the background
print(*heard)
"""


def heard_while(statements: str, *arguments: str | Path) -> str:
    """The suspicious events while the statements run in a fresh interpreter."""
    command = [sys.executable, "-W", "ignore", "-c", LISTEN + statements + TELL, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.slow
def test_loading_every_detector_calls_nobody(face_models: ModelShelf) -> None:
    assert heard_while(LOAD_EVERY_DETECTOR, face_models.cache, media.folder("models", os.environ)) == ""


def test_a_call_would_be_heard() -> None:
    call = "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9), 0.1)\nexcept OSError:\n    pass\n"
    assert "socket.connect" in heard_while(call)
