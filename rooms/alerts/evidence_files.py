"""Pictures, sound and words that an alert was raised for: files in a folder per room, never rows."""

import os
import shutil
from pathlib import Path

KEEP_FREE_BYTES = 200 * 1024**2
"""Free space left alone on the disk: evidence must not be what stops messages and alerts from being written."""


class EvidenceFolder:
    """Keeps and finds evidence; raises OSError where the disk is full or not writable."""

    def __init__(self, root: Path, keep_free: int = KEEP_FREE_BYTES) -> None:
        self._root = root
        self._keep_free = keep_free

    def keep(self, room_id: str, alert_id: str, data: bytes, ending: str = "jpg") -> str:
        """Write a picture or sound whole or not at all and return its file name below the room's folder.

        Raises:
            OSError: no room on the disk, or it cannot be written.
        """
        folder = self._folder(room_id)
        name = f"{alert_id}.{ending}"
        part = folder / f".{name}.part"
        try:
            part.write_bytes(data)
            os.replace(part, folder / name)
        finally:
            part.unlink(missing_ok=True)
        return name

    def add_line(self, room_id: str, alert_id: str, line: str) -> None:
        """Add a line to the words that were heard around an alert; OSError as `keep`."""
        with (self._folder(room_id) / f"{alert_id}.txt").open("a", encoding="utf-8") as stream:
            stream.write(line.replace("\n", " ") + "\n")

    def path(self, room_id: str, name: str) -> Path:
        """Return where a kept file lies; the parts come from a row, never from an address."""
        return self._root / room_id / name

    def rooms(self) -> set[str]:
        """Return the rooms that evidence lies here of."""
        return {folder.name for folder in self._root.iterdir() if folder.is_dir()} if self._root.is_dir() else set()

    def drop(self, room_id: str, alert_id: str) -> None:
        """Delete what is kept of an alert; OSError where that fails."""
        for ending in ("jpg", "wav", "txt"):
            self.path(room_id, f"{alert_id}.{ending}").unlink(missing_ok=True)

    def drop_papers(self, room_id: str) -> None:
        """Delete the reports on paper that lie beside the evidence; OSError where that fails."""
        for paper in self._root.joinpath(room_id).glob("report-*.pdf"):
            paper.unlink(missing_ok=True)

    def drop_room(self, room_id: str) -> bool:
        """Delete all evidence of a room; False where some of it could not be."""
        shutil.rmtree(self._root / room_id, ignore_errors=True)
        return not (self._root / room_id).exists()

    def _folder(self, room_id: str) -> Path:
        folder = self._root / room_id
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < self._keep_free:
            raise OSError(28, "too little free space for evidence", str(folder))
        return folder
