"""A live room, everything real but the network and the eyes: database, directory, desk, a teacher, students."""

from __future__ import annotations

from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path
from typing import Any

from core.clock import FakeClock
from core.event_log import EventLog
from core.types import Alert, AlertKind, Severity
from detection.measures.attention import Attention
from detection.measures.suspicion import suspicion
from detection.runtime.baseline import measure_baseline
from detection.runtime.presets import PRESETS, preset_rules
from detection.sensing.arm.reference import measure_arm
from rooms.alerts.alert_service import AlertService, FrameObserver, SenseObserver
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.alerts.muting import AlertMuting
from rooms.alerts.scores import Scores
from rooms.identity.arm_calibration import ArmCalibration
from rooms.identity.enrolment import Enrolment
from rooms.identity.field_cipher import FieldCipher
from rooms.identity.photos import Photos
from rooms.identity.pose_calibration import Calibration
from rooms.identity.references import References
from rooms.intake.frame_ingest import FrameIngest
from rooms.intake.live_listening import Listening
from rooms.intake.picture_status import PictureStatus
from rooms.intake.sensor_ingest import SensorIngest, SoundListener
from rooms.intake.sensor_levels import SensorLevels
from rooms.intake.sound_clips import SoundKeeper
from rooms.live.broadcaster import Broadcaster
from rooms.live.directory import LiveRoom, Participant, Phone, RoomDirectory, TeacherLink
from rooms.live.grid import GridRelay
from rooms.participants.accommodations import Accommodations
from rooms.participants.admission import Admission
from rooms.participants.pairing import Pairing
from rooms.participants.phones import Phones
from rooms.participants.room_lifecycle import RoomLifecycle
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol.limits import Limits
from rooms.protocol.tickets import Tickets
from rooms.setup.participant_records import create_participant
from rooms.setup.room_settings import RoomSettings
from rooms.upkeep.departures import Departures
from store.rooms import Room, RoomTeacher
from store.session import Base, Database
from store.users import User
from tests.fakes import FakeMonitor, FakeSocketIO

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Stage:
    """Builds what create_app builds, around fakes, with one room of one teacher."""

    def __init__(self, folder: Path, settings: RoomSettings | None = None, **room: Any) -> None:
        address = f"sqlite:///{folder / 'stage.db'}"
        self.clock = FakeClock(START.timestamp())
        self.database = Database(address)
        Base.metadata.create_all(self.database.engine)
        self.tickets, self.limits = Tickets("a test's secret"), Limits()
        self.evidence = EvidenceFolder(folder / "evidence", keep_free=0)
        self.socketio, self.monitor = FakeSocketIO(), FakeMonitor()
        self.sockets = self.socketio.server
        self.event_log = EventLog(getLogger("tests.stage"))
        self._keep_room(settings or RoomSettings(), room)
        self.restart()

    def restart(self) -> None:
        """Build the live part anew from the database, as a started server does."""
        self.directory = RoomDirectory()
        self.sockets.rooms.clear()
        self.broadcaster = Broadcaster(self.socketio)
        start = self.socketio.start_background_task
        self.relay = GridRelay(self.broadcaster, start, lambda _seconds: None, self.clock)
        looks = PictureStatus(self.directory, self.broadcaster, self.clock)
        common = self.database, self.directory, self.broadcaster
        last = self.event_log, self.clock
        references = References(self.database, FieldCipher("a test's secret"))
        self.enrolment = Enrolment(references, self.directory, self.broadcaster, *last)
        self.photos = Photos(references, self.enrolment, self.directory, *last, lambda _b: (480, 640, 3))
        for asking in (self.enrolment, self.photos):
            asking.connect(self.monitor)
        self.calibration = Calibration(self.database, self.directory, *last, measure_baseline)
        self.calibration.connect(self.monitor)
        self.arm_calibration = ArmCalibration(self.database, self.directory, *last, measure_arm)
        self.arm_calibration.connect(self.monitor)
        self.scores = Scores(*common, self.clock, Attention(), suspicion)
        observers: list[FrameObserver] = [looks, self.enrolment, self.photos, self.calibration, self.scores]
        self.senses = SensorLevels(self.directory, self.broadcaster, self.clock)
        self.listening = Listening(self.directory, self.broadcaster, self.event_log)
        self.keeper = SoundKeeper(self.directory, self.evidence, *last)
        self.keeper.connect(self.monitor)
        kept = *common, self.evidence, observers, *last, lambda alert: f"Mind {alert.kind}."
        of_readings: list[SenseObserver] = [self.senses, self.arm_calibration, self.keeper]
        self.alert_service = AlertService(*kept, [self.scores], of_readings, [self.keeper])
        self.teacher_sessions = TeacherSessions(*common, self.relay, self.alert_service, *last, self.limits)
        self.phones = Phones(self.directory, self.broadcaster, self.teacher_sessions, self.monitor, *last, self.limits)
        self.pairing = Pairing(self.database, self.directory, self.phones, self.tickets, *last)
        hearing: list[SoundListener] = [self.senses, self.listening, self.keeper]
        self.readings = SensorIngest(self.directory, self.phones, self.monitor, self.clock, hearing, [self.senses])
        self.admission = Admission(*common, self.teacher_sessions, self.phones, self.monitor, *last, self.limits)
        presets = {name: preset_rules(name) for name in PRESETS}
        people = *common, self.teacher_sessions, self.admission, self.phones, self.pairing, self.monitor
        self.lifecycle = RoomLifecycle(*people, *last, {}, presets)
        self.accommodations = Accommodations(self.database, self.admission, self.broadcaster, self.event_log)
        self.muting = AlertMuting(self.database, self.broadcaster, self.lifecycle.watch_again, self.event_log)
        self.frame_ingest = FrameIngest(
            self.directory, self.relay, self.monitor, self.clock, self.limits, lambda _b: (320, 240, 3)
        )
        of_visit = self.enrolment, self.calibration, self.arm_calibration
        of_stay = self.scores, self.keeper, self.monitor
        self.departures = Departures(self.directory, self.clock, of_visit, of_stay)
        self.lifecycle.restore()

    def _keep_room(self, settings: RoomSettings, changed: dict[str, Any]) -> None:
        with self.database.session() as session:
            person = User(email="ana@school.example", name="Ana", password_hash="-", role="teacher", created_at=START)
            session.add(person)
            session.flush()
            values = {
                "title": "Algebra",
                "state": "open",
                "created_at": START,
                "settings": settings.to_json(),
                **changed,
            }
            session.add(Room(id="r1", code="004217", owner_id=person.id, **values))
            session.flush()
            session.add(RoomTeacher(room_id="r1", user_id=person.id, role="owner", joined_at=START))

    def row(self) -> Room:
        """The room as the database has it."""
        with self.database.read() as session:
            row = session.get(Room, "r1")
        assert row is not None
        return row

    @property
    def room(self) -> LiveRoom:
        """The room as the live directory has it."""
        room = self.directory.room("r1")
        assert room is not None
        return room

    def student(self, name: str = "Zoé", sid: str | None = None) -> Participant:
        """Give a student a participant and, with `sid`, a connection."""
        with self.database.session() as session:
            room = session.get(Room, "r1")
            assert room is not None
            row = create_participant(session, room, name, START)
        self.admission.participant_taken(row)
        if sid is not None:
            self.connect(row.id, sid)
        return self.room.participants[row.id]

    def connect(self, participant_id: str, sid: str) -> Participant:
        """Let a connection join."""
        ticket = self.tickets.read(self.tickets.issue_student("r1", participant_id), "student")
        room, participant = self.admission.arrive(ticket, sid)
        self.admission.welcome(room, participant)
        return participant

    def admitted(self, name: str = "Zoé", sid: str = "s1") -> Participant:
        """Give a student a participant, a connection and entry."""
        participant = self.student(name, sid)
        self.admission.ready(participant)
        return participant

    def phone(self, participant: Participant, role: str, sid: str | None = None) -> Phone:
        """Pair a phone with a student by its code and, with `sid`, let it connect."""
        invited = self.pairing.invite(participant, role)
        self.pairing.join_by_code(invited["code"])
        phone = participant.phones[role]
        if sid is not None:
            self.connect_phone(phone.id, sid)
        return phone

    def connect_phone(self, phone_id: str, sid: str) -> Phone:
        """Let a connection speak for a phone."""
        ticket = self.tickets.read(self.tickets.issue_phone("r1", phone_id), "phone")
        room, participant, phone = self.phones.arrive(ticket, sid)
        self.phones.welcome(room, participant, phone)
        return phone

    def change(self, settings: RoomSettings) -> None:
        """Give the room other settings, as its form does."""
        with self.database.session() as session:
            row = session.get(Room, "r1")
            assert row is not None
            row.settings = settings.to_json()
        self.lifecycle.room_changed(row)

    def teacher(self, sid: str = "t1") -> TeacherLink:
        """Open the teacher's live page."""
        ticket = self.tickets.read(self.tickets.issue_teacher("r1", 1, 1), "teacher")
        room, link = self.teacher_sessions.arrive(ticket, sid)
        self.teacher_sessions.welcome(room, link)
        return link

    def alert(self, participant: Participant, **changed: Any) -> Alert:
        """An alert about a student, as the judge would conclude it."""
        now = self.clock.now()
        values: dict[str, Any] = {
            "id": "a1",
            "kind": AlertKind.FACE_NOT_FOUND,
            "severity": Severity.WARNING,
            "started_at": now - 5,
            "raised_at": now,
            "text": "No face for %(seconds)s s.",
            "numbers": {"seconds": 5},
            "evidence": b"\xff\xd8picture",
            **changed,
        }
        return Alert(room="r1", participant=participant.id, **values)

    def told(self, sid: str, event: str, namespace: str = "/teacher") -> list[Any]:
        """What a connection was sent under one name."""
        return self.sockets.events(namespace, sid, event)
