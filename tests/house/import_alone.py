"""`python -m tests.house.import_alone MODULE...`: imports each in a process that has imported nothing else of ours.

An import cycle shows only to whoever enters it from the wrong side, so every module must be tried as the first one.
Children are forked from a parent that already knows the libraries of others, which makes a try cost milliseconds:
those that all of ours need, and those that the modules to be tried name at their top.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import os
import sys
import tomllib
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

PRELOADED = (
    "alembic",
    "cryptography",
    "engineio.async_drivers.eventlet",
    "flask_login",
    "flask_socketio",
    "flask_wtf",
    "numpy",
    "sqlalchemy.orm",
)


def make_warnings_errors() -> None:
    """Apply the filters of pyproject.toml."""
    options = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    for entry in options["filterwarnings"]:
        warnings.filterwarnings(*entry.split(":")[:2])


def libraries_of(modules: Sequence[str]) -> set[str]:
    """What the modules import at their top and is nobody's of ours."""
    named = {name for module in modules for name in imported_at_top(module)}
    return {name for name in named if not is_ours(name.split(".")[0])}


def imported_at_top(module: str) -> Iterator[str]:
    """The absolute imports at the top of a module of ours; found by its path, since importing it is the test."""
    place = Path(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body if path.is_file() else []:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module


def is_ours(package: str) -> bool:
    """Whether a package or module lies in this project."""
    return Path(package).is_dir() or Path(f"{package}.py").is_file() or package == "cy_frame"


def imports(module: str) -> bool:
    """Import in a child process; its traceback goes to our standard error."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            importlib.import_module(module)
            status = 0
        except BaseException:
            print(f"--- {module}", file=sys.stderr)
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def main(modules: Sequence[str]) -> int:
    make_warnings_errors()
    gc.disable()  # children end at once
    for library in PRELOADED:
        importlib.import_module(library)
    for library in sorted(libraries_of(modules)):
        with contextlib.suppress(Exception):  # whatever that is, a child that imports it will say so
            importlib.import_module(library)
    failed = [module for module in modules if not imports(module)]
    print(*failed, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
