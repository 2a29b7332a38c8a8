"""One teacher does not fill the server, and nobody's papers keep another's from being read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.clock import FakeClock
from core.errors import Busy, UserError
from rooms.setup import quotas
from rooms.setup.exam_paper import Exam
from rooms.setup.quotas import OPEN_ROOMS, PAPERS_BURST, PaperTurns
from rooms.setup.room_records import change_state, create_room, update_room
from rooms.setup.room_settings import RoomSettings
from store.rooms import Room
from store.session import Database
from tests.store import template
from tests.store.makers import MOMENT, make_user

ANA, BEN = 1, 2


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Session]:
    """A session in which two teachers have accounts."""
    database = Database(template.copy_to(tmp_path / "quotas.db"))
    with database.session() as session:
        session.add_all([make_user(id=ANA), make_user("ben@school.example", id=BEN)])
        session.flush()
        yield session
    database.close()


def make(db: Session, owner: int = ANA, paper: bytes | None = None) -> Room:
    exam = Exam() if paper is None else Exam("pdf", "exam.pdf", paper)
    return create_room(db, owner, "Algebra", RoomSettings(), exam, MOMENT)


def test_a_teacher_has_so_many_open_rooms_and_an_ended_one_makes_place(db: Session) -> None:
    made = [make(db) for _ in range(OPEN_ROOMS)]
    with pytest.raises(UserError, match="too_many_rooms"):
        make(db)
    make(db, BEN)
    change_state(db, made[0].id, "ended", MOMENT)
    make(db)


def test_rooms_that_have_ended_and_stay_are_counted_too(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "ROOMS", 3)
    for _ in range(3):
        change_state(db, make(db).id, "ended", MOMENT)
    with pytest.raises(UserError, match="too_many_rooms"):
        make(db)
    make(db, BEN)


def test_the_papers_of_a_teacher_have_a_size_together(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "PAPER_BYTES", 100)
    first, second = make(db, paper=b"x" * 60), make(db)
    with pytest.raises(UserError, match="papers_full"):
        make(db, paper=b"x" * 41)
    with pytest.raises(UserError, match="papers_full"):
        update_room(db, second.id, "T", RoomSettings(), Exam("pdf", "b.pdf", b"x" * 41))
    update_room(db, first.id, "T", RoomSettings(), Exam("pdf", "a.pdf", b"x" * 100))
    make(db, BEN, b"x" * 100)
    update_room(db, second.id, "T", RoomSettings(), Exam.of_link("https://a.example"))


def test_a_teacher_reads_one_paper_at_a_time() -> None:
    turns = PaperTurns(FakeClock())
    with turns.turn(ANA):
        with pytest.raises(Busy, match="too_fast"), turns.turn(ANA):
            pass
        with turns.turn(BEN):
            pass
    with turns.turn(ANA):
        pass


def test_where_all_places_are_taken_a_paper_waits_and_is_then_told_when_to_come_back() -> None:
    turns = PaperTurns(FakeClock(), at_once=1, seconds=0.01)
    with turns.turn(ANA):
        with pytest.raises(Busy) as refused, turns.turn(BEN):
            pass
        assert refused.value.retry_after > 0
    with turns.turn(BEN):
        pass
    patient, entered = PaperTurns(FakeClock(), at_once=1, seconds=30.0), threading.Event()

    def wait() -> None:
        with patient.turn(BEN):
            entered.set()

    waiting = threading.Thread(target=wait)
    with patient.turn(ANA):
        waiting.start()
        assert not entered.is_set()
    waiting.join(30)
    assert entered.is_set()


def test_papers_come_no_faster_than_a_teacher_writes_them() -> None:
    clock = FakeClock()
    turns = PaperTurns(clock)
    for _ in range(PAPERS_BURST):
        with turns.turn(ANA):
            pass
    with pytest.raises(Busy), turns.turn(ANA):
        pass
    clock.advance(60)
    with turns.turn(ANA):
        pass
