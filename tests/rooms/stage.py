"""A live room, everything real but the network and the eyes: database, directory, desk, a teacher, students."""

from __future__ import annotations

from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path
from typing import Any

from core.clock import FakeClock
from core.event_log import EventLog
from core.ports import AlertSink
from core.types import Alert, AlertKind, Severity
from detection.rules import RULES
from detection.runtime.catalogue import rule_catalogue
from evidence.capsule import CapsuleFolder
from evidence.notes import Signer
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Phone, Student
from rooms.protocol.limits import Limits
from rooms.setup.participant_records import create_participant
from rooms.setup.room_settings import RoomSettings
from serving.composition import Foundations, compose
from settings import load_settings
from store.rooms import Room, RoomTeacher
from store.session import Database
from store.users import User
from tests.fakes import FakeMonitor, FakeSocketIO
from tests.store import template

SIGNER = Signer("exam.example/evidence", bytes(range(32)))
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Stage:
    """What create_app builds, around fakes, with one room of one teacher."""

    def __init__(self, folder: Path, settings: RoomSettings | None = None, **room: Any) -> None:
        self.clock = FakeClock(START.timestamp())
        self.database = Database(template.copy_to(folder / "stage.db"))
        self.settings = load_settings({}, data_dir=folder, detection=False)
        self.evidence = EvidenceFolder(folder / "evidence", keep_free=0)
        self.capsules = CapsuleFolder(folder / "capsules", keep_free=0)
        self.folders = self.evidence, self.capsules
        self.socketio, self.monitor = FakeSocketIO(), FakeMonitor()
        self.sockets = self.socketio.server
        self.event_log = EventLog(getLogger("tests.stage"))
        self._keep_room(settings or RoomSettings(), room)
        self.restart()

    def restart(self) -> None:
        """Build the live part anew from the database, as a started server does."""
        self.sockets.rooms.clear()
        services = compose(
            Foundations(
                settings=self.settings,
                secret="a test's secret",
                clock=self.clock,
                database=self.database,
                evidence=self.evidence,
                capsules=self.capsules,
                signer=SIGNER,
                event_log=self.event_log,
                limits=Limits(),
                socketio=self.socketio,
                rules=rule_catalogue(),
                make_monitor=self._make_monitor,
                parse_header=lambda _jpeg: (320, 240, 3),
                hint_for=lambda alert: f"Mind {alert.kind}.",
            )
        )
        self.services, self.context = services, services.context
        self.directory, self.broadcaster, self.limits = services.directory, services.broadcaster, services.limits
        self.tickets, self.relay, self.channels = services.tickets, services.relay, services.channels
        self.enrolment, self.photos = services.enrolment, services.photos
        self.calibration, self.arm_calibration = services.calibration, services.arm_calibration
        self.alert_service, self.desk = services.alert_service, services.desk
        self.scores, self.verdicts = services.scores, self.desk.verdicts
        self.muting, self.claims = self.desk.muting, self.desk.claims
        self.hands, self.actions = self.desk.hands, self.desk.actions
        self.status_line = services.status_line
        self.senses, self.listening, self.keeper = services.sensor_levels, services.listening, services.sound_keeper
        self.teacher_sessions, self.pairing = services.teacher_sessions, services.pairing
        self.phones, self.phone_status, self.reports = services.phones, services.phone_status, services.reports
        self.admission, self.accommodations = services.admission, services.accommodations
        self.frame_ingest, self.readings, self.chat = services.frame_ingest, services.readings, services.chat
        self.lifecycle, self.departures = services.lifecycle, services.departures
        self.attendance = services.attendance
        self.kept, self.sealer, self.checkpoints = services.kept, services.sealing.sealer, services.sealing.checkpoints
        self.lifecycle.restore()

    def _make_monitor(self, sink: AlertSink) -> FakeMonitor:
        self.sink = sink
        return self.monitor

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

    def student(self, name: str = "Zoé", sid: str | None = None) -> Student:
        """Give a student a participant and, with `sid`, a connection."""
        with self.database.session() as session:
            room = session.get(Room, "r1")
            assert room is not None
            row = create_participant(session, room, name, START)
        self.admission.participant_taken(row)
        if sid is not None:
            self.connect(row.id, sid)
        return self.room.students[row.id]

    def connect(self, participant_id: str, sid: str) -> Student:
        """Let a connection join."""
        ticket = self.tickets.read(self.tickets.issue_student("r1", participant_id), "student")
        room, participant = self.admission.arrive(ticket, sid)
        self.admission.welcome(room, participant)
        return participant

    def admitted(self, name: str = "Zoé", sid: str = "s1") -> Student:
        """Give a student a participant, a connection and entry."""
        participant = self.student(name, sid)
        self.admission.ready(participant)
        return participant

    def phone(self, participant: Student, role: str, sid: str | None = None) -> Phone:
        """Pair a phone with a student by its code and, with `sid`, let it connect."""
        invited = self.pairing.invite(participant, role)
        self.pairing.join_by_code(invited["code"])
        phone = self.room.phones_of(participant)[role]
        if sid is not None:
            self.connect_phone(phone.id, sid)
        return phone

    def connect_phone(self, phone_id: str, sid: str) -> Phone:
        """Let a connection speak for a phone."""
        ticket = self.tickets.read(self.tickets.issue_phone("r1", phone_id), "phone")
        room, phone = self.phones.arrive(ticket, sid)
        self.phones.welcome(room, phone)
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

    def colleague(self, name: str, sid: str) -> TeacherLink:
        """Open the live page of another teacher of the room."""
        with self.database.session() as session:
            mail = f"{name.lower()}@school.example"
            person = User(email=mail, name=name, password_hash="-", role="teacher", created_at=START)
            session.add(person)
            session.flush()
            session.add(RoomTeacher(room_id="r1", user_id=person.id, role="co", joined_at=START))
            ticket = self.tickets.issue_teacher("r1", person.id, person.session_version)
        room, link = self.teacher_sessions.arrive(self.tickets.read(ticket, "teacher"), sid)
        self.teacher_sessions.welcome(room, link)
        return link

    def alert(self, participant: Student, **changed: Any) -> Alert:
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
            "shown_by": RULES[changed.get("kind", AlertKind.FACE_NOT_FOUND)].evidence,
            **changed,
        }
        return Alert(room="r1", participant=participant.id, **values)

    def told(self, sid: str, event: str, namespace: str = "/teacher") -> list[Any]:
        """What a connection was sent under one name."""
        return self.sockets.events(namespace, sid, event)
