"""A report that was ordered: which job makes it, for whom, and where it lies when it is ready."""

from datetime import datetime

from sqlalchemy.orm import Session

from store.delivery.outbox import WAITING, JobRow, enqueue, last_about

REPORT_JOB = "report"
"""The kind of job that makes it (jobs/kinds/report.py)."""


def order_report(session: Session, room_id: str, person: int, locale: str, now: datetime) -> JobRow:
    """Have a report made for a person; one that is being made already is not ordered again."""
    known = last_order(session, room_id, person)
    if known is not None and known.state == WAITING:
        return known
    payload = {"room": room_id, "person": person, "locale": locale}
    row = enqueue(session, REPORT_JOB, payload, now, subject=_subject(room_id, person))
    session.flush()
    return row


def last_order(session: Session, room_id: str, person: int) -> JobRow | None:
    """Return the last order of a person for a room."""
    return last_about(session, _subject(room_id, person))


def paper_file(person: int) -> str:
    """Return the name of the file among the room's evidence; each person has one, in their own language."""
    return f"report-{person}.pdf"


def _subject(room_id: str, person: int) -> str:
    return f"{REPORT_JOB}/{room_id}/{person}"
