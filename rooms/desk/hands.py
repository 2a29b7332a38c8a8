"""Raised hands and breaks: a student asks with a reason, a teacher answers, and nothing is judged during a break."""

from collections.abc import Callable
from dataclasses import asdict, replace

from core.errors import UserError
from rooms.live.components import Hand
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.live.views import hand_view
from rooms.protocol.objects import HandView
from rooms.setup.states import GONE, RoomState
from store.rooms import ParticipantRow


class Hands:
    """Keeps each student's hand and break, tells student and teachers, and has the rules follow."""

    def __init__(
        self,
        context: RoomContext,
        rules_changed: Callable[[LiveRoom], None],
        report_state: Callable[[LiveRoom, Student], None],
    ) -> None:
        self._broadcaster = context.broadcaster
        self._database = context.database
        self._directory = context.directory
        self._event_log = context.event_log
        self._clock = context.clock
        self._rules_changed = rules_changed
        self._report_state = report_state
        for signal in (context.signals.students.left, context.signals.students.removed):
            signal.connect(self._went)

    def raise_hand(self, student: Student, reason: str) -> HandView:
        """Have a student ask for a teacher, also for another reason than before; UserError `room_ended`."""
        room = self._room(student)
        self._keep(room, student, replace(student.hand, reason=reason, since=self._clock.now(), seen_by=""))
        self._event_log.note("hand-raised", room=room.code, student=student.name, reason=reason)
        return self._tell(room, student)

    def lower_hand(self, student: Student) -> HandView:
        """Have a student take the wish back, or come back from a break; UserError `room_ended`."""
        room = self._room(student)
        if student.hand.break_since is not None:
            return self._end_break(room, student, student.name)
        self._keep(room, student, Hand())
        return self._tell(room, student)

    def answer(self, room: LiveRoom, participant: str, answer: str, by: str) -> HandView:
        """Take what a teacher does about a hand: `seen`, `break` (allowed from now on) or `down` (done, or over).

        Raises:
            UserError: `unknown_participant`; `bad_move` for a break outside a running exam.
        """
        student = room.students.get(participant)
        if student is None or student.state in GONE:
            raise UserError("unknown_participant", "This person is not in the room.")
        if answer == "break":
            return self._begin_break(room, student, by)
        if answer == "down" and student.hand.break_since is not None:
            return self._end_break(room, student, by)
        seen = replace(student.hand, seen_by=by) if student.hand.reason is not None else student.hand
        self._keep(room, student, seen if answer == "seen" else Hand())
        self._event_log.note("hand-answered", room=room.code, student=student.name, answer=answer, by=by)
        return self._tell(room, student)

    def _begin_break(self, room: LiveRoom, student: Student, by: str) -> HandView:
        if room.state != RoomState.RUNNING:
            raise UserError("bad_move", "A break is given while the exam runs.")
        if student.hand.break_since is None:
            self._keep(room, student, Hand(break_since=self._clock.now()))
            self._event_log.note("break-begun", room=room.code, student=student.name, by=by)
            self._rules_changed(room)
        return self._tell(room, student)

    def _end_break(self, room: LiveRoom, student: Student, by: str) -> HandView:
        lasted = self._clock.now() - (student.hand.break_since or self._clock.now())
        self._keep(room, student, Hand())
        self._event_log.note("break-ended", room=room.code, student=student.name, seconds=round(lasted), by=by)
        self._rules_changed(room)
        # what was not judged during the break is from now on: a camera that is still off, a page in the background
        self._report_state(room, student)
        return self._tell(room, student)

    def _keep(self, room: LiveRoom, student: Student, hand: Hand) -> None:
        with self._database.session() as session:
            row = session.get(ParticipantRow, student.id)
            if row is not None:
                row.hand = None if hand == Hand() else asdict(hand)
        student.hand = hand
        self._broadcaster.participant_changed(room, student)

    def _tell(self, room: LiveRoom, student: Student) -> HandView:
        told = hand_view(student)
        self._broadcaster.to_participant(student, "hand", told)
        return told

    def _went(self, room: LiveRoom, participant: Student) -> None:
        if participant.hand != Hand():
            self._keep(room, participant, Hand())

    def _room(self, student: Student) -> LiveRoom:
        room = self._directory.room(student.room)
        if room is None or room.state == RoomState.ENDED:
            raise UserError("room_ended", "This room has ended.")
        return room
