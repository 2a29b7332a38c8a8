"""Whether rows and files can be kept now: tried by writing, told to teachers; what waits is written when it can be."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from core.text_keys import N_
from rooms.alerts.alert_rows import AlertRows
from rooms.live.context import RoomContext
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol.outgoing import StorageState
from store.errors import BUSY, FAILED, FULL, StoreUnavailable

PATIENCE_S = 1.0
PAUSE_S = 5.0
"""Between two tries, whoever asks: anybody may ask for /healthz."""
CHECK_S = 30.0
TRIAL_BYTES = 64 * 1024
"""A file of about the size of a picture of an alert."""
FILES = "files_failed"

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        FULL: N_(
            "The server's disk is full. Alerts are shown here and are kept as soon as there is space; messages and "
            "changes are refused until then. Please tell whoever looks after the server."
        ),
        BUSY: N_(
            "Another program locks the server's database. Alerts are shown here and are kept later; messages and "
            "changes are refused until then. Please tell whoever looks after the server."
        ),
        FAILED: N_(
            "The server's database cannot be used. Alerts are shown here and are kept later; messages and changes "
            "are refused until then. Please tell whoever looks after the server."
        ),
        FILES: N_(
            "The server cannot write files, its disk may be full: alerts come without pictures and sound, and soon "
            "nothing can be kept. Please tell whoever looks after the server."
        ),
    }
)


class Trouble(NamedTuple):
    """Why something cannot be kept: a key of TEXTS, and what the machine said, for the log."""

    code: str
    why: str


class Storage:
    """Looks after what is kept, for the health pages and for housekeeping."""

    def __init__(self, context: RoomContext, folder: Path, rows: AlertRows, teacher_sessions: TeacherSessions) -> None:
        self._database = context.database
        self._folder = folder
        self._rows = rows
        self._teacher_sessions = teacher_sessions
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._trouble: Trouble | None = None
        self._checked_at = float("-inf")

    @property
    def trouble(self) -> Trouble | None:
        """Return why nothing could be kept at the last look."""
        return self._trouble

    def look_around(self) -> None:
        """Write what waits, look whether that goes again, and tell teachers what changed; about every two seconds."""
        self._rows.retry()
        is_due = self._clock.now() - self._checked_at >= CHECK_S
        if is_due or self._trouble or self._database.trouble or self._rows.waiting:
            self.check()
        self._tell()

    def check(self) -> Trouble | None:
        """Return why nothing can be kept now, None where all can: found out by writing, at most every few seconds."""
        now = self._clock.now()
        if 0 <= now - self._checked_at < PAUSE_S:
            return self._trouble
        self._checked_at = now
        found = self._try_rows() or self._try_files()
        if found and (self._trouble is None or found.code != self._trouble.code):
            self._event_log.warn("storage-trouble", code=found.code, why=found.why, waiting=self._rows.waiting)
        elif self._trouble and not found:
            self._event_log.note("storage-well")
        self._trouble = found
        return found

    def close(self) -> None:
        """Try for the last time to write what waits."""
        self._rows.retry()
        if self._rows.waiting:
            self._event_log.warn("alerts-lost", count=self._rows.waiting)

    def _try_rows(self) -> Trouble | None:
        try:
            self._database.check(PATIENCE_S)
        except StoreUnavailable as error:
            return Trouble(error.code, error.why)
        return None

    def _try_files(self) -> Trouble | None:
        trial = self._folder / f".trial-{os.getpid()}"
        try:
            trial.write_bytes(bytes(TRIAL_BYTES))
        except OSError as error:
            return Trouble(FILES, str(error.strerror or error))
        finally:
            with contextlib.suppress(OSError):
                trial.unlink(missing_ok=True)
        return None

    def _tell(self) -> None:
        told = self._view()
        if told == self._teacher_sessions.storage:
            return
        self._teacher_sessions.storage = told
        for room in self._directory.rooms():
            self._broadcaster.to_teachers(room, "storage", told)

    def _view(self) -> StorageState:
        text = TEXTS[self._trouble.code] if self._trouble else ""
        return {"ok": self._trouble is None, "text": text, "waiting": self._rows.waiting}
