"""The report of a room is made as PDF, for the teacher who asked for it, who is told when it is ready."""

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from accounts.languages import catalogue
from core.delivery.attempts import GivenUp, Keep, TryLater
from core.delivery.notices import NOTICE_JOB, Notice, NoticeKind
from core.errors import UserError
from core.text_keys import N_
from jobs.base import JobKind, Task
from jobs.ground import Ground
from reports.making import room_report
from reports.paper.facts import paper_facts
from reports.paper.order import REPORT_JOB, paper_file
from reports.paper.pictures import pictures_of
from reports.paper.process import pdf_of
from reports.records import records_of
from reports.words import Words
from store.delivery.outbox import enqueue
from store.rooms import Room

SECONDS = 300.0
"""Nobody waits at a page for it."""
READ, SAID = 15, 40
"""Percent of the way: the rows are read, everything is in words; setting it on paper is the rest."""


def run(ground: Ground, task: Task) -> Keep:
    """Make the file; the same place again takes the newer one."""
    room_id, person, locale = str(task.payload["room"]), int(task.payload["person"]), str(task.payload["locale"])
    now = datetime.fromtimestamp(ground.clock.now(), UTC)
    with ground.database.read() as session:
        room = session.get(Room, room_id)
        if room is None:
            raise GivenUp("the room was deleted")
        report = room_report(records_of(session, room), now)
    task.progress(READ)
    folder, texts = (ground.settings.data_dir / "evidence" / room_id).resolve(), catalogue(locale)
    words = Words(lambda text: texts.get(text, text), locale, ground.rules)
    pictures = pictures_of(report, lambda name: folder / name)
    facts = paper_facts(report, words, pictures)
    task.progress(SAID)
    try:
        _write(folder / paper_file(person), pdf_of(facts, pictures, SECONDS))
    except UserError as error:
        raise GivenUp(error.text) from error
    except OSError as error:
        raise TryLater(f"the report cannot be written: {error.strerror or error}") from error
    ground.event_log.note("report-made", room=room.code, students=len(report.students), pictures=len(pictures))
    return lambda session: _tell(session, room_id, person, now)


def _write(path: Path, content: bytes) -> None:
    """Write it whole or not at all, among the room's evidence, with which it is deleted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _tell(session: Session, room_id: str, person: int, now: datetime) -> None:
    notice = Notice(kind=NoticeKind.REPORT_READY, at=now.timestamp(), room=room_id, person=person)
    enqueue(session, NOTICE_JOB, notice.payload(), now)


KIND = JobKind(REPORT_JOB, N_("Making a report"), run, attempts=3, is_slow=True)
