"""What teachers do about students: asked for, delivered, acknowledged, undone; kept, and told to both sides."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError

from core.errors import UserError
from rooms.actions.flags import Flags
from rooms.actions.orders import FLAG, TERMINATE, Wish, applies_to, can_be_undone, check_wish, refuse_ended
from rooms.actions.rows import action_row, after_all, open_action, step_row
from rooms.actions.views import action_view, news_view
from rooms.live.components import Standing
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom, TeacherLink
from rooms.live.participant import Student
from rooms.live.standing import standings_in
from rooms.live.views import own_standing_view
from rooms.protocol.events import TEACHER
from rooms.protocol.objects import ActionView
from rooms.setup.states import ParticipantState, RoomState
from store.desk import ActionRow, action_steps_of, actions_of
from store.rooms import teachers_of

REMOVED = ParticipantState.REMOVED
MOST_TOLD = 300
"""Actions that a teacher's page is given when it comes, the newest."""
Journal = Callable[[str, str, Mapping[str, object], str], object]
"""Keeps facts in the chain of a room: room, kind of entry, facts, student."""


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What actions lead to elsewhere."""

    rules_changed: Callable[[LiveRoom], None]
    report_state: Callable[[LiveRoom, Student], None]
    tell_exam: Callable[[LiveRoom, Student], None]
    remove: Callable[[LiveRoom, str, str], None]
    """Takes a student out of the room for good, in somebody's name."""
    journal: Journal


class Actions:
    """Takes what teachers do, one student or many at once."""

    def __init__(self, context: RoomContext, flags: Flags, effects: Effects) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._event_log = context.event_log
        self._clock = context.clock
        self._flags = flags
        self._effects = effects
        context.signals.teacher_joined.connect(self._welcome)
        context.signals.students.joined.connect(self._tell_student)

    def act(self, room: LiveRoom, link: TeacherLink, participants: Sequence[str], wish: Wish) -> list[ActionView]:
        """Do something about some students and return the actions; those it does not apply to now are left out.

        Raises:
            UserError: `unknown_participant` for any that is not in the room, and nothing is done; `bad_move` where it
                applies to none; `room_ended`; `no_second_person` for an end that nobody could confirm.
            ProtocolError: what no page would send. StoreUnavailable.
        """
        check_wish(wish)
        refuse_ended(room)
        students = [_student(room, one) for one in dict.fromkeys(participants)]
        rows = self._keep(room, link, students, wish)
        for row in rows:
            self._note(room, row, "asked", link.name)
        self._apply(room, {row.participant_id for row in rows})
        if wish.verb == FLAG:
            for row in rows:
                self._flags.raise_(room, room.students[row.participant_id], row)
        return self._tell(room, [row.id for row in rows])

    def undo(self, room: LiveRoom, link: TeacherLink, action: str) -> list[ActionView]:
        """Undo an own action of the last seconds; UserError `unknown_action`, `too_late`, StoreUnavailable."""
        with self._database.session() as session:
            row, done = open_action(session, room, action)
            if row.person_id != link.person or not can_be_undone(row.at.timestamp(), self._clock.now()) or done:
                raise UserError("too_late", "This can no longer be undone.")
            session.add(step_row(row, "undone", self._now(), (link.person, link.name)))
        return self._became(room, row, "undone", link.name)

    def decide(self, room: LiveRoom, link: TeacherLink, action: str, agrees: bool) -> list[ActionView]:
        """Confirm the end of an exam that somebody else asked for, or refuse it, as the one who asked may too.

        Raises:
            UserError: `unknown_action`; `same_person` who asked for it; `too_late` once it was decided.
        """
        step = "confirmed" if agrees else "refused"
        with self._database.session() as session:
            row, done = open_action(session, room, action)
            if row.verb != TERMINATE or done:
                raise UserError("too_late", "This was decided already.")
            if agrees and row.person_id == link.person:
                raise UserError("same_person", "Somebody else must confirm this: you asked for it.")
            session.add(step_row(row, step, self._now(), (link.person, link.name), row.person_id if agrees else None))
        told = self._became(room, row, step, link.name)
        if agrees and room.state != RoomState.ENDED and room.students[row.participant_id].state != REMOVED:
            self._effects.remove(room, row.participant_id, link.name)
        return told

    def took(self, student: Student, actions: Collection[str], step: str) -> None:
        """Know that a student's page has shown actions (`delivered`), or that the student read them."""
        room = self._directory.room(student.room)
        if room is None:
            return
        try:
            with self._database.session() as session:
                own = {row.id: row for row in actions_of(session, room.id, [student.id]) if row.id in actions}
                known = {one.action_id for one in action_steps_of(session, list(own)) if one.step == step}
                session.add_all([step_row(row, step, self._now()) for key, row in own.items() if key not in known])
        except IntegrityError:  # two pages of the student said so at the same moment
            return
        if new := own.keys() - known:
            self._tell(room, new)
            self._tell_student(room, student)

    def _keep(self, room: LiveRoom, link: TeacherLink, students: Sequence[Student], wish: Wish) -> list[ActionRow]:
        with self._database.session() as session:
            if wish.verb == TERMINATE and len(teachers_of(session, room.id)) < 2:
                raise UserError(
                    "no_second_person",
                    "A second teacher must confirm this, and this room has none. Invite one, or remove the student.",
                )
            before = actions_of(session, room.id)
            known = {row.participant_id for row in before if row.client_id == wish.client_id}
            if known & {student.id for student in students}:
                return []  # asked for again, as after a lost answer
            at = after_all(self._now(), before)
            rows = [action_row(room, link, one, wish, at) for one in students if applies_to(wish.verb, room, one)]
            if not rows:
                raise UserError("bad_move", "This cannot be done now for whom you chose.")
            session.add_all(rows)
        return rows

    def _became(self, room: LiveRoom, row: ActionRow, step: str, by: str) -> list[ActionView]:
        self._note(room, row, step, by)
        if row.verb == FLAG:
            self._flags.take_back(room, row.id)
        self._apply(room, {row.participant_id})
        return self._tell(room, [row.id])

    def _apply(self, room: LiveRoom, participants: Collection[str]) -> None:
        """Have students, rules and pages follow what was kept."""
        with self._database.read() as session:
            standings = standings_in(session, room.id, participants)
        students = [room.students[one] for one in participants if one in room.students]
        changed = []
        for student in students:
            was_held, student.standing = student.standing.is_held, standings.get(student.id, Standing())
            if was_held != student.standing.is_held:
                changed.append(student)
            self._broadcaster.participant_changed(room, student)
        self._tell_students(room, students)
        if changed:
            self._effects.rules_changed(room)
        for student in changed:
            self._effects.tell_exam(room, student)
            if not student.standing.is_held:
                # what was not judged meanwhile is from now on: a camera that is still off, a page in the background
                self._effects.report_state(room, student)

    def _note(self, room: LiveRoom, row: ActionRow, step: str, by: str) -> None:
        student = room.students[row.participant_id]
        facts = {"verb": row.verb, "reason": row.reason, "minutes": row.minutes, "by": by}
        self._event_log.note(f"action-{step}", room=room.code, student=student.name, **facts)
        self._effects.journal(room.id, "action", {"action": row.id, "step": step, **facts}, row.participant_id)

    def _tell(self, room: LiveRoom, actions: Collection[str]) -> list[ActionView]:
        views = [view for view in self._views(room) if view["id"] in actions]
        self._broadcaster.to_teachers(room, "actions", {"actions": views})
        return views

    def _views(self, room: LiveRoom) -> list[ActionView]:
        with self._database.read() as session:
            rows = actions_of(session, room.id)
            steps = action_steps_of(session, [row.id for row in rows])
        return [action_view(row, [one for one in steps if one.action_id == row.id]) for row in rows]

    def _welcome(self, room: LiveRoom, link: TeacherLink) -> None:
        self._broadcaster.to_sid(TEACHER, link.sid, "actions", {"actions": self._views(room)[-MOST_TOLD:]})

    def _tell_student(self, room: LiveRoom, participant: Student) -> None:
        self._tell_students(room, [participant])

    def _tell_students(self, room: LiveRoom, students: Sequence[Student]) -> None:
        with self._database.read() as session:
            rows = actions_of(session, room.id, [one.id for one in students])
            steps = action_steps_of(session, [row.id for row in rows])
        for student in students:
            news = news_view([row for row in rows if row.participant_id == student.id], steps, student.standing)
            told = {"standing": own_standing_view(student), "news": news}
            self._broadcaster.to_participant(student, "standing", told)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)


def _student(room: LiveRoom, participant: str) -> Student:
    student = room.students.get(participant)
    if student is None:
        raise UserError("unknown_participant", "This person is not in the room.")
    return student
