"""Ultralytics' own predictor as a peer, in a process and an environment of its own, where it can be had."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from detection.detectors.objects import COCO, PHONE
from detection.models.export_yolo import environment_python

VARIABLE = "EXAM_ULTRALYTICS_PYTHON"
CHILD = Path(__file__).with_name("ultralytics_child.py")
ABSENT = (
    f"Ultralytics' own predictor was not measured: {VARIABLE} names no Python that has it, and `python app.py models"
    " export yolo` has made no environment with it here."
)
LEAST = 0.05  # a phone's score; the thresholds that are compared are higher
PHONE_NUMBER = next(number for number, label in COCO.items() if label == PHONE)


class PeerError(Exception):
    """The peer's process ended; the text is what it said last."""


@dataclass(frozen=True)
class Look:
    """The score of the surest phone (0: none), milliseconds by the clock and of all processors, the input's side."""

    surest: float
    ms: float
    cpu_ms: float
    side: int


def find_python(cache: Path, environ: Mapping[str, str]) -> Path | None:
    """Return the interpreter that has Ultralytics: the one that is named, or that of the model export."""
    named = environ.get(VARIABLE)
    python = Path(named or environment_python(cache)).absolute()  # as it is named: a link is what makes it that of one
    if not python.exists():
        return None
    has = subprocess.run([str(python), "-c", "import ultralytics"], capture_output=True, check=False)
    return python if has.returncode == 0 else None


class Predictor:
    """One model in Ultralytics' predictor: weights, or an exported folder; to be closed in the end.

    `side` is that of the input in pixels: 640 as is usual, or the only one that an exported model takes.

    Raises:
        PeerError: the process could not load the model.
    """

    def __init__(self, python: Path, model: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ultralytics-")
        self._said = Path(self._folder.name) / "said"
        # Ultralytics keeps settings in the user's home otherwise, and installs what it misses without asking.
        environ = os.environ | {"YOLO_CONFIG_DIR": self._folder.name, "YOLO_AUTOINSTALL": "false"}
        with self._said.open("w", encoding="utf-8") as said:
            self._process = subprocess.Popen(
                [str(python), "-P", str(CHILD), str(model), str(LEAST)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                cwd=self._folder.name,
                env=environ,
            )
        try:
            self.side = self.look(np.zeros((480, 640, 3), np.uint8)).side
        except PeerError:
            self.close()
            raise

    def look(self, bgr: Any) -> Look:
        """Return what is seen in a picture (height, width, 3).

        Raises:
            PeerError: the process ended.
        """
        path = Path(self._folder.name) / "picture.png"
        cv2.imwrite(str(path), bgr)
        line = self._ask(f"{path}\n")
        if not line:
            raise PeerError(self._said.read_text(encoding="utf-8").strip().rpartition("\n")[2])
        told = json.loads(line)
        scores = [score for number, score, *_box in told["boxes"] if number == PHONE_NUMBER]
        return Look(max(scores, default=0.0), told["ms"], told["cpu_ms"], told["side"])

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except BrokenPipeError:
            return ""
        return self._process.stdout.readline()

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.communicate()
        self._folder.cleanup()
