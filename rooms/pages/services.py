"""Every service of the running application, with its type: what the composition root builds and the pages use."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flask import current_app

from accounts.services import AccountSettings
from core.clock import Clock
from core.event_log import EventLog
from core.ports import Monitor, Rules
from core.rule_catalogue import RuleCatalogue
from rooms.alerts.alert_service import AlertService
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.alerts.scores import Scores
from rooms.channels.base import Channel
from rooms.chat.service import ChatService
from rooms.desk.parts import DeskParts
from rooms.evidence.parts import EvidenceParts
from rooms.evidence.sealing import SealingParts
from rooms.identity.arm_calibration import ArmCalibration
from rooms.identity.enrolment import Enrolment
from rooms.identity.photos import Photos
from rooms.identity.pose_calibration import Calibration
from rooms.intake.frame_ingest import FrameIngest
from rooms.intake.live_listening import Listening
from rooms.intake.sensor_ingest import SensorIngest
from rooms.intake.sensor_levels import SensorLevels
from rooms.intake.sound_clips import SoundKeeper
from rooms.intake.status_line import StatusLine
from rooms.live.broadcaster import Broadcaster
from rooms.live.context import RoomContext
from rooms.live.directory import RoomDirectory
from rooms.live.picture_relay import GridRelay
from rooms.participants.accommodations import Accommodations
from rooms.participants.admission import Admission
from rooms.participants.pairing import Pairing
from rooms.participants.phone_status import PhoneStatus
from rooms.participants.phones import Phones
from rooms.participants.reports import ParticipantReports
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol.join_guard import JoinGuard
from rooms.protocol.limits import Limits
from rooms.protocol.tickets import Tickets
from rooms.setup.quotas import PaperTurns
from rooms.setup.room_settings.preset import PRESETS
from rooms.upkeep.attendance import AttendanceRecord
from rooms.upkeep.departures import Departures
from rooms.upkeep.housekeeping import Housekeeping, Tasks
from rooms.upkeep.storage_health import Storage
from store.session import Database


class RoomSiteSettings(AccountSettings, Protocol):
    """The settings that pages of rooms tell of or keep to."""

    @property
    def async_mode(self) -> str:
        """How connections are served."""
        ...

    @property
    def data_dir(self) -> Path:
        """The folder of database, evidence and keys."""
        ...

    @property
    def retention_days(self) -> int:
        """Days until an ended room's pictures and messages go."""
        ...

    def database(self) -> str:
        """Return the address of the database."""
        ...


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything that create_app built, for pages and for the server entry; at app.extensions["exam"]."""

    settings: RoomSiteSettings
    context: RoomContext
    tickets: Tickets
    join_guard: JoinGuard
    phone_guard: JoinGuard
    """Of the codes of phones, so that whoever guesses those locks no student out."""
    evidence: EvidenceFolder
    kept: EvidenceParts
    """What keeps the pictures around alerts."""
    sealing: SealingParts
    monitor: Monitor
    relay: GridRelay
    enrolment: Enrolment
    photos: Photos
    calibration: Calibration
    arm_calibration: ArmCalibration
    alert_service: AlertService
    scores: Scores
    desk: DeskParts
    teacher_sessions: TeacherSessions
    phones: Phones
    phone_status: PhoneStatus
    pairing: Pairing
    reports: ParticipantReports
    admission: Admission
    lifecycle: RoomLifecycle
    accommodations: Accommodations
    chat: ChatService
    frame_ingest: FrameIngest
    readings: SensorIngest
    sensor_levels: SensorLevels
    status_line: StatusLine
    listening: Listening
    sound_keeper: SoundKeeper
    attendance: AttendanceRecord
    departures: Departures
    storage: Storage
    housekeeping: Housekeeping
    channels: tuple[Channel, ...]
    tasks: Tasks
    rules: RuleCatalogue
    """What every rule says of itself."""
    paper_turns: PaperTurns
    suspicion_weights: Mapping[str, object]
    """What the suspicion level is made of, for pages that explain it."""

    @property
    def default_rules(self) -> Rules:
        """The rules of a room whose preset is not known."""
        return {kind: entry.defaults for kind, entry in self.rules.items()}

    @property
    def presets(self) -> Mapping[str, Rules]:
        """The rules of each preset."""
        return {name: {kind: entry.presets[name] for kind, entry in self.rules.items()} for name in PRESETS}

    @property
    def clock(self) -> Clock:
        """The server's clock."""
        return self.context.clock

    @property
    def database(self) -> Database:
        """Where rows are kept."""
        return self.context.database

    @property
    def directory(self) -> RoomDirectory:
        """Who is in which room now."""
        return self.context.directory

    @property
    def broadcaster(self) -> Broadcaster:
        """The way out to browsers."""
        return self.context.broadcaster

    @property
    def event_log(self) -> EventLog:
        """The readable log."""
        return self.context.event_log

    @property
    def limits(self) -> Limits:
        """What clients may send."""
        return self.context.limits


def services_of_request() -> Services:
    """Return the services of the application that answers this request."""
    found: Services = current_app.extensions["exam"]
    return found
