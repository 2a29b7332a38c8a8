"""How long the report of a room takes as PDF: rows, words, pictures and paper, as the process of jobs makes it."""

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from detection.runtime.catalogue import rule_catalogue
from reports.making import room_report
from reports.paper.facts import paper_facts
from reports.paper.process import pdf_of
from reports.records import records_of
from reports.words import Words
from settings import load_settings
from simulation.example_room import seed_room
from simulation.pictures import Camera, Scene
from store.alerts import AlertRow
from store.attendance import AttendanceSpan
from store.rooms import ParticipantRow, Room
from store.session import Database

STUDENTS, ALERTS = 40, 12
"""Alerts of each student, each with its picture."""
LASTED = timedelta(hours=2)
KINDS = ("LOOKING_AWAY", "PAGE_HIDDEN", "TALKING", "PHONE_DETECTED", "FACE_NOT_FOUND")
TURNS = 3


def paper_seconds() -> list[float]:
    """Return for some turns how long the report of 40 students takes, from its rows to the bytes of the file."""
    with tempfile.TemporaryDirectory(prefix="examonitor-bench-") as folder:
        settings = load_settings({}, data_dir=Path(folder))
        names = [f"Student {number}" for number in range(1, STUDENTS + 1)]
        room = seed_room(settings, names, state="running", admitted=STUDENTS)
        database = Database(settings.database())
        try:
            pictures = _fill(database, room.id, Path(folder))
            return [_turn(database, room.id, pictures) for _ in range(TURNS)]
        finally:
            database.close()


def _turn(database: Database, room_id: str, pictures: dict[str, Path]) -> float:
    started = time.perf_counter()
    words = Words(str, "en", rule_catalogue())
    with database.read() as session:
        report = room_report(records_of(session, session.get_one(Room, room_id)), datetime.now(UTC))
    pdf_of(paper_facts(report, words, pictures), pictures)
    return time.perf_counter() - started


def _fill(database: Database, room_id: str, folder: Path) -> dict[str, Path]:
    """Give a room two hours with alerts, and return the picture of each."""
    chance, end, pictures = random.Random(3), datetime.now(UTC), dict[str, Path]()
    jpegs = [Camera(number, f"Student {number}").jpeg(Scene.PRESENT, 1.0) for number in range(5)]
    begin = end - LASTED
    with database.session() as session:
        room = session.get_one(Room, room_id)
        room.state, room.started_at, room.ended_at = "ended", begin, end
        session.add(_span(room_id, None, "running", begin, end))
        for student in session.query(ParticipantRow).filter_by(room_id=room_id):
            student.arrived_at = begin
            session.add(_span(room_id, student.id, "seen", begin, end))
            for _ in range(ALERTS):
                alert = _alert(room_id, student.id, begin + chance.random() * LASTED, chance)
                pictures[alert.id] = folder / f"{alert.id}.jpg"
                pictures[alert.id].write_bytes(chance.choice(jpegs))
                session.add(alert)
    return pictures


def _span(room_id: str, student: str | None, state: str, begin: datetime, end: datetime) -> AttendanceSpan:
    channel = "webcam" if student else "room"
    return AttendanceSpan(
        id=uuid4().hex,
        room_id=room_id,
        participant_id=student,
        channel=channel,
        state=state,
        began_at=begin,
        until=end,
    )


def _alert(room_id: str, student: str, at: datetime, chance: random.Random) -> AlertRow:
    name = uuid4().hex
    return AlertRow(
        id=name,
        room_id=room_id,
        participant_id=student,
        kind=chance.choice(KINDS),
        severity="warning",
        text="Raised by a benchmark.",
        numbers={},
        started_at=at,
        raised_at=at,
        ended_at=at + timedelta(seconds=20),
        evidence=f"{name}.jpg",
        verdict=chance.choice(("new", "acknowledged", "dismissed")),
        incident_id=name,
    )
