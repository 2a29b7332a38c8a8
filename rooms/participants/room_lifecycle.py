"""The life of live rooms: taken up at start, started, paused, ended, and everybody told."""

from datetime import UTC, datetime
from typing import Any

from core.errors import UserError
from core.ports import Monitor
from core.rule_catalogue import RuleCatalogue
from rooms.alerts.alert_service import alert_of
from rooms.alerts.effective_rules import effective_view, judge_rules
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.live.room_loader import live_room, load_room
from rooms.live.views import room_view
from rooms.participants.admission import exam_for
from rooms.participants.pairing import Pairing
from rooms.participants.phone_status import PhoneStatus
from rooms.participants.reports import ParticipantReports
from rooms.participants.teacher_sessions import TeacherSessions
from rooms.protocol.events import STUDENT
from rooms.protocol.socket_rooms import devices_of
from rooms.setup.room_records import change_state, exam_view
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import ParticipantState, RoomState
from store.alerts import AlertRow, end_open_alerts, open_alerts
from store.rooms import Room, live_rooms


class RoomLifecycle:
    """Moves rooms through their states, from the page's buttons and from the live view alike."""

    def __init__(
        self,
        context: RoomContext,
        teacher_sessions: TeacherSessions,
        reports: ParticipantReports,
        phone_status: PhoneStatus,
        pairing: Pairing,
        monitor: Monitor,
        catalogue: RuleCatalogue,
    ) -> None:
        self._database = context.database
        self._directory = context.directory
        self._broadcaster = context.broadcaster
        self._teacher_sessions = teacher_sessions
        self._reports = reports
        self._phone_status = phone_status
        self._pairing = pairing
        self._monitor = monitor
        self._event_log = context.event_log
        self._clock = context.clock
        self._catalogue = catalogue
        self._closed = context.signals.closed

    def restore(self) -> None:
        """Take up every room that had not ended when the server stopped, and whoever was in it."""
        with self._database.read() as session:
            ids = [room.id for room in live_rooms(session)]
        for room_id in ids:
            room = load_room(self._database, self._directory, room_id)
            if room is not None:
                self._take_up_alerts(room)
                self._watch(room)
                self._event_log.note("room-restored", room=room.code, state=room.state, participants=len(room.students))

    def _take_up_alerts(self, room: LiveRoom) -> None:
        """Go on with the absences of those who were out of reach when the server stopped; all other alerts are over."""
        with self._database.session() as session:
            unended = [alert_of(row) for row in open_alerts(session, room.id) if _is_seated(room, row)]
            going_on = [alert.id for alert in unended if self._monitor.take_up(alert)]
            end_open_alerts(session, room.id, self._now(), but=going_on)

    def room_created(self, row: Room, by: str) -> LiveRoom:
        """Take a new room up."""
        self._event_log.note("room-created", room=row.code, title=row.title, by=by)
        return self._directory.add_room(live_room(row))

    def room_changed(self, row: Room) -> None:
        """Apply new settings, title or paper to a room that may be running."""
        room = self._directory.room(row.id)
        if room is None:
            return
        room.title, room.exam = row.title, exam_view(row)
        room.settings = RoomSettings.from_json(row.settings)
        self.watch_again(room)
        self._pairing.keep_to_settings(room)
        self._phone_status.settings_changed(room)
        self._tell(room)

    def is_anybody_in(self, room_id: str) -> bool:
        """Say whether a student of the room is connected."""
        room = self._directory.room(room_id)
        return room is not None and any(participant.online for participant in list(room.students.values()))

    def end_forgotten(self, room_id: str, at: datetime) -> None:
        """End a room that nobody ended, as of the time when something last happened in it."""
        if self._directory.room(room_id) is not None:
            self.set_state(room_id, RoomState.ENDED, "nobody", at)

    def set_state(self, room_id: str, state: str, by: str, at: datetime | None = None) -> LiveRoom:
        """Start, pause, continue or end a room, now or as of `at`; UserError `room_ended` or `bad_move`."""
        room = self._directory.room(room_id)
        if room is None:
            raise UserError("room_ended", "This room has ended.")
        with self._database.session() as session:
            row = change_state(session, room_id, state, at or self._now())
        room.state, room.started_at, room.ended_at = row.state, row.started_at, row.ended_at
        self._event_log.note(f"room-{room.state}", room=room.code, title=room.title, by=by)
        self._watch(room)
        self._tell(room)
        self._teacher_sessions.refresh(room)
        if room.state == RoomState.ENDED:
            self._close(room)
        return room

    def watch_again(self, room: LiveRoom) -> None:
        """Apply a room's rules after they changed."""
        if room.state == RoomState.RUNNING:
            self._monitor.watch_room(room.id, *judge_rules(room, self._catalogue))

    def rules_of(self, room: LiveRoom, participant_id: str, person: int) -> dict[str, Any]:
        """Return what applies to a student, as a teacher may see it; UserError `unknown_participant`."""
        participant = room.students.get(participant_id)
        if participant is None:
            raise UserError("unknown_participant", "This person is not in the room.")
        return effective_view(room, participant, person, self._catalogue)

    def _watch(self, room: LiveRoom) -> None:
        if room.state != RoomState.RUNNING:
            self._monitor.unwatch_room(room.id)
            return
        self._monitor.watch_room(room.id, *judge_rules(room, self._catalogue))
        for participant in list(room.students.values()):
            if participant.state == ParticipantState.ADMITTED:
                self._reports.report_state(room, participant)

    def _tell(self, room: LiveRoom) -> None:
        told = room_view(room)
        self._broadcaster.to_teachers(room, "room", {"room": told})
        for exam, participants in _by_exam(room):
            devices = [devices_of(participant.id) for participant in participants]
            self._broadcaster.to_rooms(devices, "room", {"room": told, "exam": exam})
        self._phone_status.room_changed(room)

    def _close(self, room: LiveRoom) -> None:
        self._closed.send(room)
        for participant in list(room.students.values()):
            if participant.sid is not None:
                self._broadcaster.disconnect(STUDENT, participant.sid)
        # Teachers stay as long as they like: alerts are still to be weighed. Nobody else needs the room in memory.
        if not room.teachers:
            self._directory.drop_room(room.id)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)


def _by_exam(room: LiveRoom) -> list[tuple[dict[str, Any] | None, list[Student]]]:
    """Return the students of a room by the paper that each may see now, so that each paper is encoded once."""
    groups: list[tuple[dict[str, Any] | None, list[Student]]] = []
    for participant in list(room.students.values()):
        exam = exam_for(room, participant)
        members = next((members for shown, members in groups if shown == exam), None)
        if members is None:
            groups.append((exam, [participant]))
        else:
            members.append(participant)
    return groups


def _is_seated(room: LiveRoom, row: AlertRow) -> bool:
    participant = room.students.get(row.participant_id)
    return participant is not None and participant.state == ParticipantState.ADMITTED
