"""`python -m tests.import_alone MODULE...`: imports each in a process that has imported nothing else of ours.

An import cycle shows only to whoever enters it from the wrong side, so every module must be tried as the first one.
Children are forked from a parent that already knows the libraries of others, which makes a try cost milliseconds.
"""

from __future__ import annotations

import importlib
import os
import sys
import tomllib
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path

PRELOADED = (
    "alembic",
    "cryptography",
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
    for library in PRELOADED:
        importlib.import_module(library)
    failed = [module for module in modules if not imports(module)]
    print(*failed, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
