"""Looks for programs and libraries of the operating system; installs what is missing where it may.

`python -m tools.programs chromium ffmpeg`: as root on Debian or Ubuntu missing ones are installed, anywhere else one
line says how. Under CI=true something still missing is a failure.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """Something that pip cannot install: how to see that it is there, its Debian packages, what is lost without."""

    present: Callable[[], bool]
    packages: tuple[str, ...]
    lost: str


def any_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def all_libraries(*names: str) -> Callable[[], bool]:
    return lambda: all(loads(name) for name in names)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COMPILERS = ("cc", "gcc", "clang")
GRAPHICS = ("libGL.so.1", "libEGL.so.1", "libGLESv2.so.2", "libgthread-2.0.so.0")
NEEDS = {
    "chromium": Need(any_program(*BROWSERS), ("chromium",), "the browser tests cannot run"),
    "ffmpeg": Need(any_program("ffmpeg"), ("ffmpeg",), "the browser tests have no fake webcams"),
    "redis": Need(any_program("redis-server"), ("redis-server",), "the tests of the cluster cannot run"),
    "compiler": Need(any_program(*COMPILERS), ("gcc", "libc6-dev"), "cy_frame falls back to its Python twin"),
    "graphics": Need(
        (lambda: True) if sys.platform != "linux" else all_libraries(*GRAPHICS),
        ("libgl1", "libegl1", "libgles2", "libglib2.0-0"),
        "OpenCV and MediaPipe cannot load, so no picture is looked at",
    ),
}


def may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> None:
    """Install Debian packages; a failure shows when the need is looked at again."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", *command], env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )


def missing(names: Sequence[str]) -> list[str]:
    return [name for name in names if not NEEDS[name].present()]


def packages_for(names: Sequence[str]) -> list[str]:
    return [package for name in names for package in NEEDS[name].packages]


def main(names: Sequence[str], fatal: bool) -> int:
    """Look, install, look again; return 1 when something stays missing and that is `fatal`."""
    absent = missing(names)
    if absent and may_install():
        print(f"Installing {' '.join(packages_for(absent))}.")
        install(packages_for(absent))
        absent = missing(absent)
    for name in absent:
        how = f"apt-get install {' '.join(NEEDS[name].packages)}"
        print(f"{name} is missing: {NEEDS[name].lost}. On Debian or Ubuntu: {how}")
    return 1 if absent and fatal else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], fatal=os.environ.get("CI") == "true"))
