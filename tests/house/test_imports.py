"""Each module imports as the first one, and no process loads what it must not: in fresh interpreters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import architecture
from tests.house.project_files import ROOT, sources

pytestmark = pytest.mark.slow
PACKAGES = [*architecture.ARROWS, "serving", "simulation", "app", "settings"]


def import_first(*modules: str) -> str:
    """Import each module as the first one, warnings being errors; return what went wrong, '' for nothing."""
    command = [sys.executable, "-m", "tests.house.import_alone", *modules]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a process with threads may not be forked
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return result.stderr if result.returncode else ""


def modules_of(package: str) -> list[str]:
    """Every module of a package (or the one top-level module), migrations left out: Alembic runs those."""
    names = [source.path for source in sources() if re.fullmatch(rf"{package}(/.*)?\.py", source.path)]
    paths = [Path(name) for name in names if "migrations" not in name]
    return [".".join(path.parent.parts if path.stem == "__init__" else path.with_suffix("").parts) for path in paths]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_module_imports_alone_without_a_warning(package: str) -> None:
    modules = modules_of(package)
    if not modules:
        pytest.skip(f"{package} does not exist yet")
    assert import_first(*modules) == ""


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("app", architecture.MODEL_LIBRARIES),
        ("detection.analysis.worker", {"flask", "flask_socketio", "sqlalchemy", "rooms", "store", "eventlet"}),
        ("detection.sensing.process", {"flask", "sqlalchemy", "rooms", "eventlet", "cv2", "vosk", "pocketsphinx"}),
        ("core.ports", {"flask", "sqlalchemy", "numpy", "eventlet"}),
        ("transport.protocol", {"socket", "threading", "eventlet", "engineio", "simple_websocket"}),
        ("transport.handshake", {"socket", "threading", "eventlet", "engineio", "simple_websocket"}),
        ("transport.threads.websocket, transport.threads.server, serving.run", {"eventlet"}),
    ],
)
def test_a_process_does_not_load_what_it_must_not(module: str, unwanted: set[str]) -> None:
    statement = f"import sys, {module}; print(*sorted({unwanted!r} & sys.modules.keys()))"
    command = [sys.executable, "-W", "ignore", "-c", statement]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, ""), result.stderr


def test_a_warning_at_import_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone_soon.py").write_text("import warnings\nwarnings.warn('old', DeprecationWarning)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "DeprecationWarning: old" in import_first("gone_soon")


def test_an_import_cycle_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hen.py").write_text("from egg import shell\nfeather = 1\n")
    (tmp_path / "egg.py").write_text("shell = 1\nfrom hen import feather\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert import_first("egg") == ""
    assert "--- hen" in import_first("egg", "hen")
