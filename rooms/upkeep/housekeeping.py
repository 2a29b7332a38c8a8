"""What happens without anybody asking: start-up, load watching, forgetting."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Protocol

from core.ports import Monitor
from core.text_keys import N_
from rooms.live.context import RoomContext
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.upkeep.remedies import CORE, remedy_of
from rooms.upkeep.retention import Retention
from rooms.upkeep.slow_looks import slow_looks
from rooms.upkeep.storage_health import Storage

MISSING: Mapping[str, str] = MappingProxyType(
    {
        "face": N_("Faces are not detected."),
        "picture": N_("Dark, blurred or covered pictures are not recognised."),
        "objects": N_("Phones and other objects are not detected."),
        "landmarks": N_("The direction of head and eyes is not analysed, and attention is not measured."),
        "identity": N_("Faces are not compared with those of the system check."),
    }
)
"""What it means that a detector is off, in the words of people who are in a room."""

LOAD_INTERVAL_S = 2.0
PURGE_INTERVAL_S = 3600.0

logger = logging.getLogger(__name__)


class Watcher(Protocol):
    """What notices by the passing of time alone that something changed."""

    def look_around(self) -> None:
        """Do what is due; called about every two seconds."""
        ...


class Tasks(Protocol):
    """What runs tasks and waits as the async mode does: flask_socketio.SocketIO."""

    def start_background_task(self, target: Callable[..., object], *args: Any) -> object:
        """Begin a task."""
        ...

    def sleep(self, seconds: float) -> object:
        """Wait, and let others work meanwhile."""
        ...


class CapacityWatch:
    """Watcher that has teachers told what is not watched for, and students slow down at the machine's limit."""

    def __init__(self, teacher_sessions: TeacherSessions, monitor: Monitor) -> None:
        self._teacher_sessions = teacher_sessions
        self._monitor = monitor

    def look_around(self) -> None:
        """Ask the analysis how it is, and pass on what changed."""
        health = self._monitor.health()
        self._teacher_sessions.notices, self._teacher_sessions.remedies = notices_of(health), remedies_of(health)
        looks, able = float(health.get("looks_per_second") or 0.0), is_able(health)
        self._teacher_sessions.set_overloaded(bool(health.get("overloaded")), looks, able, slow_looks(health))


class Housekeeping:
    """Starts and stops the running parts of the application and looks after them meanwhile."""

    def __init__(
        self,
        context: RoomContext,
        lifecycle: RoomLifecycle,
        monitor: Monitor,
        retention: Retention,
        tasks: Tasks,
        watchers: Sequence[Watcher],
        storage: Storage | None = None,
    ) -> None:
        self._database = context.database
        self._clock = context.clock
        self._lifecycle = lifecycle
        self._monitor = monitor
        self._retention = retention
        self._tasks = tasks
        self._watchers = watchers
        self._storage = storage
        self._purged_at = 0.0
        self._stopping = False

    def start(self) -> None:
        """Begin to look at pictures, take up live rooms, and look after both from now on."""
        self._monitor.start()
        self._lifecycle.restore()
        self._tasks.start_background_task(self._loop)

    def stop(self) -> None:
        """End what start began."""
        self._stopping = True
        self._monitor.stop()
        if self._storage is not None:
            self._storage.close()
        self._database.close()

    def _loop(self) -> None:
        while not self._stopping:
            try:
                self.look_around()
            except Exception:
                logger.exception("housekeeping failed")
            self._tasks.sleep(LOAD_INTERVAL_S)

    def look_around(self) -> None:
        """Do what is due now."""
        for watcher in self._watchers:
            watcher.look_around()
        if self._storage is not None:
            self._storage.look_around()
        now = self._clock.now()
        if now - self._purged_at >= PURGE_INTERVAL_S and self._database.trouble is None:
            self._purged_at = now
            self._retention.keep_to_it(datetime.fromtimestamp(now, UTC))
        self._retention.wipe()


def is_able(health: Any) -> bool:
    """Say whether any analysis process can look at pictures now."""
    return any(worker.get("state") == "ready" for worker in health.get("workers", ()))


def notices_of(health: Any) -> list[str]:
    """Return what people in a room should know about what is not watched for, as texts."""
    if health.get("off"):
        return [N_("Pictures are not analysed on this server: there are no alerts about faces or pictures.")]
    off = [name for name, reason in health.get("detectors", {}).items() if reason]
    return [MISSING.get(name, N_("A detector is off.")) for name in off]


def remedies_of(health: Any) -> dict[str, str]:
    """Return what teachers are told to do about the gravest of these notices, by its text."""
    off = {name: reason for name, reason in health.get("detectors", {}).items() if reason and name in CORE}
    return {MISSING[name]: remedy_of(name, reason) for name, reason in off.items()}
