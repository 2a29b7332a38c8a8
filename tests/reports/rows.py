"""Rows of one exam: begun at 9:00, an hour long; tests say times in minutes after its start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.attendance import Attendance
from detection.runtime.catalogue import rule_catalogue
from reports.records import RoomRecords
from reports.spans import Span
from reports.words import Words
from store.alerts import AlertRow
from store.attendance import AttendanceSpan
from store.rooms import ParticipantRow
from tests.store.makers import MOMENT, make_room

HOUR = 60.0


def at(minutes: float) -> datetime:
    """The moment so many minutes after the start."""
    return MOMENT + timedelta(minutes=minutes)


def span(begin: float, end: float) -> Span:
    """A stretch of time."""
    return Span(at(begin), at(end))


def student(id: str = "zoe", **changed: Any) -> ParticipantRow:
    """Somebody who came before the start, was let in and stayed."""
    values = {"name": id.title(), "state": "admitted", "joined_at": at(-10), "arrived_at": at(-10), **changed}
    return ParticipantRow(id=id, room_id="r1", **values)


def stretch(who: str | None, state: str, begin: float, end: float, channel: str = "") -> AttendanceSpan:
    """A stretch of somebody, or of the room."""
    channel = channel or ("webcam" if who else "room")
    values = {"id": f"{who}-{channel}-{begin}", "room_id": "r1", "participant_id": who, "channel": channel}
    return AttendanceSpan(state=state, began_at=at(begin), until=at(end), **values)


def alert(id: str = "a1", who: str = "zoe", begin: float = 10.0, end: float | None = 11.0, **changed: Any) -> AlertRow:
    """An alert that nobody judged."""
    values: dict[str, Any] = {
        "kind": "FACE_NOT_FOUND",
        "severity": "warning",
        "channel": "webcam",
        "text": "No face for %(seconds)s s.",
        "numbers": {"seconds": 5.25},
        "started_at": at(begin),
        "raised_at": at(begin + 0.1),
        "ended_at": None if end is None else at(end),
        "verdict": "new",
        "note": "",
        **changed,
    }
    return AlertRow(id=id, room_id="r1", participant_id=who, **values)


def records(**changed: Any) -> RoomRecords:
    """An exam of one student who was seen all the time."""
    room = make_room(state="ended", started_at=at(0), ended_at=at(HOUR))
    values: Mapping[str, Any] = {
        "room": room,
        "teachers": ["Ana"],
        "participants": [student()],
        "attendance": [
            stretch(None, Attendance.RUNNING, 0, HOUR),
            stretch("zoe", Attendance.SEEN, 0, HOUR),
        ],
        **changed,
    }
    return RoomRecords(**values)


def words(language: Mapping[str, str] | None = None, locale: str = "en") -> Words:
    """Words of a language that is a plain mapping."""
    texts = language or {}
    return Words(lambda text: texts.get(text, text), locale, rule_catalogue())
