"""What is wrong with the server for a while: its administrators are told outside the page."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from core.delivery.notices import Notice, NoticeKind
from core.ports import Monitor
from core.text_keys import N_
from rooms.live.context import RoomContext
from rooms.live.notices import post_notice
from rooms.upkeep.housekeeping import is_able
from rooms.upkeep.storage_health import TEXTS, Storage

LASTS_S = 60.0
"""A process that is started again, or a lock of a moment, is no reason to wake anybody."""
EVERY_S = 10.0
LOW_SPACE_BYTES = 2 * 1024**3
"""Below this the page of the server warns; evidence stops being kept much later (rooms/alerts/evidence_files.py)."""
NO_ANALYSIS = N_("No analysis process is ready: pictures are shown but not analysed.")
LOW_SPACE = N_("Little disk space is left: soon no more pictures of alerts can be kept.")


class ServerTrouble:
    """Watcher that tells once of each trouble, and again when it comes back after it was over."""

    def __init__(self, context: RoomContext, monitor: Monitor, storage: Storage, folder: Path) -> None:
        self._context = context
        self._monitor = monitor
        self._storage = storage
        self._folder = folder
        self._looked_at = 0.0
        self._since: dict[str, float] = {}
        self._told: set[str] = set()

    def look_around(self) -> None:
        """Look what is wrong; about every two seconds."""
        now = self._context.clock.now()
        if now - self._looked_at < EVERY_S:
            return
        self._looked_at = now
        wrong = set(self._wrong())
        self._since = {text: self._since.get(text, now) for text in wrong}
        self._told &= wrong
        for text, since in self._since.items():
            if text in self._told or now - since < LASTS_S:
                continue
            if post_notice(self._context, Notice(kind=NoticeKind.SERVER_TROUBLE, at=now, facts={"what": text})):
                self._told.add(text)

    def _wrong(self) -> Iterator[str]:
        health = self._monitor.health()
        if not health.get("off") and not is_able(health):
            yield NO_ANALYSIS
        if shutil.disk_usage(self._folder).free < LOW_SPACE_BYTES:
            yield LOW_SPACE
        if self._storage.trouble is not None:
            yield TEXTS[self._storage.trouble.code]
