"""`models export yolo`: an OpenVINO model from Ultralytics' weights, made in an environment of its own.

PyTorch weighs 200 MB to several GB and is needed for this alone; it is installed beside the server, never into it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from detection.models import exported
from detection.models.exported import Export

NAME = "yolo_phone"
PHONE = "cell phone"  # as COCO names it
REQUIREMENTS = ("ultralytics", "openvino", "nncf")  # the extra `yolo` of pyproject.toml
TORCH = ("torch", "torchvision")
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"  # builds without CUDA: a tenth of the download
CHILD = Path(__file__).parent.parent / "detectors" / "yolo_export.py"
ENVIRONMENT = "export-environment"
PROBE_TIMEOUT = 5.0

WEIGHTS = "yolo11s.pt"  # larger than the model that comes with the server, which is made from yolo11n
SIZE = 640
STEPS = 4


class ExportError(Exception):
    """The model could not be made; the text says why, and what would help."""


@dataclass(frozen=True)
class Order:
    """What to export: weights by name or path, the side of the pictures it is calibrated on, and whether as INT8."""

    weights: str = WEIGHTS
    size: int = SIZE
    int8: bool = True


@dataclass
class Exporter:
    """Makes the environment once, and a model in it; `torch_index` "" leaves out PyTorch's own index."""

    cache: Path
    out: TextIO
    torch_index: str = TORCH_INDEX

    def make(self, order: Order) -> Export:
        """Return the exported model; the detector takes it within a minute, without a restart.

        Raises:
            ExportError: something could not be had or made.
        """
        self._say(1, f"an environment of its own in {self.cache / ENVIRONMENT}")
        python = self._environment()
        self._say(2, "Ultralytics and PyTorch, unless they are there (some minutes)")
        self._install(python)
        self._say(3, f"{order.weights}, fetched where it is not there, to OpenVINO (one to three minutes)")
        with tempfile.TemporaryDirectory(dir=self.cache, prefix="export-") as folder:
            result = self._run_child(python, Path(folder), order)
            self._say(4, "keeping the model")
            return self._keep(result, order)

    def _say(self, step: int, text: str) -> None:
        self.out.write(f"[{step}/{STEPS}] {text}\n")
        self.out.flush()

    def _environment(self) -> Path:
        python = environment_python(self.cache)
        if not python.exists():
            self.cache.mkdir(parents=True, exist_ok=True)
            venv.create(self.cache / ENVIRONMENT, clear=True, symlinks=os.name != "nt")
        return python

    def _install(self, python: Path) -> None:
        if not _run([str(python), "-c", "import ultralytics, openvino"], quiet=True):
            return
        if self.torch_index and is_reachable(self.torch_index):
            _pip(python, [*TORCH, "--index-url", self.torch_index])  # without success the next line takes the large one
        if _pip(python, REQUIREMENTS):
            raise ExportError(
                "Ultralytics and PyTorch could not be installed: the package index cannot be reached or does not have"
                " them. Try again with internet access, or copy a finished model folder to EXAM_MODELS_DIR"
            )

    def _run_child(self, python: Path, folder: Path, order: Order) -> dict[str, Any]:
        result = folder / "result.json"
        weights = order.weights
        if Path(weights).is_file():  # the export would leave its files beside the weights
            weights = str(shutil.copy(weights, folder))
        command = [str(python), "-P", str(CHILD), weights]
        command += ["--size", str(order.size), "--result", str(result), *(["--int8"] if order.int8 else [])]
        code = _run(command, folder)
        if not result.exists():
            raise ExportError(f"the export ended with code {code} and without a result; its output is above")
        answer: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        if "error" in answer:
            raise ExportError(f"Ultralytics could not export {order.weights}: {answer['error']}. {HINT}")
        return answer

    def _keep(self, result: Mapping[str, Any], order: Order) -> Export:
        if PHONE not in result["names"].values():
            raise ExportError(
                f"{order.weights} knows no {PHONE}; its classes are {', '.join(result['names'].values())}"
            )
        weights, precision = Path(order.weights).name, result["precision"]
        try:
            return exported.keep(Path(result["folder"]), self.cache, NAME, weights, precision, result["names"])
        except FileNotFoundError as error:
            raise ExportError(f"the export left no model: {error}") from error


def environment_python(cache: Path) -> Path:
    """Return the interpreter of the export's environment, which need not be there."""
    return cache / ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


HINT = "The weights are fetched from the internet unless --weights names a file"


def is_reachable(address: str) -> bool:
    """Say whether an address answers within a few seconds, with whatever status."""
    try:
        with urllib.request.urlopen(address, timeout=PROBE_TIMEOUT):  # noqa: S310  # a constant, or the administrator's
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except (OSError, ValueError):
        return False


def _pip(python: Path, arguments: Sequence[str]) -> int:
    """Install into another environment, which needs no pip of its own; return pip's exit code."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    return _run([*pip, "install", *arguments])


def _run(command: Sequence[str], folder: Path | None = None, quiet: bool = False) -> int:
    """Run a program whose own progress the user sees, unless quiet; return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False).returncode
