"""What the server's services stand on: settings, clock, database, log, detection."""

import hashlib
import logging
from functools import partial
from pathlib import Path

from core.clock import Clock
from core.event_log import EventLog
from core.ports import AlertSink, Monitor
from detection import engines
from detection.detectors import DETECTORS
from detection.frames.frameops import parse_jpeg_header
from detection.models.shelf import load_manifest
from detection.rules import hint_for
from detection.runtime.catalogue import rule_catalogue
from detection.runtime.judge import Judge
from detection.runtime.null_monitor import NullMonitor
from detection.runtime.runtime import Runtime
from detection.sensing.engine import LocalSenses
from evidence.capsule import CapsuleFolder
from evidence.notes import Signer
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.protocol.events import NAMESPACES, TEACHER
from rooms.protocol.limits import DEFAULT_LIMITS
from serving import logs
from serving.blocking import run_blocking_for
from serving.composition import Foundations, SocketServer
from settings import Settings
from store.database.opening import open_database
from transport.packet_guard import PacketGuard


def foundations(
    socketio: SocketServer, settings: Settings, clock: Clock, monitor: Monitor | None = None
) -> Foundations:
    """Return what the services of a server stand on; `monitor` takes the place of detection."""
    event_log = EventLog(logging.getLogger(logs.EVENT_LOG))
    return Foundations(
        settings=settings,
        secret=settings.secret(),
        clock=clock,
        database=open_database(settings.database(), run_blocking_for(settings.async_mode)),
        evidence=EvidenceFolder(settings.data_dir / "evidence"),
        capsules=CapsuleFolder(settings.data_dir / "capsules"),
        signer=signer_of(settings.signing_key()),
        event_log=event_log,
        limits=DEFAULT_LIMITS,
        socketio=socketio,
        rules=rule_catalogue(),
        make_monitor=(lambda _sink: monitor) if monitor else partial(make_monitor, settings, clock),
        parse_header=parse_jpeg_header,
        hint_for=hint_for,
        models=model_hashes(settings),
        watchers=[PacketGuard(socketio.server, NAMESPACES, TEACHER, event_log, clock)],
    )


def signer_of(key: bytes) -> Signer:
    """Return what signs checkpoints; its name, and the chains', begin with a name that only this key has."""
    nameless = Signer("examonitor", key)
    server = f"examonitor-{hashlib.sha256(nameless.verifier.public).hexdigest()[:12]}"
    return Signer(f"{server}/evidence", key)


def model_hashes(settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of each model file that is there: a file with another one is never used.

    Their sizes are compared, as reading hundreds of megabytes would hold up the start.
    """
    if not settings.detection:
        return {}
    folders = settings.model_cache(), *settings.model_folders()
    found = [one for one in load_manifest() if any(_has(folder / one.file, one.size) for folder in folders)]
    return {one.file: one.sha256 for one in found}


def _has(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def make_monitor(settings: Settings, clock: Clock, sink: AlertSink) -> Monitor:
    """Return what looks and listens, by the settings; it starts nothing."""
    if not settings.detection:
        return NullMonitor()
    local = {
        "workers": settings.workers,
        "cache": settings.model_cache(),
        "folders": settings.model_folders(),
        "face_runtime": settings.face_runtime,
        "learned": str(settings.learned()),
    }
    options = {"redis_url": settings.redis_url} if settings.engine == "celery" else local
    engine = engines.make(settings.engine, detectors=tuple(DETECTORS), **options)
    # Readings are small and come often: each web node senses by itself, wherever its pictures are analysed.
    senses = LocalSenses(settings.model_cache(), settings.model_folders())
    return Runtime(engine, Judge(), sink, clock, senses=senses)
