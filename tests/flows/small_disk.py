"""A disk of a few megabytes in memory, which a test may fill to the last byte."""

from __future__ import annotations

import errno
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.media import absent

SIZE = "12m"
PIECE = 64 * 1024
REFILL_S = 0.02


class SmallDisk:
    """A folder that is a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        self._has_space_again = threading.Event()
        self._keeper = threading.Thread(target=self._keep_full, daemon=True)

    def fill(self) -> None:
        """Take every byte that is left, and what others give back until `make_space`, as a trial file just deleted."""
        self._take_all()
        self._keeper.start()

    def make_space(self) -> None:
        """Give it all back."""
        self._has_space_again.set()
        if self._keeper.ident is not None:
            self._keeper.join()
        self._filler.unlink(missing_ok=True)

    def _keep_full(self) -> None:
        while not self._has_space_again.wait(REFILL_S):
            self._take_all()

    def _take_all(self) -> None:
        for size in (PIECE, 1):
            with self._filler.open("ab", buffering=0) as stream:
                try:
                    while stream.write(bytes(size)):
                        pass
                except OSError as error:
                    assert error.errno == errno.ENOSPC, error


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
    disk = SmallDisk(folder)
    try:
        yield disk
    finally:
        disk.make_space()
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, timeout=30, check=True)
