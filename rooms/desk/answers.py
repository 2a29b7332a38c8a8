"""Students answer incidents about themselves: during the exam where the room says so, and afterwards; no edits."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from core.errors import UserError
from rooms.desk.own_incidents import MOST_ANSWERS, Labels, answer_view, check_answer, may_be_answered, own_incidents
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from rooms.protocol.events import TEACHER
from rooms.protocol.objects import OwnIncidentView
from store.alerts import AlertRow, all_alerts
from store.desk import AnswerRow, answers_of
from store.errors import StoreUnavailable
from store.rooms import Room

Journal = Callable[[str, str, Mapping[str, object], str], object]


class Answers:
    """Keeps answers, shows students what they may answer, and teachers what was answered.

    It hears of alerts as a listener of the alert service.
    """

    def __init__(self, context: RoomContext, labels: Labels, journal: Journal) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._labels = labels
        self._journal = journal
        context.signals.teacher_joined.connect(self._welcome)
        context.signals.students.joined.connect(self._tell_student)

    def answer(self, student: Student, incident: str, text: str) -> list[OwnIncidentView]:
        """Keep an answer given during the exam, and return what the student may see; UserError `not_wanted`, `keep`."""
        room = self._directory.room(student.room)
        if room is None or not room.settings.answers:
            raise UserError("not_wanted", "In this exam alerts are answered after its end.")
        self.keep(room.id, student.id, incident, text)
        return self.of(room.id, student.id)

    def keep(self, room_id: str, participant: str, incident: str, text: str) -> None:
        """Keep an answer and tell teachers whose page is open.

        Raises:
            UserError: `unknown_incident` for one that is not about the student; `answer_empty`, `answer_too_long`,
                `too_many_answers`. StoreUnavailable.
        """
        said = check_answer(text)
        with self._database.session() as session:
            session.get(Room, room_id, with_for_update=True)  # of two at once, the second is counted too
            known = [row for row in answers_of(session, room_id, participant) if row.incident_id == incident]
            if not any(_is_about(row, participant, incident) for row in all_alerts(session, room_id)):
                raise UserError("unknown_incident", "There is no such alert about you.")
            if len(known) >= MOST_ANSWERS:
                raise UserError("too_many_answers", "You have written %(most)d times about this.", most=MOST_ANSWERS)
            row = AnswerRow(
                id=uuid.uuid4().hex,
                room_id=room_id,
                participant_id=participant,
                incident_id=incident,
                text=said,
                at=datetime.fromtimestamp(self._clock.now(), UTC),
            )
            session.add(row)
        self._journal(room_id, "answer", {"incident": incident, "text": said}, participant)
        room = self._directory.room(room_id)
        if room is not None:
            self._event_log.note("answer", room=room.code, participant=participant, length=len(said))
            self._broadcaster.to_teachers(room, "answers", {"answers": [answer_view(row)]})

    def of(self, room_id: str, participant: str, new: AlertRow | None = None) -> list[OwnIncidentView]:
        """Return the incidents about a student with the answers; `new` is an alert that may not be kept yet."""
        with self._database.read() as session:
            kept = {row.id: row for row in all_alerts(session, room_id) if row.participant_id == participant}
            alerts = {**kept, **({new.id: new} if new is not None else {})}.values()
            return own_incidents(alerts, answers_of(session, room_id, participant), self._labels)

    def alert_changed(self, room: LiveRoom, row: AlertRow) -> None:
        """Show a student a new alert, where the room lets students answer during the exam."""
        student = room.students.get(row.participant_id)
        if student is not None and student.online:
            with suppress(StoreUnavailable):  # people are told of an alert whatever becomes of its answers
                self._tell_student(room, student, row)

    def _tell_student(self, room: LiveRoom, participant: Student, new: AlertRow | None = None) -> None:
        if room.settings.answers:
            told = {"incidents": self.of(room.id, participant.id, new)}
            self._broadcaster.to_participant(participant, "incidents", told)

    def _welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        with self._database.read() as session:
            views = [answer_view(row) for row in answers_of(session, room.id)]
        self._broadcaster.to_sid(TEACHER, link.sid, "answers", {"answers": views})


def _is_about(row: AlertRow, participant: str, incident: str) -> bool:
    is_own = row.participant_id == participant and (row.incident_id or row.id) == incident
    return is_own and may_be_answered(row)
