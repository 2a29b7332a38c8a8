"""Everything that is live, put together: who looks, who is there, who decides, and the channels in front of them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from core.clock import Clock
from core.ports import AlertSink, Monitor
from core.types import RuleSettings
from detection import engines
from detection.attention import Attention
from detection.baseline import measure_baseline
from detection.detectors import DETECTORS
from detection.frameops import parse_jpeg_header
from detection.judge import Judge
from detection.markers import CODES, cells
from detection.null_monitor import NullMonitor
from detection.presets import PRESETS, preset_rules
from detection.rules import DEFAULTS, hint_for
from detection.runtime import Runtime
from detection.sensing.arm_reference import measure_arm
from detection.sensing.engine import LocalSenses
from detection.suspicion import FACTORS, HALF_LIFE, WEIGHTS, suspicion
from rooms.alert_desk import AlertDesk, FrameObserver, SenseObserver
from rooms.arm_calibration import ArmCalibration
from rooms.attendance import Attendance
from rooms.audience import Audience
from rooms.broadcast import Broadcaster
from rooms.calibration import Calibration
from rooms.channels import PhoneChannel, StudentChannel, TeacherChannel
from rooms.conductor import Conductor
from rooms.directory import RoomDirectory
from rooms.enrolment import Enrolment
from rooms.evidence import EvidenceFolder
from rooms.exemptions import Exemptions
from rooms.farewell import Farewell
from rooms.frame_door import FrameDoor
from rooms.grid import GridRelay
from rooms.housekeeping import Housekeeping
from rooms.join_guard import JoinGuard
from rooms.journal import Journal
from rooms.listening import Listening
from rooms.looks import Looks
from rooms.packet_guard import PacketGuard
from rooms.pairing import Pairing, guard_of_phones
from rooms.phones import Phones
from rooms.photos import Photos
from rooms.policy import DEFAULT_LIMITS, Limits
from rooms.proof import Proof
from rooms.quietening import Quietening
from rooms.quotas import PaperTurns
from rooms.reading_door import ReadingDoor
from rooms.references import References
from rooms.scores import Scores
from rooms.senses import Senses
from rooms.sound_keeper import SoundKeeper
from rooms.standstill import Standstill
from rooms.storage import Storage
from rooms.tickets import Tickets
from rooms.vault import Vault
from serving import logs
from settings import Settings
from store.opening import open_database
from store.session import Database


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
    journal: Journal
    monitor: Monitor
    broadcaster: Broadcaster
    relay: GridRelay
    audience: Audience
    attendance: Attendance
    phones: Phones
    pairing: Pairing
    phone_guard: JoinGuard
    """Of the codes of phones, so that whoever guesses those locks no student out."""
    conductor: Conductor
    desk: AlertDesk
    door: FrameDoor
    readings: ReadingDoor
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


class Assembly:
    """Builds each part after those it needs; nothing runs until `services().housekeeping.start()`."""

    def __init__(self, socketio: Any, settings: Settings, clock: Clock, monitor: Monitor | None = None) -> None:
        self.settings, self.clock, self.socketio, self.limits = settings, clock, socketio, DEFAULT_LIMITS
        self.database, self.directory = open_database(settings.database()), RoomDirectory()
        self.broadcaster, self.journal = Broadcaster(socketio), Journal(logging.getLogger(logs.JOURNAL))
        self.guard = PacketGuard(socketio.server, self.journal, clock)
        self.tickets, self.evidence = Tickets(settings.secret()), EvidenceFolder(settings.data_dir / "evidence")
        self.common, self.last = (self.database, self.directory, self.broadcaster), (self.journal, clock)
        self._look(monitor)
        self._gather()
        self._decide()
        self._open_doors()

    def _look(self, monitor: Monitor | None) -> None:
        """Build what hears of every look and every reading, then the eyes and ears themselves."""
        directory, broadcaster, clock, last = self.directory, self.broadcaster, self.clock, self.last
        references = References(self.database, Vault(self.settings.secret()))
        self.enrolment = Enrolment(references, directory, broadcaster, *last)
        self.photos = Photos(references, self.enrolment, directory, *last, parse_jpeg_header)
        self.calibration = Calibration(self.database, directory, *last, measure_baseline)
        self.arm = ArmCalibration(self.database, directory, *last, measure_arm)
        self.scores = Scores(*self.common, clock, Attention(), suspicion)
        self.proof = Proof(directory, broadcaster, clock, cells, len(CODES), SystemRandom())
        self.standstill = Standstill(directory)
        self.senses = Senses(directory, broadcaster, clock)
        self.listening = Listening(directory, broadcaster, self.journal)
        self.keeper = SoundKeeper(directory, self.evidence, *last)
        looks = Looks(directory, broadcaster, clock)
        of_frames: list[FrameObserver] = [looks, self.enrolment, self.photos, self.calibration, self.scores, self.proof]
        of_readings: list[SenseObserver] = [self.senses, self.arm, self.standstill, self.keeper]
        kept = *self.common, self.evidence, of_frames, *last, hint_for
        self.desk = AlertDesk(*kept, [self.scores], of_readings, [self.keeper])
        self.monitor = monitor or make_monitor(self.settings, self.desk, clock)
        for asking in (self.enrolment, self.photos, self.calibration, self.arm, self.keeper):
            asking.connect(self.monitor)

    def _gather(self) -> None:
        """Build what keeps teachers, students and phones."""
        directory, broadcaster, last = self.directory, self.broadcaster, self.last
        start, sleep = self.socketio.start_background_task, self.socketio.sleep
        self.relay = GridRelay(broadcaster.send_tick, start, sleep, self.clock)
        self.audience = Audience(*self.common, self.relay, self.desk, *last, self.limits)
        self.phones = Phones(directory, broadcaster, self.audience, self.monitor, *last, self.limits)
        for telling in (self.proof, self.standstill):
            telling.connect(self.phones.mark)
        self.pairing = Pairing(self.database, directory, self.phones, self.tickets, *last)
        people = self.audience, self.phones, self.monitor
        self.attendance = Attendance(*self.common, *people, *last, self.limits)

    def _decide(self) -> None:
        """Build what moves rooms and weighs alerts."""
        self.default_rules = {str(kind): rule for kind, rule in DEFAULTS.items()}
        self.presets = {name: preset_rules(name) for name in PRESETS}
        people = *self.common, self.audience, self.attendance, self.phones, self.pairing, self.monitor
        self.conductor = Conductor(*people, *self.last, self.default_rules, self.presets)
        self.exemptions = Exemptions(self.database, self.attendance, self.broadcaster, self.journal)
        self.quietening = Quietening(self.database, self.broadcaster, self.conductor, self.journal)
        farewell = Farewell(
            self.directory,
            self.clock,
            of_visit=(self.enrolment, self.calibration, self.arm),
            of_stay=(self.scores, self.keeper, self.monitor),
        )
        by_time = self.guard, farewell, self.photos
        watchers = *by_time, self.phones, self.proof, self.scores, self.senses, self.listening, self.keeper
        kept = self.database, self.evidence, self.conductor, self.audience, watchers, self.monitor
        told = self.desk.rows, self.audience, self.directory, self.broadcaster
        self.storage = Storage(self.database, self.settings.data_dir, *told, *self.last)
        days = self.settings.retention_days
        self.housekeeping = Housekeeping(*kept, *self.last, self.socketio, days, self.storage)

    def _open_doors(self) -> None:
        """Build where frames and readings come in, and the channels that lead there."""
        directory, clock, monitor, tickets = self.directory, self.clock, self.monitor, self.tickets
        self.door = FrameDoor(directory, self.relay, monitor, clock, self.limits, parse_jpeg_header)
        hearing = self.senses, self.listening, self.keeper
        self.readings = ReadingDoor(directory, self.phones, monitor, clock, hearing, [self.senses])
        takers = self.enrolment, self.calibration, self.arm, self.pairing
        teaching = self.audience, self.attendance, self.conductor, self.desk
        judgement = self.exemptions, self.quietening, self.scores, self.senses, self.listening
        last = *self.last, self.limits
        for channel in (
            StudentChannel(tickets, self.attendance, self.door, *takers, self.readings, *self.common, *last),
            TeacherChannel(tickets, *(*teaching, *judgement), *self.common, *last),
            PhoneChannel(tickets, self.phones, self.pairing, self.door, self.readings, directory, *self.last),
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
            journal=self.journal,
            monitor=self.monitor,
            broadcaster=self.broadcaster,
            relay=self.relay,
            audience=self.audience,
            attendance=self.attendance,
            phones=self.phones,
            pairing=self.pairing,
            phone_guard=guard_of_phones(self.clock, self.limits),
            conductor=self.conductor,
            desk=self.desk,
            door=self.door,
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
