"""Files that are there as a whole or not at all, whatever happens while they are made."""

import contextlib
import os
from pathlib import Path


def put_in_place(part: Path, path: Path) -> bool:
    """Give a finished file its name unless the name is taken; say whether it was free. The part is gone after it.

    Raises:
        OSError: it cannot be written to the disk or named.
    """
    _to_disk(part)
    try:
        os.link(part, path)
    except FileExistsError:
        part.unlink()
        return False
    except OSError:
        # some file systems have no second names; there the last of two that start at once wins
        part.replace(path)
    part.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # a folder cannot be opened everywhere
        _to_disk(path.parent)
    return True


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
