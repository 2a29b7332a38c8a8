"""A live room, everything real but the network and the eyes: database, directory, desk, a teacher, students."""

from __future__ import annotations

from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path
from typing import Any

from core.clock import FakeClock
from core.types import Alert, AlertKind, Severity
from detection.attention import Attention
from detection.baseline import measure_baseline
from detection.presets import PRESETS, preset_rules
from detection.sensing.arm_reference import measure_arm
from detection.suspicion import suspicion
from rooms.alert_desk import AlertDesk, FrameObserver, SenseObserver
from rooms.arm_calibration import ArmCalibration
from rooms.attendance import Attendance
from rooms.audience import Audience
from rooms.broadcast import Broadcaster
from rooms.calibration import Calibration
from rooms.conductor import Conductor
from rooms.directory import LiveRoom, Phone, RoomDirectory, Seat, TeacherLink
from rooms.enrolment import Enrolment
from rooms.evidence import EvidenceFolder
from rooms.exemptions import Exemptions
from rooms.farewell import Farewell
from rooms.frame_door import FrameDoor
from rooms.grid import GridRelay
from rooms.journal import Journal
from rooms.listening import Listening
from rooms.looks import Looks
from rooms.pairing import Pairing
from rooms.phones import Phones
from rooms.photos import Photos
from rooms.policy import Limits
from rooms.quietening import Quietening
from rooms.reading_door import ReadingDoor, SoundListener
from rooms.references import References
from rooms.room_settings import RoomSettings
from rooms.scores import Scores
from rooms.seats import take_seat
from rooms.senses import Senses
from rooms.sound_keeper import SoundKeeper
from rooms.tickets import Tickets
from rooms.vault import Vault
from store.people import Person
from store.rooms import Room, RoomTeacher
from store.session import Base, Database
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
        self.journal = Journal(getLogger("tests.stage"))
        self._keep_room(settings or RoomSettings(), room)
        self.restart()

    def restart(self) -> None:
        """Build the live part anew from the database, as a started server does."""
        self.directory = RoomDirectory()
        self.broadcaster = Broadcaster(self.socketio)
        start = self.socketio.start_background_task
        self.relay = GridRelay(self.broadcaster.send_tick, start, lambda _seconds: None, self.clock)
        looks = Looks(self.directory, self.broadcaster, self.clock)
        common = self.database, self.directory, self.broadcaster
        last = self.journal, self.clock
        references = References(self.database, Vault("a test's secret"))
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
        self.senses = Senses(self.directory, self.broadcaster, self.clock)
        self.listening = Listening(self.directory, self.broadcaster, self.journal)
        self.keeper = SoundKeeper(self.directory, self.evidence, *last)
        self.keeper.connect(self.monitor)
        kept = *common, self.evidence, observers, *last, lambda alert: f"Mind {alert.kind}."
        of_readings: list[SenseObserver] = [self.senses, self.arm_calibration, self.keeper]
        self.desk = AlertDesk(*kept, [self.scores], of_readings, [self.keeper])
        self.audience = Audience(*common, self.relay, self.desk, *last, self.limits)
        self.phones = Phones(self.directory, self.broadcaster, self.audience, self.monitor, *last, self.limits)
        self.pairing = Pairing(self.database, self.directory, self.phones, self.tickets, *last)
        hearing: list[SoundListener] = [self.senses, self.listening, self.keeper]
        self.readings = ReadingDoor(self.directory, self.phones, self.monitor, self.clock, hearing, [self.senses])
        self.attendance = Attendance(*common, self.audience, self.phones, self.monitor, *last, self.limits)
        presets = {name: preset_rules(name) for name in PRESETS}
        people = *common, self.audience, self.attendance, self.phones, self.pairing, self.monitor
        self.conductor = Conductor(*people, *last, {}, presets)
        self.exemptions = Exemptions(self.database, self.attendance, self.broadcaster, self.journal)
        self.quietening = Quietening(self.database, self.broadcaster, self.conductor, self.journal)
        self.door = FrameDoor(
            self.directory, self.relay, self.monitor, self.clock, self.limits, lambda _b: (320, 240, 3)
        )
        of_visit = self.enrolment, self.calibration, self.arm_calibration
        of_stay = self.scores, self.keeper, self.monitor
        self.farewell = Farewell(self.directory, self.clock, of_visit, of_stay)
        self.conductor.restore()

    def _keep_room(self, settings: RoomSettings, changed: dict[str, Any]) -> None:
        with self.database.session() as session:
            person = Person(email="ana@school.example", name="Ana", password_hash="-", role="teacher", created_at=START)
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
            session.add(RoomTeacher(room_id="r1", person_id=person.id, role="owner", joined_at=START))

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

    def student(self, name: str = "Zoé", sid: str | None = None) -> Seat:
        """Give a student a seat and, with `sid`, a connection."""
        with self.database.session() as session:
            room = session.get(Room, "r1")
            assert room is not None
            row = take_seat(session, room, name, START)
        self.attendance.seat_taken(row)
        if sid is not None:
            self.connect(row.id, sid)
        return self.room.seats[row.id]

    def connect(self, participant: str, sid: str) -> Seat:
        """Let a connection take a seat."""
        ticket = self.tickets.read(self.tickets.issue_student("r1", participant), "student")
        room, seat = self.attendance.arrive(ticket, sid)
        self.attendance.welcome(room, seat)
        return seat

    def admitted(self, name: str = "Zoé", sid: str = "s1") -> Seat:
        """Give a student a seat, a connection and entry."""
        seat = self.student(name, sid)
        self.attendance.ready(seat)
        return seat

    def phone(self, seat: Seat, role: str, sid: str | None = None) -> Phone:
        """Pair a phone with a student's seat by its code and, with `sid`, let it connect."""
        invited = self.pairing.invite(seat, role)
        self.pairing.join_by_code(invited["code"])
        phone = seat.phones[role]
        if sid is not None:
            self.connect_phone(phone.id, sid)
        return phone

    def connect_phone(self, phone_id: str, sid: str) -> Phone:
        """Let a connection speak for a phone."""
        ticket = self.tickets.read(self.tickets.issue_phone("r1", phone_id), "phone")
        room, seat, phone = self.phones.arrive(ticket, sid)
        self.phones.welcome(room, seat, phone)
        return phone

    def change(self, settings: RoomSettings) -> None:
        """Give the room other settings, as its form does."""
        with self.database.session() as session:
            row = session.get(Room, "r1")
            assert row is not None
            row.settings = settings.to_json()
        self.conductor.room_changed(row)

    def teacher(self, sid: str = "t1") -> TeacherLink:
        """Open the teacher's live page."""
        ticket = self.tickets.read(self.tickets.issue_teacher("r1", 1, 1), "teacher")
        room, link = self.audience.arrive(ticket, sid)
        self.audience.welcome(room, link)
        return link

    def alert(self, seat: Seat, **changed: Any) -> Alert:
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
        return Alert(room="r1", participant=seat.id, **values)

    def told(self, sid: str, event: str, namespace: str = "/teacher") -> list[Any]:
        """What a connection was sent under one name."""
        return self.sockets.events(namespace, sid, event)
