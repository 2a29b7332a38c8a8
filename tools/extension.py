"""Builds cy_frame in place and says in one line which implementation the server will use.

The extension is optional for people: without a compiler the server runs on the Python twin. BUILD_EXTENSION=yes demands
it, BUILD_EXTENSION=no leaves it out.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tools import programs
from tools.node import ROOT

TRY_IMPORT = [sys.executable, "-c", "import cy_frame"]


def build() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def compiled() -> bool:
    return subprocess.run(TRY_IMPORT, cwd=ROOT, capture_output=True, check=False).returncode == 0


def last_words(result: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (result.stderr + result.stdout).splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-6:])


def main() -> int:
    """Return 0 when built (or not wanted), 1 when it could not be built."""
    wish = os.environ.get("BUILD_EXTENSION", "")
    if wish == "no":
        print("cy_frame is left out (BUILD_EXTENSION=no): the Python twin is used.")
        return 0
    result = build()
    if result.returncode == 0 and compiled():
        return 0
    print(f"cy_frame could not be built:\n{last_words(result)}")
    print("Using the slower Python twin: everything works, a server carries fewer students.")
    compiler = programs.NEEDS["compiler"]
    if not compiler.present():
        packages = " ".join(compiler.packages)
        print(f"No C compiler here. On Debian or Ubuntu: apt-get install {packages}, then start again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
