"""Guards the design: who imports whom, where state lives, how long things get; proves each check."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests import house
from tests.house import Check, Source

ROOT = Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {".git", ".venv", "node_modules", "vendor", "build", "__pycache__"}
PACKAGES = [*house.ARROWS, "serving", "app", "settings"]


# ------------------------------------------------------------------------------------ the project's files


def listed_files() -> Iterable[str]:
    """Files that git knows or would add; every file when this is not a git checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())


@cache
def sources() -> tuple[Source, ...]:
    """Every text file of the project, binary files left out."""
    found = []
    for name in sorted(set(listed_files())):
        path = ROOT / name
        if not SKIPPED_FOLDERS.isdisjoint(Path(name).parts) or not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        if b"\0" not in content[:4096]:
            found.append(Source(name, content.decode("utf-8", errors="replace")))
    return tuple(found)


def problems(check: Check, endings: tuple[str, ...] = ("",)) -> list[str]:
    return [problem for source in sources() if source.path.endswith(endings) for problem in check(source)]


@pytest.mark.parametrize("check", house.PYTHON_CHECKS, ids=lambda check: check.__name__)
def test_python_files_keep_the_rules(check: Check) -> None:
    assert problems(check, (".py",)) == []


@pytest.mark.parametrize("check", house.JS_CHECKS, ids=lambda check: check.__name__)
def test_js_files_keep_the_rules(check: Check) -> None:
    assert problems(check, (".js",)) == []


@pytest.mark.parametrize("check", house.TEXT_CHECKS, ids=lambda check: check.__name__)
def test_all_files_keep_the_rules(check: Check) -> None:
    assert problems(check) == []


# ------------------------------------------------------------------------------------ every check can fail

LONG_FUNCTION = "def f() -> None:\n" + "    pass\n" * house.FUNCTION_LINES
BAD = [
    (house.arrows, "detection/judge.py", "from rooms.room import Room"),
    (house.arrows, "store/people.py", "import accounts"),
    (house.arrows, "rooms/room.py", "def f():\n    import detection.runtime"),
    (house.arrows, "accounts/rights.py", "from settings import Settings"),
    (house.arrows, "rooms/room.py", "from serving.tls import certificate"),
    (house.core_is_standard, "core/types.py", "import numpy as np"),
    (house.web_at_the_edge, "rooms/room.py", "from flask import request"),
    (house.web_at_the_edge, "store/people.py", "from flask_login import UserMixin"),
    (house.compiled_at_the_seam, "detection/decode.py", "import cy_frame"),
    (house.models_in_detectors, "detection/runtime.py", "import cv2"),
    (house.models_in_detectors, "app.py", "from mediapipe.tasks import python"),
    (house.environment_in_settings, "rooms/room.py", "import os\nx = os.environ.get('A')"),
    (house.environment_in_settings, "app.py", "from os import getenv"),
    (house.no_module_state, "rooms/room.py", "rooms = {}"),
    (house.no_module_state, "rooms/room.py", "rooms: dict[str, int] = dict[str, int]()"),
    (house.no_module_state, "rooms/room.py", "try:\n    pending = []\nexcept OSError:\n    pass"),
    (house.no_module_state, "app.py", "socketio = SocketIO()"),
    (house.no_module_state, "app.py", "LOCK = threading.Lock()"),
    (house.no_module_state, "app.py", "def f():\n    global x"),
    (house.constants_stay, "app.py", "SEEN = {}\ndef f():\n    SEEN['a'] = 1"),
    (house.constants_stay, "app.py", "SEEN = []\ndef f():\n    SEEN.append(1)"),
    (house.loud_excepts, "app.py", "try:\n    f()\nexcept Exception:\n    pass"),
    (house.loud_excepts, "app.py", "try:\n    f()\nexcept (OSError, BaseException) as e:\n    log.error(e)"),
    (house.loud_excepts, "app.py", "try:\n    f()\nexcept:\n    f()"),
    (house.small_functions, "app.py", LONG_FUNCTION),
    (house.small_files, "app.py", "x = 1\n" * (house.PYTHON_LINES + 1)),
    (house.small_files, "static/js/app.js", "f();\n" * (house.JS_LINES + 1)),
    (house.telling_names, "rooms/utils.py", ""),
    (house.no_registry_hosts, "Makefile", "pip install -i https://py" + "pi.org/simple"),
    (house.no_registry_hosts, "package-lock.json", "https://registry.npm" + "js.org/x.tgz"),
    (house.no_machine_paths, "Makefile", "cp /ho" + "me/anna/exam ."),
    (house.no_machine_paths, "docs/a.md", "see `/ro" + "ot/.cache`"),
]


@pytest.mark.parametrize(("check", "path", "text"), BAD)
def test_a_check_finds_what_it_is_for(check: Check, path: str, text: str) -> None:
    assert check(Source(path, text)) != []


GOOD = [
    (
        house.arrows,
        "rooms/room.py",
        "from core.types import Frame\nfrom . import chat\nimport store.rooms",
    ),
    (house.arrows, "app.py", "import rooms, detection, settings"),
    (house.arrows, "tests/rooms/test_room.py", "import detection, rooms"),
    (house.web_at_the_edge, "accounts/pages.py", "import flask"),
    (house.web_at_the_edge, "rooms/student_pages.py", "import flask"),
    (house.web_at_the_edge, "rooms/channels/student.py", "import flask_socketio"),
    (house.compiled_at_the_seam, "detection/frameops.py", "import cy_frame"),
    (house.models_in_detectors, "detection/detectors/face.py", "import mediapipe"),
    (house.environment_in_settings, "settings.py", "import os\nx = os.environ"),
    (
        house.no_module_state,
        "rooms/room.py",
        "KINDS = {'a': 1}\n__all__ = ['x']\nlogger = getLogger()",
    ),
    (house.no_module_state, "rooms/room.py", "def f():\n    rooms = {}"),
    (house.constants_stay, "rooms/room.py", "KINDS = {}\ndef f(seen):\n    seen['a'] = KINDS['a']"),
    (house.loud_excepts, "app.py", "try:\n    f()\nexcept Exception:\n    logger.exception('f')"),
    (house.loud_excepts, "app.py", "try:\n    f()\nexcept BaseException:\n    g()\n    raise"),
    (house.small_files, "app.py", "x = 1\n" * house.PYTHON_LINES),
    (house.no_machine_paths, "docs/a.md", "open https://example.org/home/ or static/work/a.js"),
]


@pytest.mark.parametrize(("check", "path", "text"), GOOD)
def test_a_check_lets_good_code_pass(check: Check, path: str, text: str) -> None:
    assert check(Source(path, text)) == []


def test_every_check_has_a_bad_example() -> None:
    checks = {*house.PYTHON_CHECKS, *house.JS_CHECKS, *house.TEXT_CHECKS}
    assert checks == {check for check, _, _ in BAD}


def test_exceptions_to_the_rules_name_existing_files_and_reasons() -> None:
    paths = {source.path for source in sources()}
    for path, reason in {**house.FLASK_EXCEPTIONS, **house.ENVIRONMENT_EXCEPTIONS}.items():
        assert reason
        assert path in paths


# ------------------------------------------------------------------------------------ fresh interpreters


def import_first(*modules: str) -> str:
    """Import each module as the first one, warnings being errors; return what went wrong, '' for nothing."""
    command = [sys.executable, "-m", "tests.import_alone", *modules]
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
        ("app", house.MODEL_LIBRARIES),
        ("detection.worker", {"flask", "flask_socketio", "sqlalchemy", "rooms", "store", "eventlet"}),
        ("detection.sensing.process", {"flask", "sqlalchemy", "rooms", "eventlet", "cv2", "vosk", "pocketsphinx"}),
        ("core.ports", {"flask", "sqlalchemy", "numpy", "eventlet"}),
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
