"""Students and their participants: coming, going and being admitted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from core.errors import NotAllowed, UserError
from core.types import ObservationKind
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.live.phone_health import refuse_unready
from rooms.live.room_loader import student_of_row
from rooms.live.views import message_view, participant_view, room_view
from rooms.participants.connections import ParticipantConnections
from rooms.participants.phone_status import PhoneStatus
from rooms.participants.reports import ParticipantReports
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol.join_guard import room_full
from rooms.protocol.outgoing import StudentWelcome
from rooms.protocol.tickets import Ticket
from rooms.setup.participant_records import count_arrived, note_arrival, set_participant_state
from rooms.setup.states import ParticipantState, RoomState
from store.messages import messages_for_student
from store.rooms import ParticipantRow


class Admission:
    """Keeps participants in step between the database, the live directory, detection and the people who look on."""

    def __init__(
        self,
        context: RoomContext,
        teacher_sessions: TeacherSessions,
        connections: ParticipantConnections,
        phone_status: PhoneStatus,
        reports: ParticipantReports,
    ) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._teacher_sessions = teacher_sessions
        self._connections = connections
        self._phone_status = phone_status
        self._reports = reports
        self._event_log = context.event_log
        self._clock = context.clock
        self._limits = context.limits
        self._signals = context.signals.students

    def participant_taken(self, row: ParticipantRow) -> None:
        """Keep a place for a new participant; teachers see it, and the log tells it, when somebody comes to it."""
        if self._directory.room(row.room_id) is not None:
            self._directory.add_student(student_of_row(row))

    def participants_dropped(self, room_id: str, participants: Sequence[str]) -> None:
        """Forget participants that were given up because nobody came to them."""
        room = self._directory.room(room_id)
        for participant_id in participants:
            participant = room.students.get(participant_id) if room else None
            if room is not None and participant is not None:
                self._directory.drop(participant)
                self._signals.left.send(room, participant=participant)

    def arrive(self, ticket: Ticket, sid: str, origin: str = "") -> tuple[LiveRoom, Student]:
        """Let a connection hold its participant; the connection that held it before is told and closed.

        `origin` is the address at which the student's browser found us.

        Raises:
            NotAllowed: `room_ended`, `removed`, `left` or `ticket_invalid`.
            Busy: `room_full` for somebody who comes for the first time when all places are taken.
        """
        room = self._directory.room(ticket.room)
        if room is None or room.state == RoomState.ENDED:
            raise NotAllowed("room_ended", "This room has ended.")
        participant = room.students.get(ticket.who)
        if participant is None:
            raise _no_participant()
        _refuse_gone(participant)
        if not participant.presence.was_online:
            self._come(room, participant)
        event = "reconnect" if participant.presence.was_online else "connect"
        took_over = self._connections.hold(room, participant, sid, origin)
        if self._connections.may_note(participant):
            self._event_log.note(event, room=room.code, student=participant.name, took_over=took_over)
        return room, participant

    def _come(self, room: LiveRoom, participant: Student) -> None:
        """Take a place in the room for good: before, a participant is no more than a wish."""
        with self._database.session() as session:
            if count_arrived(session, room.id) >= min(room.settings.max_students, self._limits.participants):
                raise room_full()
            if not note_arrival(session, participant.id, datetime.fromtimestamp(self._clock.now(), UTC)):
                raise _no_participant()
        self._event_log.note("join", room=room.code, student=participant.name, participant=participant.id)

    def welcome(self, room: LiveRoom, participant: Student) -> None:
        """Send a student all that the page shows and what to send; tell the teachers and the judge."""
        self._signals.joined.send(room, participant=participant)
        with self._database.read() as session:
            messages = [message_view(m) for m in messages_for_student(session, room.id, participant.id).messages]
        told: StudentWelcome = {
            "participant": participant_view(room, participant),
            "room": room_view(room),
            "capture": {"fps": 0, "width": 320, "quality": 0.5, "thumbnails": 0},
            "exam": exam_for(room, participant),
            "messages": messages,
            "notices": self._teacher_sessions.notices,
            "sound": sound_for(room),
            "place": room.settings.place is not None,
            "server_time": int(self._clock.now() * 1000),
        }
        self._broadcaster.to_participant(participant, "welcome", told)
        self._phone_status.tell_student(room, participant)
        self._teacher_sessions.begin_participant(room, participant)
        self._broadcaster.participant_changed(room, participant)
        self._reports.observe(room, participant, ObservationKind.CONNECTION, {"online": True})

    def gone(self, sid: str) -> None:
        """Mark a student offline whose connection ended."""
        participant = self._connections.release(sid)
        room = self._directory.room(participant.room) if participant else None
        if not isinstance(participant, Student) or room is None:
            return
        if self._connections.may_note(participant):
            self._event_log.note("disconnect", room=room.code, student=participant.name)
        self._broadcaster.participant_changed(room, participant)
        if participant.state not in (ParticipantState.LEFT, ParticipantState.REMOVED):
            self._reports.observe(room, participant, ObservationKind.CONNECTION, {"online": False})
        self._signals.disconnected.send(room, participant=participant)

    def ready(self, participant: Student) -> str:
        """Let a student who passed the system check in, or to the waiting room; return the new state.

        Raises:
            UserError: `phones_missing` while a phone that the room needs is not there or not well.
        """
        room = self._room(participant)
        if participant.state == ParticipantState.CHECKING:
            refuse_unready(room, participant)
            wanted = ParticipantState.WAITING if room.settings.admit_by_hand else ParticipantState.ADMITTED
            self._move(room, participant, wanted)
        return str(participant.state)

    def admit(self, room: LiveRoom, participant_id: str, admit: bool, by: str) -> None:
        """Let a waiting student in, or refuse; UserError `unknown_participant` or `bad_move`."""
        participant = _participant(room, participant_id)
        self._move(room, participant, ParticipantState.ADMITTED if admit else ParticipantState.REFUSED)
        self._event_log.note("admit" if admit else "refuse", room=room.code, student=participant.name, by=by)

    def remove(self, room: LiveRoom, participant_id: str, by: str) -> None:
        """Send a student out of the room for good; UserError `unknown_participant` or `bad_move`."""
        participant = _participant(room, participant_id)
        self._event_log.note("remove", room=room.code, student=participant.name, by=by)
        self._move(room, participant, ParticipantState.REMOVED)
        self._signals.removed.send(room, participant=participant)

    def leave(self, participant: Student) -> None:
        """Let a student leave for good."""
        room = self._room(participant)
        self._event_log.note("leave", room=room.code, student=participant.name)
        self._move(room, participant, ParticipantState.LEFT)
        self._signals.left.send(room, participant=participant)

    def _move(self, room: LiveRoom, participant: Student, state: ParticipantState) -> None:
        with self._database.session() as session:
            row = set_participant_state(
                session, participant.id, str(state), datetime.fromtimestamp(self._clock.now(), UTC)
            )
        participant.admission.state = row.state
        self._broadcaster.to_participant(participant, "admission", {"state": participant.state})
        if participant.state == ParticipantState.ADMITTED and room.state == RoomState.RUNNING:
            self._broadcaster.to_participant(
                participant, "room", {"room": room_view(room), "exam": exam_for(room, participant)}
            )
            self._reports.report_state(room, participant)
        self._signals.admission_changed.send(room, participant=participant)
        self._teacher_sessions.refresh_participant(room, participant)
        self._broadcaster.participant_changed(room, participant)

    def _room(self, participant: Student) -> LiveRoom:
        room = self._directory.room(participant.room)
        if room is None:
            raise UserError("room_ended", "This room has ended.")
        return room


def sound_for(room: LiveRoom) -> dict[str, bool]:
    """Return what a room does with sound, for the student's page."""
    kept = room.settings
    on = kept.sound
    return {
        "on": on,
        "transcribe": on and kept.transcribe,
        "listening": on and kept.listening,
        "keep": on and kept.keep_sound,
    }


def exam_for(room: LiveRoom, participant: Student) -> dict[str, Any] | None:
    """Return the exam paper for an admitted student while the room runs, and nothing at any other time."""
    shown = room.state == RoomState.RUNNING and participant.state == ParticipantState.ADMITTED
    return (room.exam or {"kind": "none"}) if shown else None


def _participant(room: LiveRoom, participant_id: str) -> Student:
    participant = room.students.get(participant_id)
    if participant is None:
        raise UserError("unknown_participant", "This person is not in the room.")
    return participant


def _no_participant() -> NotAllowed:
    return NotAllowed("ticket_invalid", "This page is no longer valid. Please join again.")


def _refuse_gone(participant: Student) -> None:
    if participant.state == ParticipantState.REMOVED:
        raise NotAllowed("removed", "Your teacher has taken you out of this room.")
    if participant.state == ParticipantState.LEFT:
        raise NotAllowed("left", "You have left this room for good.")
