"""An exam that has just ended, in the database of a site: three students, alerts, pauses, an outage and a phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core.attendance import Attendance
from store.alerts import AlertRow
from store.attendance import AttendanceSpan
from store.messages import Message
from store.rooms import ParticipantRow, Room
from store.session import Database

ANNA, BEN, ZOE = "anna", "ben", "zoe"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


class PastExam:
    """Writes rows; times in minutes after the start, which was an hour and a half before `now`."""

    def __init__(self, database: Database, room_id: str, now: float) -> None:
        self.database, self.room_id = database, room_id
        self.begin = datetime.fromtimestamp(now, UTC) - timedelta(minutes=90)

    def at(self, minutes: float) -> datetime:
        return self.begin + timedelta(minutes=minutes)

    def keep(self) -> PastExam:
        """Write all of it; the room has ended then."""
        with self.database.session() as session:
            room = session.get_one(Room, self.room_id)
            room.started_at, room.ended_at, room.state = self.at(0), self.at(60), "ended"
            session.add_all(self.people())
            session.flush()
            session.add_all([*self.stretches(), *self.alerts(), *self.messages()])
        return self

    def id(self, name: str) -> str:
        """Ids are unique over rooms."""
        return f"{name}-{self.room_id}"[:32]

    def people(self) -> list[ParticipantRow]:
        values = {"room_id": self.room_id, "state": "admitted", "joined_at": self.at(-8), "arrived_at": self.at(-8)}
        left = {**values, "state": "left", "left_at": self.at(48)}
        return [
            ParticipantRow(id=self.id(ANNA), name="Anna Kowalska", **values),
            ParticipantRow(id=self.id(BEN), name="=Ben & <b>Söhne</b>", **left),
            ParticipantRow(id=self.id(ZOE), name="Zoé Martin", **values),
            ParticipantRow(id=self.id("gil"), name="Gil Weiss", **{**values, "state": "checking", "arrived_at": None}),
        ]

    def stretches(self) -> list[AttendanceSpan]:
        whole, seen = [(0, 20), (25, 60)], Attendance.SEEN
        return [
            *(self.stretch(None, Attendance.RUNNING, *one) for one in whole),
            self.stretch(None, Attendance.PAUSED, 20, 25),
            *self.stretches_of(ANNA, (seen, 0, 20), ("present", 20, 25), (seen, 25, 60)),
            *self.stretches_of(BEN, (seen, 0, 15), ("no_camera", 15, 20), (seen, 30, 48)),
            *self.stretches_of(ZOE, (seen, 0, 20), ("unclear", 25, 31), (seen, 31, 60)),
            self.stretch(ZOE, Attendance.SENDING, 0, 41, "arm"),
            self.stretch(ZOE, Attendance.SILENT, 41, 47, "arm"),
        ]

    def stretches_of(self, who: str, *some: tuple[str, float, float]) -> list[AttendanceSpan]:
        return [self.stretch(who, state, begin, end) for state, begin, end in some]

    def stretch(self, who: str | None, state: str, begin: float, end: float, channel: str = "webcam") -> AttendanceSpan:
        return AttendanceSpan(
            id=f"{who}{channel[:3]}{begin}{self.room_id}"[:32],
            room_id=self.room_id,
            participant_id=who and self.id(who),
            channel=channel if who else "room",
            state=state,
            began_at=self.at(begin),
            until=self.at(end),
        )

    def alerts(self) -> list[AlertRow]:
        right: dict[str, Any] = {"verdict": "acknowledged", "handled_by": 1, "handled_at": self.at(34)}
        wrong: dict[str, Any] = {"verdict": "dismissed", "handled_by": 1, "handled_at": self.at(70)}
        phone = {"kind": "PHONE_DETECTED", "severity": "critical", "text": "Seen for %(seconds)s s."}
        return [
            self.alert("z1", ZOE, 32, 34, **phone, note="-1 on the desk, face up", **right),
            self.alert("z2", ZOE, 33, 36, evidence="z2.jpg"),
            self.alert("z3", ZOE, 44, None, kind="PAGE_HIDDEN", severity="notice"),
            self.alert("b1", BEN, 3, 4, incident_id="b1", **wrong),
            self.alert("b2", BEN, 4.5, 5, incident_id="b1"),
        ]

    def alert(self, id: str, who: str, begin: float, end: float | None, **changed: Any) -> AlertRow:
        values: dict[str, Any] = {
            "kind": "FACE_NOT_FOUND",
            "severity": "warning",
            "text": "No face was found for %(seconds)s s (limit %(limit)s s).",
            "verdict": "new",
            "note": "",
            **changed,
        }
        return AlertRow(
            id=self.id(id),
            room_id=self.room_id,
            participant_id=self.id(who),
            channel="webcam",
            numbers={"seconds": 12.5, "limit": 10},
            started_at=self.at(begin),
            raised_at=self.at(begin + 0.2),
            ended_at=None if end is None else self.at(end),
            **values,
        )

    def messages(self) -> list[Message]:
        values: dict[str, Any] = {"room_id": self.room_id, "sender_name": "Zoé", "sent_at": self.at(9), "text": "?"}
        return [
            Message(client_id="m1", sender_kind="student", sender_id=self.id(ZOE), to_kind="teachers", **values),
            Message(
                client_id="m2", sender_kind="teacher", sender_id="1", to_kind="student", to_id=self.id(ZOE), **values
            ),
        ]
