"""A capsule: the pictures around an alert as they came and their manifest, in one file that is whole or not there."""

import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from core.durable import put_in_place
from evidence.frame_ring import Window
from evidence.layout import MANIFEST
from evidence.manifest import named
from evidence.stored_zip import packed

PART = ".part"
KEEP_FREE_BYTES = 200 * 1024**2
"""Free space left alone on the disk: evidence must not be what stops messages and alerts from being written."""


def capsule(manifest: bytes, window: Window) -> bytes:
    """Return the stored ZIP of a manifest and the pictures of its window; no picture is encoded again."""
    return packed([(MANIFEST, manifest), *((name, one.jpeg) for name, one in named(window.frames))])


class CapsuleFolder:
    """A folder of capsules, each sealed by whoever puts it here; one process writes, any number read."""

    def __init__(self, root: Path, keep_free: int = KEEP_FREE_BYTES) -> None:
        self._root = root
        self._keep_free = keep_free

    def keep(self, room_id: str, name: str, pieces: Iterable[bytes]) -> bool:
        """Write a capsule whole or not at all, also when the machine stops meanwhile; False where the name is taken.

        Raises:
            OSError: no room on the disk, or it cannot be written.
        """
        folder = self._root / room_id
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < self._keep_free:
            raise OSError(28, "too little free space for evidence", str(folder))
        part = folder / f".{name}.{uuid.uuid4().hex}{PART}"
        try:
            with part.open("xb") as stream:
                stream.writelines(pieces)
            return put_in_place(part, folder / name)
        finally:
            part.unlink(missing_ok=True)

    def read(self, room_id: str, name: str) -> bytes:
        """Return a capsule as it was kept; OSError where there is none."""
        return (self._root / room_id / name).read_bytes()

    def names(self, room_id: str) -> list[str]:
        """Return the capsules of a room; what was begun and never finished is none."""
        folder = self._root / room_id
        return sorted(one.name for one in folder.iterdir() if one.suffix != PART) if folder.is_dir() else []

    def rooms(self) -> set[str]:
        """Return the rooms that capsules lie here of."""
        return {folder.name for folder in self._root.iterdir() if folder.is_dir()} if self._root.is_dir() else set()

    def drop(self, room_id: str, name: str) -> None:
        """Delete a capsule; nothing happens where there is none."""
        (self._root / room_id / name).unlink(missing_ok=True)

    def drop_room(self, room_id: str) -> bool:
        """Delete all capsules of a room; False where some of them could not be."""
        shutil.rmtree(self._root / room_id, ignore_errors=True)
        return not (self._root / room_id).exists()

    def tidy(self) -> int:
        """Delete what a process left that was killed while it wrote, and say how much; before this one writes."""
        parts = list(self._root.glob(f"*/.*{PART}"))
        for part in parts:
            part.unlink(missing_ok=True)
        return len(parts)
