"""Everything that is live, put together: who looks, who is there, who decides, and the channels in front of them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from core.clock import Clock
from core.event_log import EventLog
from core.ports import AlertSink, Monitor
from core.types import RuleSettings
from detection import engines
from detection.detectors import DETECTORS
from detection.frames.frameops import parse_jpeg_header
from detection.measures.attention import Attention
from detection.measures.markers import CODES, cells
from detection.measures.suspicion import FACTORS, HALF_LIFE, WEIGHTS, suspicion
from detection.rules import DEFAULTS, hint_for
from detection.runtime.baseline import measure_baseline
from detection.runtime.judge import Judge
from detection.runtime.null_monitor import NullMonitor
from detection.runtime.presets import PRESETS, preset_rules
from detection.runtime.runtime import Runtime
from detection.sensing.arm.reference import measure_arm
from detection.sensing.engine import LocalSenses
from rooms.alerts.alert_service import AlertService, FrameObserver, SenseObserver
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.alerts.muting import AlertMuting
from rooms.alerts.scores import Scores
from rooms.channels import PhoneChannel, StudentChannel, TeacherChannel
from rooms.identity.arm_calibration import ArmCalibration
from rooms.identity.enrolment import Enrolment
from rooms.identity.field_cipher import FieldCipher
from rooms.identity.photos import Photos
from rooms.identity.pose_calibration import Calibration
from rooms.identity.references import References
from rooms.intake.frame_ingest import FrameIngest
from rooms.intake.live_listening import Listening
from rooms.intake.picture_status import PictureStatus
from rooms.intake.room_phone_motion import RoomPhoneMotion
from rooms.intake.screen_proof import ScreenProof
from rooms.intake.sensor_ingest import SensorIngest
from rooms.intake.sensor_levels import SensorLevels
from rooms.intake.sound_clips import SoundKeeper
from rooms.live.broadcaster import Broadcaster
from rooms.live.directory import RoomDirectory
from rooms.live.grid import GridRelay
from rooms.participants.accommodations import Accommodations
from rooms.participants.admission import Admission
from rooms.participants.pairing import Pairing, guard_of_phones
from rooms.participants.phones import Phones
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol.events import NAMESPACES, TEACHER
from rooms.protocol.join_guard import JoinGuard
from rooms.protocol.limits import DEFAULT_LIMITS, Limits
from rooms.protocol.tickets import Tickets
from rooms.setup.quotas import PaperTurns
from rooms.upkeep.departures import Departures
from rooms.upkeep.housekeeping import Housekeeping
from rooms.upkeep.storage_health import Storage
from serving import logs
from settings import Settings
from store.opening import open_database
from store.session import Database
from transport.packet_guard import PacketGuard


@dataclass(frozen=True)
class Services:
    """Everything create_app built, for pages and for the server entry; at app.extensions["exam"]."""

    settings: Settings
    clock: Clock
    database: Database
    tickets: Tickets
    limits: Limits
    join_guard: JoinGuard
    directory: RoomDirectory
    evidence: EvidenceFolder
    event_log: EventLog
    monitor: Monitor
    broadcaster: Broadcaster
    relay: GridRelay
    teacher_sessions: TeacherSessions
    admission: Admission
    phones: Phones
    pairing: Pairing
    phone_guard: JoinGuard
    """Of the codes of phones, so that whoever guesses those locks no student out."""
    lifecycle: RoomLifecycle
    alert_service: AlertService
    frame_ingest: FrameIngest
    readings: SensorIngest
    housekeeping: Housekeeping
    storage: Storage
    photos: Photos
    paper_turns: PaperTurns
    socketio: Any
    """flask_socketio.SocketIO, which only the edge knows."""
    default_rules: Mapping[str, RuleSettings]
    presets: Mapping[str, Mapping[str, RuleSettings]]
    suspicion_weights: Mapping[str, object]
    """What the suspicion level is made of, for pages that explain it."""


class Composition:
    """Builds each part after those it needs; nothing runs until `services().housekeeping.start()`."""

    def __init__(self, socketio: Any, settings: Settings, clock: Clock, monitor: Monitor | None = None) -> None:
        self.settings, self.clock, self.socketio, self.limits = settings, clock, socketio, DEFAULT_LIMITS
        self.database, self.directory = open_database(settings.database()), RoomDirectory()
        self.broadcaster, self.event_log = Broadcaster(socketio), EventLog(logging.getLogger(logs.EVENT_LOG))
        self.guard = PacketGuard(socketio.server, NAMESPACES, TEACHER, self.event_log, clock)
        self.tickets, self.evidence = Tickets(settings.secret()), EvidenceFolder(settings.data_dir / "evidence")
        self.common, self.last = (self.database, self.directory, self.broadcaster), (self.event_log, clock)
        self._look(monitor)
        self._gather()
        self._decide()
        self._open_doors()

    def _look(self, monitor: Monitor | None) -> None:
        """Build what hears of every look and every reading, then the eyes and ears themselves."""
        directory, broadcaster, clock, last = self.directory, self.broadcaster, self.clock, self.last
        references = References(self.database, FieldCipher(self.settings.secret()))
        self.enrolment = Enrolment(references, directory, broadcaster, *last)
        self.photos = Photos(references, self.enrolment, directory, *last, parse_jpeg_header)
        self.calibration = Calibration(self.database, directory, *last, measure_baseline)
        self.arm = ArmCalibration(self.database, directory, *last, measure_arm)
        self.scores = Scores(*self.common, clock, Attention(), suspicion)
        self.proof = ScreenProof(directory, broadcaster, clock, cells, len(CODES), SystemRandom())
        self.room_phone_motion = RoomPhoneMotion(directory)
        self.senses = SensorLevels(directory, broadcaster, clock)
        self.listening = Listening(directory, broadcaster, self.event_log)
        self.keeper = SoundKeeper(directory, self.evidence, *last)
        looks = PictureStatus(directory, broadcaster, clock)
        of_frames: list[FrameObserver] = [looks, self.enrolment, self.photos, self.calibration, self.scores, self.proof]
        of_readings: list[SenseObserver] = [self.senses, self.arm, self.room_phone_motion, self.keeper]
        kept = *self.common, self.evidence, of_frames, *last, hint_for
        self.alert_service = AlertService(*kept, [self.scores], of_readings, [self.keeper])
        self.monitor = monitor or make_monitor(self.settings, self.alert_service, clock)
        for asking in (self.enrolment, self.photos, self.calibration, self.arm, self.keeper):
            asking.connect(self.monitor)

    def _gather(self) -> None:
        """Build what keeps teachers, students and phones."""
        directory, broadcaster, last = self.directory, self.broadcaster, self.last
        start, sleep = self.socketio.start_background_task, self.socketio.sleep
        self.relay = GridRelay(broadcaster, start, sleep, self.clock)
        self.teacher_sessions = TeacherSessions(*self.common, self.relay, self.alert_service, *last, self.limits)
        self.phones = Phones(directory, broadcaster, self.teacher_sessions, self.monitor, *last, self.limits)
        for telling in (self.proof, self.room_phone_motion):
            telling.connect(self.phones.mark)
        self.pairing = Pairing(self.database, directory, self.phones, self.tickets, *last)
        people = self.teacher_sessions, self.phones, self.monitor
        self.admission = Admission(*self.common, *people, *last, self.limits)

    def _decide(self) -> None:
        """Build what moves rooms and weighs alerts."""
        self.default_rules = {str(kind): rule for kind, rule in DEFAULTS.items()}
        self.presets = {name: preset_rules(name) for name in PRESETS}
        people = *self.common, self.teacher_sessions, self.admission, self.phones, self.pairing, self.monitor
        self.lifecycle = RoomLifecycle(*people, *self.last, self.default_rules, self.presets)
        self.accommodations = Accommodations(self.database, self.admission, self.broadcaster, self.event_log)
        self.muting = AlertMuting(self.database, self.broadcaster, self.lifecycle.watch_again, self.event_log)
        departures = Departures(
            self.directory,
            self.clock,
            of_visit=(self.enrolment, self.calibration, self.arm),
            of_stay=(self.scores, self.keeper, self.monitor),
        )
        by_time = self.guard, departures, self.photos
        watchers = *by_time, self.phones, self.proof, self.scores, self.senses, self.listening, self.keeper
        kept = self.database, self.evidence, self.lifecycle, self.teacher_sessions, watchers, self.monitor
        told = self.alert_service.rows, self.teacher_sessions, self.directory, self.broadcaster
        self.storage = Storage(self.database, self.settings.data_dir, *told, *self.last)
        days = self.settings.retention_days
        self.housekeeping = Housekeeping(*kept, *self.last, self.socketio, days, self.storage)

    def _open_doors(self) -> None:
        """Build where frames and readings come in, and the channels that lead there."""
        directory, clock, monitor, tickets = self.directory, self.clock, self.monitor, self.tickets
        self.frame_ingest = FrameIngest(directory, self.relay, monitor, clock, self.limits, parse_jpeg_header)
        hearing = self.senses, self.listening, self.keeper
        self.readings = SensorIngest(directory, self.phones, monitor, clock, hearing, [self.senses])
        takers = self.enrolment, self.calibration, self.arm, self.pairing
        teaching = self.teacher_sessions, self.admission, self.lifecycle, self.alert_service
        judgement = self.accommodations, self.muting, self.scores, self.senses, self.listening
        last = *self.last, self.limits
        for channel in (
            StudentChannel(tickets, self.admission, self.frame_ingest, *takers, self.readings, *self.common, *last),
            TeacherChannel(tickets, *(*teaching, *judgement), *self.common, *last),
            PhoneChannel(tickets, self.phones, self.pairing, self.frame_ingest, self.readings, directory, *self.last),
        ):
            self.socketio.server.register_namespace(channel)

    def services(self) -> Services:
        """Return what pages and the server entry need of it."""
        return Services(
            settings=self.settings,
            clock=self.clock,
            database=self.database,
            tickets=self.tickets,
            limits=self.limits,
            join_guard=JoinGuard(self.clock, self.limits),
            directory=self.directory,
            evidence=self.evidence,
            event_log=self.event_log,
            monitor=self.monitor,
            broadcaster=self.broadcaster,
            relay=self.relay,
            teacher_sessions=self.teacher_sessions,
            admission=self.admission,
            phones=self.phones,
            pairing=self.pairing,
            phone_guard=guard_of_phones(self.clock, self.limits),
            lifecycle=self.lifecycle,
            alert_service=self.alert_service,
            frame_ingest=self.frame_ingest,
            readings=self.readings,
            housekeeping=self.housekeeping,
            storage=self.storage,
            photos=self.photos,
            paper_turns=PaperTurns(self.clock),
            socketio=self.socketio,
            default_rules=self.default_rules,
            presets=self.presets,
            suspicion_weights={"weights": dict(WEIGHTS), "factors": dict(FACTORS), "half_life": HALF_LIFE},
        )


def make_monitor(settings: Settings, sink: AlertSink, clock: Clock) -> Monitor:
    """Return what looks and listens, by the settings; it starts nothing."""
    if not settings.detection:
        return NullMonitor()
    local = {"workers": settings.workers, "cache": settings.model_cache(), "folders": settings.model_folders()}
    options = {"redis_url": settings.redis_url} if settings.engine == "celery" else local
    engine = engines.make(settings.engine, detectors=tuple(DETECTORS), **options)
    # Readings are small and come often: each web node senses by itself, wherever its pictures are looked at.
    senses = LocalSenses(settings.model_cache(), settings.model_folders())
    return Runtime(engine, Judge(), sink, clock, senses=senses)
