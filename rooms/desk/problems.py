"""Students report that something does not work; a teacher answers in the chat, and says when it is solved."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from core.errors import UserError
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from rooms.live.views import milliseconds
from rooms.protocol.events import TEACHER
from rooms.protocol.objects import ProblemView
from rooms.protocol.text_cleaning import clean_text, has_word
from rooms.setup.states import RoomState
from store.desk import ProblemRow, problems_of

MOST_TEXT = 500
"""Characters."""
MOST_PROBLEMS = 30
"""Of one student in one exam."""


class Problems:
    """Keeps problem reports and tells both sides of them."""

    def __init__(self, context: RoomContext) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        context.signals.teacher_joined.connect(self._welcome)
        context.signals.students.joined.connect(self._tell_student)

    def report(self, student: Student, category: str, text: str) -> list[ProblemView]:
        """Keep a report and return all of the student's; UserError for its text, `too_many_problems`, `room_ended`."""
        room = self._directory.room(student.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        said = _checked(text)
        with self._database.session() as session:
            if len(problems_of(session, room.id, student.id)) >= MOST_PROBLEMS:
                raise UserError("too_many_problems", "You have reported enough. Please raise your hand.")
            row = ProblemRow(
                id=uuid.uuid4().hex,
                room_id=room.id,
                participant_id=student.id,
                category=category,
                text=said,
                at=self._now(),
                solved_by="",
                solved_at=None,
            )
            session.add(row)
        self._event_log.note("problem-reported", room=room.code, student=student.name, category=category)
        return self._tell(room, student, row)

    def solve(self, room: LiveRoom, problem: str, solved: bool, by: str) -> ProblemView:
        """Say that a problem is solved, or not after all; UserError `unknown_problem`, StoreUnavailable."""
        with self._database.session() as session:
            row = session.get(ProblemRow, problem)
            if row is None or row.room_id != room.id:
                raise UserError("unknown_problem", "This report is not in the room.")
            row.solved_by, row.solved_at = (by, self._now()) if solved else ("", None)
        self._event_log.note(
            "problem-solved" if solved else "problem-open-again", room=room.code, problem=problem, by=by
        )
        self._tell(room, room.students.get(row.participant_id), row)
        return problem_view(row)

    def _tell(self, room: LiveRoom, student: Student | None, row: ProblemRow) -> list[ProblemView]:
        self._broadcaster.to_teachers(room, "problems", {"problems": [problem_view(row)]})
        return self._tell_student(room, student) if student is not None else []

    def _tell_student(self, room: LiveRoom, participant: Student) -> list[ProblemView]:
        with self._database.read() as session:
            views = _views(problems_of(session, room.id, participant.id))
        self._broadcaster.to_participant(participant, "problems", {"problems": views})
        return views

    def _welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        with self._database.read() as session:
            views = _views(problems_of(session, room.id))
        self._broadcaster.to_sid(TEACHER, link.sid, "problems", {"problems": views})

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)


def problem_view(row: ProblemRow) -> ProblemView:
    """Return a problem report as both sides see it."""
    return {
        "id": row.id,
        "participant": row.participant_id,
        "category": row.category,
        "text": row.text,
        "at": milliseconds(row.at),
        "solved_by": row.solved_by,
        "solved_at": milliseconds(row.solved_at),
    }


def _views(rows: Sequence[ProblemRow]) -> list[ProblemView]:
    return [problem_view(row) for row in rows]


def _checked(text: str) -> str:
    said = clean_text(text)
    if not has_word(said):
        raise UserError("problem_empty", "Please say in a few words what does not work.")
    if len(said) > MOST_TEXT:
        raise UserError("problem_too_long", "At most %(most)d characters, please.", most=MOST_TEXT)
    return said
