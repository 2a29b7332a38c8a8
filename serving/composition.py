"""The composition root: puts the services together, by keyword and in one place, for the server and for the tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import SystemRandom
from typing import Any, Protocol

from core.clock import Clock
from core.event_log import EventLog
from core.late_sink import LateSink
from core.ports import AlertSink, Monitor
from core.rule_catalogue import RuleCatalogue
from core.types import Alert
from detection.measures.attention import Attention
from detection.measures.markers import CODES, cells
from detection.measures.suspicion import FACTORS, HALF_LIFE, suspicion
from detection.rules import WEIGHTS
from detection.runtime.baseline import measure_baseline
from detection.sensing.arm.reference import measure_arm
from evidence.capsule import CapsuleFolder
from evidence.frame_ring import FrameRing
from evidence.notes import Signer
from rooms.actions.flags import Flags
from rooms.actions.service import Effects
from rooms.alerts.alert_service import AlertService
from rooms.alerts.event_names import AlertScores
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.alerts.live_incidents import Incidents
from rooms.alerts.observers import ObserverList
from rooms.alerts.scores import Scores
from rooms.channels import PhoneChannel, StudentChannel, TeacherChannel
from rooms.channels.base import Channel
from rooms.channels.teacher_decisions import TeacherDecisions
from rooms.chat.service import ChatService
from rooms.desk.parts import DeskParts, desk_parts
from rooms.evidence.parts import EvidenceGround, EvidenceParts, evidence_parts
from rooms.evidence.sealing import sealing_parts
from rooms.identity.arm_calibration import ArmCalibration
from rooms.identity.enrolment import Enrolment
from rooms.identity.field_cipher import FieldCipher
from rooms.identity.photos import Photos
from rooms.identity.pose_calibration import Calibration
from rooms.identity.references import References
from rooms.identity.system_check import SystemCheck
from rooms.intake.frame_ingest import FrameIngest
from rooms.intake.intake import Intake
from rooms.intake.live_listening import Listening
from rooms.intake.picture_status import PictureStatus
from rooms.intake.room_phone_motion import RoomPhoneMotion
from rooms.intake.screen_proof import ScreenProof
from rooms.intake.sensor_ingest import SensorIngest
from rooms.intake.sensor_levels import SensorLevels
from rooms.intake.sound_clips import SoundKeeper
from rooms.intake.status_line import StatusLine
from rooms.live.broadcaster import Broadcaster
from rooms.live.context import RoomContext
from rooms.live.directory import RoomDirectory
from rooms.live.picture_relay import GridRelay
from rooms.pages.services import RoomSiteSettings, Services
from rooms.participants.accommodations import Accommodations
from rooms.participants.admission import Admission
from rooms.participants.connections import ParticipantConnections
from rooms.participants.pairing import Pairing, guard_of_phones
from rooms.participants.phone_status import PhoneStatus
from rooms.participants.phones import Phones
from rooms.participants.reports import ParticipantReports
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol.join_guard import JoinGuard
from rooms.protocol.limits import Limits
from rooms.protocol.tickets import Tickets
from rooms.setup.quotas import PaperTurns
from rooms.upkeep.attendance import AttendanceRecord
from rooms.upkeep.departures import Departures
from rooms.upkeep.housekeeping import CapacityWatch, Housekeeping, Tasks, Watcher
from rooms.upkeep.notice_watchers import notice_watchers
from rooms.upkeep.retention import Retention
from rooms.upkeep.storage_health import Storage
from store.session import Database


class SocketServer(Tasks, Protocol):
    """flask_socketio.SocketIO, as far as the services need it."""

    server: Any
    """The socketio.Server behind it."""


@dataclass(frozen=True, kw_only=True)
class Foundations:
    """What the services stand on: serving/foundations.py makes the server's, tests bring fakes."""

    settings: RoomSiteSettings
    secret: str
    clock: Clock
    database: Database
    evidence: EvidenceFolder
    capsules: CapsuleFolder
    signer: Signer
    """What signs the checkpoints of evidence."""
    event_log: EventLog
    limits: Limits
    socketio: SocketServer
    rules: RuleCatalogue
    make_monitor: Callable[[AlertSink], Monitor]
    parse_header: Callable[[bytes], tuple[int, int, int]]
    hint_for: Callable[[Alert], str]
    models: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each model file in use."""
    watchers: Sequence[Watcher] = ()
    """What else looks around every two seconds, before the others."""


@dataclass(frozen=True, kw_only=True)
class Observers:
    """The parts that hear of every look and every reading."""

    looks: PictureStatus
    enrolment: Enrolment
    photos: Photos
    calibration: Calibration
    arm_calibration: ArmCalibration
    scores: Scores
    proof: ScreenProof
    room_phone_motion: RoomPhoneMotion
    sensor_levels: SensorLevels
    status_line: StatusLine
    listening: Listening
    sound_keeper: SoundKeeper


@dataclass(frozen=True, kw_only=True)
class People:
    """The parts that keep teachers, students and phones, and move rooms."""

    relay: GridRelay
    teacher_sessions: TeacherSessions
    phones: Phones
    phone_status: PhoneStatus
    pairing: Pairing
    reports: ParticipantReports
    admission: Admission
    lifecycle: RoomLifecycle
    accommodations: Accommodations
    desk: DeskParts


def compose(base: Foundations) -> Services:
    """Build each part after those it needs; nothing runs until `housekeeping.start()`."""
    context, sink, tickets = _context(base), LateSink(), Tickets(base.secret)
    monitor = base.make_monitor(sink)
    observers = _observers(base, context, monitor)
    kept = evidence_parts(context, _ground(base), base.rules)
    alert_service = _alert_service(base, context, observers, kept)
    sink.bind(alert_service)
    people = _people(base, context, monitor, alert_service, tickets, kept)
    intake, chat = _intake(base, context, monitor, people, observers, kept.ring), ChatService(context)
    sealing = sealing_parts(context, kept, alert_service, base.evidence)
    attendance, departures = AttendanceRecord(context, monitor), Departures(context, monitor)
    watchers = attendance, departures, sealing.sealer, sealing.checkpoints
    storage = Storage(context, base.settings.data_dir, alert_service.rows, people.teacher_sessions)
    return Services(
        settings=base.settings,
        context=context,
        tickets=tickets,
        join_guard=JoinGuard(context.clock, context.limits),
        phone_guard=guard_of_phones(context.clock, context.limits),
        evidence=base.evidence,
        kept=kept,
        sealing=sealing,
        monitor=monitor,
        relay=people.relay,
        enrolment=observers.enrolment,
        photos=observers.photos,
        calibration=observers.calibration,
        arm_calibration=observers.arm_calibration,
        alert_service=alert_service,
        scores=observers.scores,
        desk=people.desk,
        teacher_sessions=people.teacher_sessions,
        phones=people.phones,
        phone_status=people.phone_status,
        pairing=people.pairing,
        reports=people.reports,
        admission=people.admission,
        lifecycle=people.lifecycle,
        accommodations=people.accommodations,
        chat=chat,
        frame_ingest=intake.frames,
        readings=intake.readings,
        sensor_levels=observers.sensor_levels,
        status_line=observers.status_line,
        listening=observers.listening,
        sound_keeper=observers.sound_keeper,
        attendance=attendance,
        departures=departures,
        storage=storage,
        housekeeping=_housekeeping(base, context, monitor, observers, people, watchers, storage),
        channels=_channels(context, tickets, observers, people, intake, chat),
        tasks=base.socketio,
        rules=base.rules,
        paper_turns=PaperTurns(context.clock),
        suspicion_weights={"weights": dict(WEIGHTS), "factors": dict(FACTORS), "half_life": HALF_LIFE},
    )


def _context(base: Foundations) -> RoomContext:
    return RoomContext(
        database=base.database,
        directory=RoomDirectory(),
        broadcaster=Broadcaster(base.socketio),
        event_log=base.event_log,
        clock=base.clock,
        limits=base.limits,
    )


def _ground(base: Foundations) -> EvidenceGround:
    return EvidenceGround(folder=base.capsules, signer=base.signer, secret=base.secret, models=base.models)


def _observers(base: Foundations, context: RoomContext, monitor: Monitor) -> Observers:
    references = References(context.database, FieldCipher(base.secret))
    enrolment = Enrolment(context, references=references, monitor=monitor)
    levels = SensorLevels(context)
    return Observers(
        looks=PictureStatus(context),
        enrolment=enrolment,
        photos=Photos(
            context,
            references=references,
            enrolment=enrolment,
            monitor=monitor,
            read_header=base.parse_header,
        ),
        calibration=Calibration(context, monitor=monitor, measure=measure_baseline),
        arm_calibration=ArmCalibration(context, monitor=monitor, measure=measure_arm),
        scores=Scores(context, attention=Attention(), suspicion=partial(suspicion, weights=WEIGHTS)),
        proof=ScreenProof(context, draw=cells, codes=len(CODES), chance=SystemRandom()),
        room_phone_motion=RoomPhoneMotion(context),
        sensor_levels=levels,
        status_line=StatusLine(context, arm_level_of=levels.arm_level),
        listening=Listening(context),
        sound_keeper=SoundKeeper(context, evidence=base.evidence, monitor=monitor),
    )


def _alert_service(base: Foundations, context: RoomContext, heard: Observers, kept: EvidenceParts) -> AlertService:
    of_identity = heard.enrolment, heard.photos, heard.calibration
    return AlertService(
        context,
        evidence=base.evidence,
        hint_for=base.hint_for,
        incidents=Incidents(context, catalogue=base.rules),
        observers=ObserverList(
            of_frames=[heard.looks, *of_identity, heard.scores, heard.proof, kept.unseen],
            of_senses=[heard.sensor_levels, heard.arm_calibration, heard.room_phone_motion, heard.sound_keeper],
        ),
        listeners=[heard.scores, kept.recorder],
        keepers=[heard.sound_keeper, AlertScores(heard.scores.attention_of), kept.recorder],
    )


def _people(
    base: Foundations,
    context: RoomContext,
    monitor: Monitor,
    alert_service: AlertService,
    tickets: Tickets,
    kept: EvidenceParts,
) -> People:
    start, sleep = base.socketio.start_background_task, base.socketio.sleep
    relay = GridRelay(outlet=context.broadcaster, start_task=start, sleep=sleep, clock=context.clock)
    teacher_sessions = TeacherSessions(context, relay=relay, alert_service=alert_service)
    phone_status = PhoneStatus(context, monitor=monitor)
    connections = ParticipantConnections(context)
    phones = Phones(context, connections, teacher_sessions=teacher_sessions, status=phone_status)
    reports = ParticipantReports(context, phone_status=phone_status, monitor=monitor)
    pairing = Pairing(context, phones=phones, tickets=tickets)
    lifecycle = RoomLifecycle(
        context,
        teacher_sessions=teacher_sessions,
        reports=reports,
        phone_status=phone_status,
        pairing=pairing,
        monitor=monitor,
        catalogue=base.rules,
    )
    admission = Admission(
        context,
        teacher_sessions=teacher_sessions,
        connections=connections,
        phone_status=phone_status,
        reports=reports,
    )
    return People(
        relay=relay,
        teacher_sessions=teacher_sessions,
        phones=phones,
        phone_status=phone_status,
        pairing=pairing,
        reports=reports,
        admission=admission,
        lifecycle=lifecycle,
        accommodations=Accommodations(context, rules_changed=lifecycle.watch_again),
        desk=desk_parts(
            context,
            alert_service=alert_service,
            flags=Flags(context, alert_service, base.evidence, kept.recorder.newest_picture, kept.recorder.give_up),
            effects=Effects(
                rules_changed=lifecycle.watch_again,
                report_state=reports.report_state,
                tell_exam=admission.tell_exam,
                remove=admission.remove,
                journal=kept.journal.happened,
            ),
            decided=kept.journal.decided,
            catalogue=base.rules,
        ),
    )


def _intake(
    base: Foundations, context: RoomContext, monitor: Monitor, people: People, heard: Observers, ring: FrameRing
) -> Intake:
    return Intake(
        frames=FrameIngest(context, relay=people.relay, sink=monitor, ring=ring, parse_header=base.parse_header),
        readings=SensorIngest(
            context,
            monitor=monitor,
            listeners=[heard.sensor_levels, heard.listening, heard.sound_keeper],
            inputs=[heard.sensor_levels],
        ),
        reports=people.reports,
        desk=people.desk,
    )


def _housekeeping(
    base: Foundations,
    context: RoomContext,
    monitor: Monitor,
    heard: Observers,
    people: People,
    of_presence: Sequence[Watcher],
    storage: Storage,
) -> Housekeeping:
    of_people = CapacityWatch(people.teacher_sessions, monitor), *base.watchers, *of_presence, heard.photos
    return Housekeeping(
        context,
        lifecycle=people.lifecycle,
        monitor=monitor,
        retention=Retention(
            database=context.database,
            folders=(base.evidence, base.capsules),
            lifecycle=people.lifecycle,
            event_log=context.event_log,
            days=base.settings.retention_days,
        ),
        tasks=base.socketio,
        watchers=[
            *of_people,
            *(people.phone_status, heard.proof, heard.scores, heard.sensor_levels, heard.listening, heard.sound_keeper),
            *(heard.status_line, people.desk.claims),
            *notice_watchers(context, people.desk.claims, base.rules, monitor, storage, base.settings.data_dir),
        ],
        storage=storage,
    )


def _channels(
    context: RoomContext,
    tickets: Tickets,
    heard: Observers,
    people: People,
    intake: Intake,
    chat: ChatService,
) -> tuple[Channel, ...]:
    return (
        StudentChannel(
            context,
            tickets=tickets,
            admission=people.admission,
            intake=intake,
            system_check=SystemCheck(heard.enrolment, heard.calibration, heard.arm_calibration),
            pairing=people.pairing,
            chat=chat,
        ),
        TeacherChannel(
            context,
            tickets=tickets,
            teacher_sessions=people.teacher_sessions,
            lifecycle=people.lifecycle,
            decisions=TeacherDecisions(people.admission, people.accommodations, heard.listening),
            desk=people.desk,
            chat=chat,
        ),
        PhoneChannel(context, tickets=tickets, phones=people.phones, pairing=people.pairing, intake=intake),
    )
