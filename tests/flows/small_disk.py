"""A disk of a few megabytes in memory, which a test may fill to the last byte."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.media import absent

SIZE = "12m"
PIECE = 64 * 1024


class SmallDisk:
    """A folder that is a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Take every byte that is left."""
        for size in (PIECE, 1):
            with self._filler.open("ab", buffering=0) as stream:
                try:
                    while stream.write(bytes(size)):
                        pass
                except OSError as error:
                    assert error.errno == 28, error

    def make_space(self) -> None:
        """Give it all back."""
        self._filler.unlink()


@contextmanager
def small_disk(folder: Path, environ: Mapping[str, str]) -> Iterator[SmallDisk]:
    """Mount one at a folder; where that is not allowed the test is skipped, or fails where it must not be."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "exam-test", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, timeout=30, check=False)
    except FileNotFoundError:
        absent("no program `mount` on this machine: a full disk cannot be tried", environ)
    if done.returncode:
        absent(f"no file system may be mounted here, so a full disk cannot be tried: {done.stderr.strip()}", environ)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, timeout=30, check=True)
