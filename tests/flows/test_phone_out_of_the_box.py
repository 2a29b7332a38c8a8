"""A server that has nothing but the repository raises PHONE_DETECTED."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.types import AlertKind
from tests.flows.live_server import LiveServer
from tests.flows.people import ExamRoom

FRAMES = 12
SIZE = 480, 360
WITHIN_S = 120.0


def shaken(path: Path) -> list[bytes]:
    """JPEGs of one picture as a webcam that is never quite still would send them."""
    bgr = cv2.resize(np.asarray(cv2.imread(str(path)), np.uint8), SIZE)
    rng = np.random.default_rng(1)
    frames = []
    for _ in range(FRAMES):
        moved = np.roll(bgr, rng.integers(-3, 4, 2), (0, 1)).astype(np.float32)
        noisy = np.clip(moved * rng.uniform(0.95, 1.05) + rng.normal(0, 2, moved.shape), 0, 255).astype(np.uint8)
        frames.append(cv2.imencode(".jpg", noisy)[1].tobytes())
    return frames


@pytest.mark.timeout(300)
def test_without_a_folder_of_models_a_phone_is_told_to_the_teacher(
    tmp_path: Path, mode: str, media_dir: Path, begin: Callable[..., ExamRoom]
) -> None:
    nothing = tmp_path / "no models"
    nothing.mkdir()
    server = LiveServer(tmp_path / "data", mode, EXAM_MODELS_DIR=str(nothing))
    try:
        room = begin(server.start(), ["Ada"])
        student, teacher = room.students[0], room.teachers[0]
        frames = itertools.cycle(shaken(media_dir / "phone" / "phone_p027.jpg"))
        end, pause = time.monotonic() + WITHIN_S, threading.Event()
        while not any(told["kind"] == AlertKind.PHONE_DETECTED for told in teacher.heard("alert")):
            assert time.monotonic() < end, f"no phone within {WITHIN_S:.0f} s; heard {teacher.heard('alert')}"
            student.send(next(frames))
            pause.wait(0.25)
    finally:
        server.stop()
