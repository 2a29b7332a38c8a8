"""The text files of the project, for the tests that read all of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.house.architecture import Source

ROOT = Path(__file__).resolve().parent.parent.parent
SKIPPED_FOLDERS = {".git", ".venv", "node_modules", "vendor", "build", "__pycache__"}


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
